"""What may not stand in words for debtors, each rule with the reason or the law behind it.

Trainers and managers read what is found, so names and reasons are in Portuguese. Pure.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from string import Formatter

from bot.whatsapp.content import BUTTON_TITLE

ALWAYS_KNOWN = frozenset(
    """
    name creditor legal_name beneficiary cnpj assistant phone official_whatsapp business_hours
    people_answer consequences gains
    """.split()  # noqa: SIM905
)
"""Fields that every response may have: `actions/base.py` fills them in."""

_MONTHS = "janeiro|fevereiro|março|abril|maio|junho|julho|agosto|setembro|outubro|novembro|dezembro"


@dataclass(frozen=True)
class Rule:
    """Something that may not be said, and why not."""

    name: str
    pattern: re.Pattern[str]
    source: str


def _rule(name: str, pattern: str, source: str) -> Rule:
    return Rule(name, re.compile(rf"(?i){pattern}"), source)


RULES = (
    _rule(
        "ameaça",
        r"\b(?:sob pena|penhora\w*|pol[ií]cia\w*|cadeia|pris[ãa]o|presos?|cart[óo]rio|protest\w+"
        r"|oficia(?:l|is) de justiça|ação judicial|ações judiciais|processo judicial|judicialmente"
        r"|process(?:ad[oa]s?|aremos|ar você)|acion(?:ar|aremos) (?:a|na) justiça"
        r"|medidas? (?:cabíve(?:l|is)|lega(?:l|is)|judicia(?:l|is))|bloque\w+ d\w+ (?:conta|bens)"
        r"|negativ(?:ar|aremos|ado|ada|ação)\w*|sofrer[áã]o?)\b",
        "CDC art. 42 e 71: cobrar com ameaça é proibido. Só se conta, como fato, o que o credor"
        " faz mesmo (consequences em policies/creditor.yml)",
    ),
    _rule(
        "urgência",
        r"\b(?:última (?:chance|oportunidade|vez)|últim[oa]s? (?:aviso|horas|dias)|urgent\w*"
        r"|urgência|imediatamente|pagamentos? imediatos?|agora ou nunca|só hoje|somente hoje"
        r"|prazo final|improrrogáve(?:l|is)|corra|aproveite|não perca|antes que seja tarde"
        r"|acaba (?:hoje|logo|em breve))\b",
        "CDC art. 42 e 39, IV: ninguém é apressado nem constrangido; prazos são os da política",
    ),
    _rule(
        "vergonha",
        r"\b(?:caloteir\w+|inadimplent\w+|inadimplência|devedor(?:a|es|as)?|mau pagador"
        r"|maus pagadores|vergonh\w+|nome suj\w+|suj(?:ar|ou|a) (?:o|seu) nome"
        r"|irresponsáve(?:l|is)|má[- ]fé|velhac\w+|golpista\w*|deveria ter pago)\b",
        "CDC art. 42: quem deve não é exposto ao ridículo",
    ),
    _rule(
        "imposição",
        r"\b(?:obrigad[oa]s? a pagar|(?:você|vc) (?:tem que|deve|precisa) pagar|exig(?:imos|ir)"
        r"|regulariz\w+|cobrança (?:final|extrajudicial)|quite já|pague (?:já|agora|logo))\b",
        "CDC art. 42: constrangimento; a decisão é da pessoa",
    ),
    _rule(
        "pedido de segredo",
        r"\b(?:informe|mande|envie|digite|diga|passe|confirme) (?:a |o |sua |seu )*"
        r"(?:senha|código de segurança|cvv|cart[ãa]o|cpf (?:completo|inteiro)|todo o cpf)\b",
        "Política da Meta para o WhatsApp: nunca pedir documento inteiro, senha ou cartão",
    ),
    _rule(
        "valor escrito à mão",
        r"R\$ ?\d|\b\d{1,3}(?:\.\d{3})*,\d\d\b|\b\d+ (?:reais|centavos)\b",
        "Todo valor vem do billing, por um {campo}",
    ),
    _rule(
        "porcentagem escrita à mão",
        r"\d ?%|\bpor cento\b",
        "Toda taxa e todo desconto vêm da política, por um {campo}",
    ),
    _rule(
        "data escrita à mão",
        rf"(?<![\d./])\d{{1,2}}/\d{{1,2}}(?:/\d{{2,4}})?(?![\d/])|\b\d{{1,2}}º? de (?:{_MONTHS})\b",
        "Toda data vem do billing, por um {campo}",
    ),
)


@dataclass(frozen=True)
class Fault:
    """What is wrong with words, and why."""

    name: str
    words: str
    source: str


def faults_of(text: str) -> Iterator[Fault]:
    """What of `text` may not be said to a debtor."""
    for rule in RULES:
        for match in rule.pattern.finditer(text):
            yield Fault(rule.name, match[0], rule.source)


def faults_of_response(name: str, variations: Sequence[str]) -> Iterator[Fault]:
    """What is wrong with a response as such, besides its words."""
    for check in _CHECKS:
        yield from check(name, variations)


def _too_few(name: str, variations: Sequence[str]) -> Iterator[Fault]:
    if name.startswith("utter_") and len(set(variations)) < 2:
        why = "Ninguém ouve a mesma frase duas vezes seguidas: escreva outra variação"
        yield Fault("uma só variação", name, why)


def _other_fields(name: str, variations: Sequence[str]) -> Iterator[Fault]:
    fields = [_fields(text) - ALWAYS_KNOWN for text in variations]
    for own in fields[1:]:
        if own != fields[0]:
            words = ", ".join(sorted(own ^ fields[0]))
            yield Fault("campos diferentes", words, "Cada variação diz os mesmos valores")


def _fields(text: str) -> frozenset[str]:
    return frozenset(field for _, field, _, _ in Formatter().parse(text) if field)


def _two_questions(name: str, variations: Sequence[str]) -> Iterator[Fault]:
    for text in variations:
        if text.count("?") > 1:
            yield Fault("duas perguntas", text, "Uma pergunta por vez")


def _long_title(name: str, variations: Sequence[str]) -> Iterator[Fault]:
    for text in variations:
        if name.startswith("title_") and "{" not in text and len(text) > BUTTON_TITLE:
            why = f"Um botão do WhatsApp mostra {BUTTON_TITLE} letras"
            yield Fault("botão comprido", text, why)


_CHECKS: tuple[Callable[[str, Sequence[str]], Iterator[Fault]], ...] = (
    _too_few, _other_fields, _two_questions, _long_title,
)  # fmt: skip
