"""Personal data that has a form: numbers, addresses, dates of birth, links. Pure.

Looked for in folded text (`fold`: lower case, no accents, each letter in its place), the surest
kinds first: what one rule took, a later one leaves alone.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from validate_docbr import CPF


class Kind(StrEnum):
    """What personal data is."""

    ACCOUNT = "account"
    ADDRESS = "address"
    BIRTH_DATE = "birth_date"
    BOLETO = "boleto"
    CARD = "card"
    CEP = "cep"
    CNPJ = "cnpj"
    CPF = "cpf"
    DOCUMENT = "document"
    """RG, CNH, PIS and the like."""
    EMAIL = "email"
    LINK = "link"
    NAME = "name"
    PHONE = "phone"
    PIX_CODE = "pix_code"
    """Pix copia e cola."""
    PIX_KEY = "pix_key"


@dataclass(frozen=True, order=True)
class Found:
    """`text[start:end]` is personal data."""

    start: int
    end: int
    kind: Kind


def fold(text: str) -> str:
    """`text` in lower case without accents, as long as it was."""
    return "".join(map(_fold, text))


def _fold(char: str) -> str:
    if char < "\x80":
        return char.lower()
    base = unicodedata.normalize("NFKD", char)[0].lower()
    return base if len(base) == 1 else char


def find(text: str, plain: str) -> Iterator[Found]:
    """What the rules find in `plain`, the folded `text`; some of it over another."""
    for kind, rule, *checks in RULES:
        for match in re.finditer(rule, plain):
            group = match.lastindex or 0
            start, end = match.span(group)
            if start < end and all(check(match, plain) for check in checks):
                yield Found(start, end, kind)
    for written in (_CAPITAL_STREET, _CITY):
        for match in written.finditer("" if is_shouted(text) else text):
            yield Found(*match.span(), Kind.ADDRESS)


def is_shouted(text: str) -> bool:
    """Whether capitals say nothing in `text`."""
    letters = [char for char in text if char.isalpha()]
    return len(letters) > 3 and sum(map(str.isupper, letters)) > 0.7 * len(letters)


def _says(match: re.Match[str], plain: str, words: str, before: int, after: int = 0) -> bool:
    around = plain[max(0, match.start() - before) : match.start()]
    return re.search(words, around + plain[match.end() : match.end() + after]) is not None


def _is_no_reference(match: re.Match[str], plain: str) -> bool:
    return not _says(match, plain, r"\b(?:protocolo|pedido|contrato|nota|nf)\b\D{0,12}$", 24)


def _is_cpf(match: re.Match[str], plain: str) -> bool:
    """Eleven digits are a CPF unless they are written, or begin, as a mobile phone does."""
    digits = re.sub(r"\D", "", match[0])
    if _says(match, plain, r"\bcpf\b", 25) or CPF().validate(digits):
        return True
    is_written_so = re.search(r"\d{3}[.]\d{3}[.]\d{3}|\d{3} \d{3} \d{3}|-\d\d$|/\d\d$", match[0])
    return bool(is_written_so) or not re.match(rf"{_AREA}9", digits)


def _asks_for_a_call(match: re.Match[str], plain: str) -> bool:
    return _says(match, plain, _CALL, 30, 20)


def _is_no_span_of_years(match: re.Match[str], _plain: str) -> bool:
    return not re.fullmatch(r"(?:19|20)\d\d\D(?:19|20)\d\d", match[0])


def _is_of_birth(match: re.Match[str], plain: str) -> bool:
    """A year long ago, or words of birth before it."""
    if _says(match, plain, r"\bnasc|aniversario|\bdn\b|\bsou de\b", 30, 14):
        return True
    year = re.search(r"\d+$|^\d{4}(?=-)", match[0])
    if year is None:
        return (
            re.search(r"(?:mil novecentos|(?:quarenta|(?:cinqu|sess|set|oit|nov)enta)\b)", match[0])
            is not None
        )
    number = int(year[0])
    return 1900 <= number <= 2010 if number >= 100 else number >= 30


def _has_token(match: re.Match[str], _plain: str) -> bool:
    """A link that leads to somebody's own page, not to a site's front door."""
    path = re.sub(r"^(?:https?://)?[^/?]+", "", match[0])
    is_own = re.search(r"(?:wa\.me|t\.me|instagram|facebook|bit\.ly|tinyurl)", match[0])
    return bool(re.search(r"[\d=?]|/[^/]{14,}", path)) or bool(is_own and len(path) > 2)


def _is_no_amount(match: re.Match[str], plain: str) -> bool:
    return not re.match(
        r"(?:[.,/]\d|\s*(?:reais|real|conto|x\b|vezes|parcela|%))", plain[match.end() :]
    )


def _names_a_bank(match: re.Match[str], plain: str) -> bool:
    return re.search(r"\bag(?:encia)?\b|\bbanco\b|deposit|transfer|\bpix\b", plain) is not None


_AREA = r"(?:00|1[1-9]|2[12478]|3[1-578]|4[1-9]|5[1345]|6[1-9]|7[134579]|8[1-9]|9[1-9])"
_AREA_APART = r"(?:00|[1-9]\s?\d)"
_CALL = (
    r"\b(?:tel|fone|telefone|cel|celular|zap|zapzap|whats|whatsapp|wpp|liga|ligar|ligue|numero|num"
    r"|contato|fixo|recado|chama|chamar)\b"
)
_GAP = r"[\s.\-]{0,2}"
_PREFIX = r"(?<![\d,/])(?:\+?55[\s.\-]*)?\(?(?:0(?:xx|\d\d\s)?\(?)?"
_UNIT = r"(?:zero|um|uma|dois|duas|tres|quatro|cinco|seis|meia|sete|oito|nove)"
_NUMBER = (
    rf"(?:{_UNIT}|onze|doze|treze|quatorze|catorze|quinze|dez\w*|vinte|trinta|quarenta|\w+enta)\b"
)
_THEN = r"(?:\s*[,.\-]\s*|\s+e\s+|\s+)"
_MONTH = (
    r"(?:janeiro|fevereiro|marco|abril|maio|junho|julho|agosto|setembro|outubro|novembro|dezembro)"
)
_DAY_WORDS = rf"(?:\d{{1,2}}[o\u00ba\u00b0]?|primeiro|{_NUMBER}(?: e {_UNIT})?)"
_YEAR_WORDS = (
    rf"(?:\d{{4}}|\d{{2}}\b|(?:mil(?: e)? novecentos|dois mil|{_NUMBER})(?: e {_NUMBER}){{0,2}})"
)
_DATE = r"\d{1,2}\s?[/.\-]\s?\d{1,2}\s?[/.\-]\s?(?:\d{4}|\d{2})"
_DOCUMENT = (
    r"(?:rg|r\.g\.?|registro geral|identidade|cnh|habilitacao|carteira de (?:motorista|trabalho)"
    r"|pis|pasep|nis|nit|titulo(?: de eleitor)?|passaporte|ctps|cartao (?:do )?sus)"
)

_STREET = (
    r"(?:rua|r\.|avenida|av\.?|travessa|tv\.|trav\.|alameda|al\.|praca|pca\.?|estrada|estr\.?"
    r"|rodovia|rod\.?|viela|beco|largo|ladeira|servidao)"
)
_NO_STREET = (
    r"(?!(?:agora|com|e|ha|faz|sem|mesmo|desde|por|pq|porque|hoje|nao|que|ja|aqui|tem|pago|reais"
    r"|minha|meu|amargura|onde|ate|quando|perto|de\s+baixo)\b)"
)
_STREET_WORD = rf"{_NO_STREET}[\w.\-]+"
_UNIT_OF_HOUSE = (
    r"(?:ap(?:to|artamento|t)?\.?|bl(?:oco)?\.?|casa|cs\.?|fundos|frente|lote|lt\.?|qd\.?|quadra"
    r"|sala|andar|conj(?:unto)?\.?|torre|loja)"
)
_COMPLEMENT = (
    rf"(?:\s*[,\-]?\s*{_UNIT_OF_HOUSE}(?:\s+(?:\d+\w?|[a-z])\b)?|\s*,\s*centro\b"
    r"|\s*[,\-]?\s*bairro(?:\s+(?:d[aeo]s?\s+)?[a-z]+){1,2})*"
)
_TITLE = (
    r"(?:sao|santa|santo|padre|professora?|prof\.?|doutora?|dra?\.?|dom|dona|coronel|cel\.?"
    r"|capitao|general|presidente|frei|nossa|senhora|barao|joao|jose|maria|antonio|pedro|vila"
    r"|jardim|getulio|duque)"
)
_STREET_NAME = (
    rf"(?:d[aeo]s?\s+)?(?:{_TITLE}\s+){{0,2}}(?:d[aeo]s?\s+)?(?!d[aeo]s?\b){_STREET_WORD}"
    rf"(?:\s+d[aeo]s?\s+{_STREET_WORD})?"
)
_LIVES = r"\b(?:mor[oaei]\w*|resid\w+|mudei|mudamos|mudou|endereco|entrega|fica|end)\b[^\d.]{0,20}?"
_CAPITAL_STREET = re.compile(
    r"\b(?:[Rr]ua|R\.|[Aa]v\.?|[Aa]venida|[Tt]ravessa|[Aa]lameda|[Pp]ra[cç]a|[Ee]strada|[Rr]odovia)"
    r"\s+(?:d[aeo]s?\s+)?[A-ZÀ-Ú][\wÀ-ú.\-]*(?:\s+(?:d[aeo]s?\s+|e\s+)?[A-ZÀ-Ú][\wÀ-ú.\-]*)*"
    r"(?:\s*,?\s*(?:n[º°o.]*\s*)?\d{1,5}\b)?"
)

_CITY = re.compile(
    r"\b(?!OAB|SSP|CRM|CREA|Procon|PROCON|TJ|Detran)[A-ZÀ-Ú][\wÀ-ú]+"
    r"(?: (?:d[aeo]s? )?[A-ZÀ-Ú][\wÀ-ú]+){0,3}"
    r" ?[-/] ?(?:A[CLMP]|BA|CE|DF|ES|GO|M[AGST]|P[ABEIR]|R[JNORS]|S[CEP]|TO)\b"
)

Check = Callable[[re.Match[str], str], bool]
RULES: tuple[tuple[Kind, str, *tuple[Check, ...]], ...] = (
    (Kind.PIX_CODE, r"000201[\s\S]{20,600}?6304[0-9a-f]{4}|000201\S{30,}"),
    (
        Kind.LINK,
        r"(?:https?://|www\.)[^\s]*[^\s.,;:!?)]|\b(?:[\w-]+\.)+(?:com|net|org|br|ly|me|gl|co|app)/[^\s]*[^\s.,;:!?)]",
        _has_token,
    ),
    (Kind.BOLETO, r"(?<!\d)\d(?:[ .\-]{0,3}\d){39,53}(?!\d)"),
    (
        Kind.EMAIL,
        r"(?<![\w.+\-])[\w.+\-]{1,64}(?:\s+(?:ponto|underline|traco)\s+[\w.+\-]+)*\s*[(\[]?\s*(?:@+|\barroba\b)\s*[)\]]?\s*[\w\-]+(?:(?:\s+ponto\s+|\.)[\w\-]+)*",
    ),
    (
        Kind.EMAIL,
        r"\b[\w.+\-]{2,64}\s+(?:arroba|@)\s+\w+(?:\s*(?:\.|\bponto\b)\s*(?:com|br|net|org)\b)*",
    ),
    (
        Kind.EMAIL,
        r"\b[\w.+\-]{3,64}\s?(?:gmail|hotmail|outlook|yahoo)\s?(?:\.|ponto)\s?com(?:\.br)?\b",
    ),
    (Kind.LINK, r"(?<![\w@])@[a-z_][\w.]{2,}"),
    (Kind.PIX_KEY, r"\b[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}\b"),
    (
        Kind.DOCUMENT,
        rf"\b{_DOCUMENT}(?=\W)[^\d\n]{{0,18}}?"
        r"((?:\b[a-z]{2}[\- ]?)?\d(?:[ .\-/]?\d){4,13}(?:-?x\b)?)",
    ),
    (Kind.DOCUMENT, r"(?<![\d.])\d{1,2}\.\d{3}\.\d{3}-[\dx]\b|\b[a-z]{2}-\d{1,2}\.\d{3}\.\d{3}\b"),
    (
        Kind.ACCOUNT,
        r"\bag(?:encia)?\b[\s.:n\u00ba\u00b0]{0,4}(\d{3,5}(?:-[\dx])?)\b",
        _is_no_amount,
    ),
    (
        Kind.ACCOUNT,
        r"\b(?:c/c|cc|c/p|conta|poupanca)\b(?:\s+(?:corrente|poupanca|digital|salario))?[\s.:e\u00ba\u00b0n]{0,5}((?:\d{3}\s)?\d{3,12}-[\dx])\b",
    ),
    (
        Kind.ACCOUNT,
        r"\b(?:c/c|cc|c/p|conta|poupanca)\b(?:\s+(?:corrente|poupanca|digital|salario))?[\s.:\u00ba\u00b0n]{0,4}(\d{5,12})\b",
        _names_a_bank,
        _is_no_amount,
    ),
    (Kind.CARD, r"(?<!\d)\d{4}(?:[ \-.]?\d{4}){3}(?!\d)|(?<!\d)\d{4}[ \-]?\d{6}[ \-]?\d{5}(?!\d)"),
    (Kind.CARD, r"\b(?:cvv|cvc|codigo de seguranca)\W{0,3}(\d{3,4})\b"),
    (Kind.CNPJ, r"(?<!\w)[a-z0-9]{2}\.[a-z0-9]{3}\.[a-z0-9]{3}/[a-z0-9]{4}-?\d{2}(?!\w)"),
    (Kind.CNPJ, r"(?<!\d)\d{2}[. ]?\d{3}[. ]?\d{3}[/ ]?\d{4}[\- ]?\d{2}(?!\d)"),
    (Kind.CNPJ, r"\bcnpj\b[^\d\n]{0,15}?\b((?=\w*\d\w*\d)[a-z0-9]{12}\d{2})\b"),
    (Kind.BIRTH_DATE, rf"(?<![\d/.]){_DATE}(?![\d/])", _is_of_birth),
    (Kind.BIRTH_DATE, r"(?<!\d)(?:19\d\d|200\d)-\d{2}-\d{2}(?!\d)"),
    (Kind.BIRTH_DATE, rf"\b{_DAY_WORDS}\s+de\s+{_MONTH}\s+d[eo]\s+{_YEAR_WORDS}", _is_of_birth),
    (
        Kind.BIRTH_DATE,
        r"(?:\bnasc\w*|aniversario|\bdn\b)[^\d\n]{0,14}(\d{8}|\d{6}|\d{1,2}\s\d{1,2}\s\d{2,4})(?!\d)",
    ),
    (
        Kind.CPF,
        r"(?<![\d.,])\d{3}[. ]?\d{3}[. ]?\d{3}[\-. /]{0,3}\d{2}(?!\d)",
        _is_cpf,
        _is_no_reference,
    ),
    (Kind.CPF, r"(?<!\d)\d(?:\s\d){10}(?!\d)", _is_cpf),
    (Kind.CPF, r"\bcpf\b[^\d\n]{0,22}(\d(?:[ .\-/]{0,2}\d){8,11})(?!\d)"),
    (Kind.CPF, r"(?<![\d.])\d{3}\.\d{3}\.\d{3}(?:-\d)?(?![\d.,])"),
    (Kind.CPF, rf"\bcpf\b.{{0,20}}?\b({_UNIT}(?:{_THEN}{_UNIT}){{10}})\b"),
    (Kind.CEP, r"(?<![\d.])\d{2}\.?\d{3}-\d{3}(?![\d\-])"),
    (Kind.CEP, r"\bcep\b[^\d\n]{0,22}(\d{2}[. ]?\d{3}[\- ]?\d{3})(?!\d)"),
    (Kind.PHONE, rf"{_PREFIX}{_AREA_APART}\)?[\s.\-]*9(?:{_GAP}\d){{8}}(?!\d)", _is_no_reference),
    (Kind.PHONE, rf"{_PREFIX}{_AREA}\)?[\s.\-]*[2-5]\d{{3}}{_GAP}\d{{4}}(?!\d)", _is_no_reference),
    (Kind.PHONE, r"(?<![\d,])9[\s.\-]?\d{4}[\s.\-]?\d{4}(?!\d)", _is_no_reference),
    (Kind.PHONE, r"(?<![\d,/.])[2-9]\d{3}-\d{4}(?!\d)", _is_no_span_of_years),
    (Kind.PHONE, r"(?<![\d,/.])[2-9]\d{3}\s?\d{4}(?!\d)", _asks_for_a_call),
    (
        Kind.PHONE,
        rf"{_CALL}[^\d\n]{{0,20}}(\d(?:[\s.\-()]{{0,2}}\d){{7,12}})(?!\d)",
        _is_no_reference,
    ),
    (Kind.PHONE, rf"\b{_NUMBER}(?:{_THEN}{_NUMBER}){{7,13}}\b"),
    (
        Kind.ADDRESS,
        rf"\b{_STREET}\s+(?:{_STREET_WORD}\s+){{0,5}}?{_STREET_WORD}\s*,?\s*(?:n[.\u00ba\u00b0o]*\s*|numero\s+|km\s+)?(?:\d{{1,5}}\b|\bs/?n\b|(?<=numero\s)(?:cento|duzentos|trezentos|mil|{_NUMBER})(?:\s+e\s+{_NUMBER}){{0,3}})(?:\s*,?\s*km\s+\d+)?{_COMPLEMENT}",
        _is_no_amount,
    ),
    (Kind.ADDRESS, rf"{_LIVES}\b({_STREET}\s+{_STREET_NAME}{_COMPLEMENT})"),
    (
        Kind.ADDRESS,
        rf"\b(?:quadra|qd\.?|sq[ns]|qn\w|conjunto|condominio|cond\.?|residencial|bloco|bl\.?|apto|ap|apartamento)\s+(?:[a-z]+\s+){{0,4}}?(?:\w+)?\s*[,\-]?(?:\s*[,\-]?\s*{_UNIT_OF_HOUSE}\s+(?:\d+\w?|[a-z])\b)+",
    ),
    (
        Kind.ADDRESS,
        r"\bbairro\s+(?:d[aeo]s?\s+)?((?:(?:vila|jardim|parque|sao|santa|santo|novo|nova|alto|cidade)\s+)?(?!(?:que|nao|e|onde|aqui|ta|todo|inteiro|novo|mesmo)\b)[a-z]{3,}(?:\s+(?:nova?|\d{1,2})\b)?)",
    ),
    (
        Kind.ADDRESS,
        r"\b(?:complemento|ponto de referencia)\s*(?::|e\b)?\s*"
        r"((?!que|nao|d[aeo]\b|no|na|pra|e\b)\w+[^.,;\n]{2,40})",
    ),
    (
        Kind.ADDRESS,
        rf"\b{_UNIT_OF_HOUSE}\s+\d{{1,4}}\w?\b(?:\s*,?\s*{_UNIT_OF_HOUSE}\s+\w{{1,4}}\b)*",
        _is_no_amount,
    ),
)
