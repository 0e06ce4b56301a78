"""Numbers that are none of the values we look for: phones, hours, addresses, codes, ages."""

import re

_MONEY = r"(?! ?(?:reais|real|contos?|pilas?|paus?|mil|x|vezes|parcelas?)(?![a-z])| de [0-9])"
_WHOLE = r"(?![0-9]|[.,][0-9])"
_LABELS = (
    "rua|avenida|av|casa|ap|apto|apartamento|lote|quadra|qd|bloco|km|br|cep|protocolo"
    "|contrato|pedido|codigo|nota|linha|loja|sala|andar|ddd|artigo|lei|agencia|conta corrente"
    "|telefone|fone|zap|whats|whatsapp|celular|cel|tel"
)

CODES = re.compile(
    # A linha digitável, a card or a contract, in one piece or in groups.
    r"(?<![0-9])[0-9](?:[ .\-]{0,2}[0-9]){15,59}(?![0-9])"
    r"|(?<![0-9])[0-9]{2}\.?[0-9]{3}\.?[0-9]{3}/[0-9]{4}-?[0-9]{2}(?![0-9])"  # CNPJ
    r"|(?<![0-9])[0-9]{5}-[0-9]{3}(?![0-9])"  # CEP
)
CPFS = re.compile(
    r"(?<![0-9])[0-9]{3}[. ][0-9]{3}[. ][0-9]{3}[- /.]?[0-9]{2}(?![0-9])"
    r"|(?<![a-z])(?:cpf|rg)(?: e|:|\.| n| no| numero| comeca com| com)* ?[0-9][0-9.\-]*"
    # Any long run of digits: CPF, phone, contract, date in one piece.
    rf"|(?<![0-9.,])[0-9]{{8,}}{_WHOLE}{_MONEY}"
)
PHONES = re.compile(
    r"(?<![0-9])0[0-9]00[ -]?[0-9]{3}[ -]?[0-9]{4}(?![0-9])"
    r"|(?<![0-9])(?:\+? ?55 ?)?\(? ?0?[1-9][0-9] ?\)?[ -]?9?[ .]?[0-9]{4}[- .]?[0-9]{4}(?![0-9])"
    r"|(?<![0-9])9?[ .]?[0-9]{4}-[0-9]{4}(?![0-9])"
    r"|\+ ?55[ 0-9()\-]{10,16}|\( ?[1-9][0-9] ?\) ?[0-9]{8,9}(?![0-9])"
)
HOURS = re.compile(
    r"(?<![0-9])[0-9]{1,2} ?: ?[0-9]{2}(?![0-9])"
    r"|(?<![0-9.,])(?:[0-9]{1,2}/)?[0-9]{1,2} ?(?:h(?:s|rs?|oras?)?|min(?:utos?)?)(?![a-z])"
    r"(?:[0-9]{2})?"
    rf"|(?<![a-z])(?:as|das|ate as) [0-9]{{1,2}}{_WHOLE}{_MONEY}|(?<![a-z])meio dia(?![a-z])"
    r"|(?<![0-9.,])[0-9]{1,2} d[ae] (?:tarde|manha|noite|madrugada)"
)
PLACES_AND_AGES = re.compile(
    # One part of several ("parcela 3/12"), then what a label names, then an age.
    rf"(?<![a-z])(?:parcelas?|prestacao) (?:no |numero )?[0-9]{{1,2}}(?:/| de )[0-9]{{1,2}}{_WHOLE}"
    rf"|(?<![a-z])(?:{_LABELS})(?: e|:|\.|,| n| no| numero| do| com)* ?[0-9][0-9.\-]*"
    r"|(?<![0-9.,])(?<!em )(?<!em ate )[0-9]{1,3} anos?(?![a-z])"
    # An address: "moro na 15 de novembro, 200".
    r"|(?<![a-z])(?:mor[oa]|moramos|resido|endereco)(?: [a-z]+){0,5}[ ,]+[0-9]+(?: de [a-z]+)?"
    r"(?:, ?[0-9]{1,5}(?! ?(?:reais|por mes)))?"
    r"|(?<![a-z0-9])(?:de )?[0-9]{1,2} em [0-9]{1,2} (?:dias|horas|semanas|meses)"  # how often
)

OTHER_NUMBERS = (CODES, PHONES, CPFS, HOURS, PLACES_AND_AGES)


def without(text: str, *patterns: re.Pattern[str]) -> str:
    """Blank out what `patterns` match in `text`; every other character keeps its place."""
    for pattern in patterns:
        text = pattern.sub(lambda match: " " * len(match[0]), text)
    return text
