"""Numbers that are none of the values we look for: phones, hours, addresses, codes, ages."""

import re

_UNIT = r"(?:reais|real|conto|pila|pau|mil)"
OTHER_NUMBERS = re.compile(
    # A linha digitável, a card or a contract number, in one piece or in groups.
    r"(?<![0-9])[0-9](?:[ .\-]{0,2}[0-9]){15,59}(?![0-9])"
    # CPF and CNPJ.
    r"|(?<![0-9])[0-9]{3}[. ][0-9]{3}[. ][0-9]{3}[- /.]?[0-9]{2}(?![0-9])"
    r"|(?<![0-9])[0-9]{2}\.?[0-9]{3}\.?[0-9]{3}/[0-9]{4}-?[0-9]{2}(?![0-9])"
    # Phones, with and without area code; CEP.
    r"|(?<![0-9])0[0-9]00[ -]?[0-9]{3}[ -]?[0-9]{4}(?![0-9])"
    r"|(?<![0-9])(?:\+? ?55 ?)?\(? ?0?[1-9][0-9] ?\)?[ -]?9?[ .]?[0-9]{4}[- .][0-9]{4}(?![0-9])"
    r"|(?<![0-9])9?[ .]?[0-9]{4}-[0-9]{4}(?![0-9])"
    r"|(?<![0-9])[0-9]{5}-[0-9]{3}(?![0-9])"
    # Any long run of digits: CPF, phone, contract, date in one piece.
    r"|(?<![0-9.,])[0-9]{8,}(?![0-9]|[.,][0-9])(?! ?" + _UNIT + r")"
    # Hours.
    r"|(?<![0-9])[0-9]{1,2} ?: ?[0-9]{2}(?![0-9])"
    r"|(?<![0-9.,])(?:[0-9]{1,2}/)?[0-9]{1,2} ?(?:h(?:s|rs?|oras?)?|min(?:utos?)?)(?![a-z])(?:[0-9]{2})?"
    r"|(?<![a-z])(?:as|das|ate as|meio) (?:[0-9]{1,2}|dia)(?![0-9]|[.,][0-9])(?! ?" + _UNIT + r")"
    r"|(?<![0-9.,])[0-9]{1,2} d[ae] (?:tarde|manha|noite|madrugada)"
    # One part of several ("parcela 3/12"), a place, a document, an age.
    r"|(?<![a-z])(?:parcelas?|prestacao) (?:n |no |numero )?[0-9]{1,2}(?:/| de )[0-9]{1,2}(?![0-9,.])"
    r"|(?<![a-z])(?:rua|avenida|av|casa|n|numero|apto?|apartamento|lote|lt|quadra|qd|bloco|bl|km|br"
    r"|cep|cpf|rg|final|protocolo|contrato|pedido|codigo|nota|linha|loja|sala|andar|ddd|artigo|lei"
    r"|agencia|conta corrente|cc|telefone|fone|fones|zap|whats|whatsapp|celular|cel|tel)"
    r"(?: e|:|\.|,| n| no| numero| do)* ?[0-9][0-9.\-]*"
    r"|(?<![0-9.,])[0-9]{1,3} anos?(?![a-z])"
)


def without(text: str, *patterns: re.Pattern[str]) -> str:
    """Blank out what `patterns` match in `text`; every other character keeps its place."""
    for pattern in patterns:
        text = pattern.sub(lambda match: " " * len(match[0]), text)
    return text
