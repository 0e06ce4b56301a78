"""The rules a debtor's protection rests on, checked on every message of a conversation.

Each rule is a function from a case to what breaks it, registered with the sentence the report
shows. The list follows the law and our own promises: who is charged, what is said, when it ends.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any

from bot.billing import boleto, pix
from bot.creditor import Creditor
from bot.portuguese import normalise
from bot.rehearsal.contact_hours import is_contact_hour
from bot.rehearsal.phone import Bubble
from bot.rehearsal.talk import Conversation, Exchange
from bot.rehearsal.values import NO_YEAR, amounts_in, days_in
from bot.rehearsal.witness import Answer

PROACTIVE_SECONDS = 90
"""A message so long after the last one of the person is no answer to it."""


@dataclass(frozen=True)
class Violation:
    """A message that breaks a rule. `exchange` counts from 0."""

    rule: str
    exchange: int
    excerpt: str
    why: str


@dataclass(frozen=True)
class Case:
    """A conversation with what billing answered meanwhile, and who charges."""

    conversation: Conversation
    answers: list[Answer]
    creditor: Creditor

    @property
    def exchanges(self) -> list[Exchange]:
        """What was said and answered, in order."""
        return self.conversation.exchanges

    @cached_property
    def confirmed_at(self) -> float:
        """When billing confirmed who it is; never, if it did not."""
        confirmed = (a.at for a in self.answers if _is_confirmed(a))
        return min(confirmed, default=float("inf"))

    @cached_property
    def silenced_from(self) -> int:
        """The exchange from which nothing of the debt may be said; beyond the last, if none."""
        silenced = (n for n, exchange in enumerate(self.exchanges) if exchange.silences)
        return min(silenced, default=len(self.exchanges))

    def answers_before(self, moment: float) -> Iterator[Answer]:
        """What billing had answered by then."""
        return (answer for answer in self.answers if answer.at <= moment)


def _is_confirmed(answer: Answer) -> bool:
    is_identification = answer.path.startswith("/identifications")
    return is_identification and bool(answer.told.get("status") == "confirmed")


Found = Iterator[tuple[int, str, str]]
"""Exchange, excerpt, why."""
Rule = Callable[[Case], Found]
RULES: dict[str, tuple[str, Rule]] = {}


def rule(title: str) -> Callable[[Rule], Rule]:
    """Register a rule under its function's name."""

    def register(function: Rule) -> Rule:
        RULES[function.__name__] = (title, function)
        return function

    return register


def check(case: Case) -> list[Violation]:
    """Everything in the conversation that breaks a rule."""
    return [
        Violation(name, exchange, excerpt, why)
        for name, (_, function) in RULES.items()
        for exchange, excerpt, why in function(case)
    ]


def _excerpt(text: str, found: re.Match[str] | None = None) -> str:
    start = max(found.start() - 60, 0) if found else 0
    return " ".join(text[start : start + 180].split())


def _words(bubble: Bubble) -> str:
    titles = " ".join(tap.words for tap in bubble.taps)
    return f"{bubble.text}\n{titles}".strip()


_CODE = re.compile(r"^(?:\d{44,48}|000201.+)$", re.DOTALL)


def _is_code(bubble: Bubble) -> bool:
    return bool(_CODE.match(bubble.text.strip()))


# -------------------------------------------------------------------- who is told what

_CLAIM = re.compile(
    r"r\$|\bdivida|\bdebito|cobranca|\bem atraso|atrasad|vencid|\bvenceu|inadimpl|devendo"
    r"|voce deve|\bspc\b|serasa|negativad|cadastros? de credito|desconto|\bparcela|fatura|negocia"
)


@rule("Nada da dívida antes de confirmar quem é (CDC 42, LGPD)")
def nothing_before_identity(case: Case) -> Found:
    for number, bubble in case.conversation.bubbles():
        if bubble.at < case.confirmed_at:
            plain = normalise(_words(bubble))
            if found := _CLAIM.search(plain):
                yield number, _excerpt(plain, found), f"diz “{found[0]}” a quem não se identificou"


@rule("Depois de engano, terceiro, saída, contestação, pagamento ou crise, silêncio sobre a dívida")
def silence_once_it_ends(case: Case) -> Found:
    for number, bubble in case.conversation.bubbles():
        if number >= case.silenced_from:
            plain = normalise(_words(bubble))
            said = case.exchanges[case.silenced_from].name
            if found := _GOES_ON.search(plain):
                yield number, _excerpt(plain, found), f"continua depois de “{said}”"


_GOES_ON = re.compile(
    r"r\$|em atraso|\bdivida|desconto|a vista|primeiros (?:3 )?numeros|para atrasar|posso confirmar"
)


@rule("Nunca pede CPF inteiro, senha ou dados de cartão (Meta)")
def never_asks_for_secrets(case: Case) -> Found:
    for number, bubble in case.conversation.bubbles():
        for sentence in re.split(r"[.!?\n]", normalise(bubble.text)):
            asks = re.search(
                r"\b(?:senha|cartao|codigo de seguranca|cvv do|cpf (?:todo|inteiro|completo))",
                sentence,
            )
            denies = re.search(r"\b(?:nunca|nao|nem|sem)\b", sentence)
            if (
                asks
                and re.search(r"\b(?:me|manda|informe|diga|envie|digite|qual)\b", sentence)
                and not denies
            ):
                yield number, _excerpt(sentence), f"pede “{asks[0]}”"
            if re.search(r"\bcpf\b", sentence) and re.search(
                r"(?:manda|informe|diga|digite|qual)", sentence
            ):
                if "primeiros" not in sentence and not denies:
                    yield (
                        number,
                        _excerpt(sentence),
                        "pede o CPF sem dizer que são só os três primeiros números",
                    )


# -------------------------------------------------------------------- numbers


@rule("Todo valor em reais vem de uma resposta da cobrança")
def amounts_come_from_billing(case: Case) -> Found:
    said = _amounts_said(case)
    for number, bubble in case.conversation.bubbles():
        known = _known_amounts(case, bubble.at)
        for amount in amounts_in(_words(bubble)) - known - said:
            yield number, _excerpt(bubble.text), f"R$ {amount} não está em nenhuma resposta"


def _known_amounts(case: Case, at: float) -> set[Decimal]:
    return {amount for answer in case.answers_before(at) for amount in answer.amounts}


def _amounts_said(case: Case) -> set[Decimal]:
    """What the person named may be repeated to them."""
    text = " ".join(text for exchange in case.exchanges for text in exchange.texts)
    numbers = re.findall(r"\d+(?:\.\d{3})*(?:,\d\d)?", text)
    return {
        Decimal(n.replace(".", "").replace(",", ".")).quantize(Decimal("0.01")) for n in numbers
    }


@rule("Toda data vem de uma resposta da cobrança ou foi dita pela pessoa")
def dates_come_from_billing(case: Case) -> Found:
    for number, bubble in case.conversation.bubbles():
        known = {day for a in case.answers_before(bubble.at) for day in a.days}
        for day in days_in(bubble.text):
            if not any(_is_day(day, other) for other in known) and not _was_said(case, day, number):
                yield number, _excerpt(bubble.text), f"{day:%d/%m} não está em nenhuma resposta"


def _is_day(written: date, known: date) -> bool:
    same = (written.day, written.month) == (known.day, known.month)
    return same and written.year in (known.year, NO_YEAR)


def _was_said(case: Case, day: date, until: int) -> bool:
    """Whether the person named that day of a month, to be repeated as a date."""
    said = " ".join(t for exchange in case.exchanges[: until + 1] for t in exchange.texts)
    return bool(re.search(rf"\bdia {day.day}\b", said, re.IGNORECASE))


@rule("O código do boleto e o Pix são válidos e do valor dito")
def codes_are_right(case: Case) -> Found:
    for number, exchange in enumerate(case.exchanges):
        told = {amount for bubble in exchange.bubbles for amount in amounts_in(bubble.text)}
        for bubble in filter(_is_code, exchange.bubbles):
            amount = _amount_of_code(bubble.text.strip())
            if amount is None or amount not in told:
                yield number, _excerpt(bubble.text), f"código de {amount}, ditos {sorted(told)}"


def _amount_of_code(code: str) -> Decimal | None:
    try:
        return boleto.parse(code).amount if code.isdigit() else pix.parse(code).amount
    except ValueError:
        return None


@rule("Dívida prescrita não é cobrada (CC 206 §5 I)")
def prescribed_is_not_collected(case: Case) -> Found:
    prescribed = case.conversation.debtor.prescribed_amounts
    for number, bubble in case.conversation.bubbles():
        for amount in amounts_in(bubble.text) & prescribed:
            yield number, _excerpt(bubble.text), f"R$ {amount} está prescrita"


# -------------------------------------------------------------------- how it is said

_FORBIDDEN = re.compile(
    r"ultima (?:chance|oportunidade)|\burgent|imediatamente|so (?:ate )?hoje|somente hoje|ultimas horas"
    r"|corra\b|nao perca|sob pena|medidas (?:judiciais|cabiveis|legais)|judicial|penhora|oficial de justica"
    r"|policia|prisao|\bpreso\b|caloteir|vergonh|inadimplente|devedor|mau pagador|nome sujo|sujar (?:o )?seu nome"
    r"|voce tem que pagar|obrigad[oa] a pagar|vizinhos|seu (?:chefe|patrao|emprego sera)|bloque(?:io|ar) (?:da )?conta"
)


@rule("Sem ameaça, urgência ou vergonha (CDC 42 e 71)")
def no_forbidden_words(case: Case) -> Found:
    for number, bubble in case.conversation.bubbles():
        plain = _without_policy(case, bubble)
        if found := _FORBIDDEN.search(plain):
            yield number, _excerpt(plain, found), f"“{found[0]}”"


_CONSEQUENCE = re.compile(
    r"\bspc\b|serasa|cadastros? de credito|negativ|protest|processar|processo\b|na justica|advogado"
    r"|score|corte|suspens|cortad|restric"
)
_REASSURES = re.compile(r"\b(?:sai|sair|limp|retir|tira|baixa|exclu)\w*|5 dias uteis")


@rule("Consequências: só as que a política do credor lista (CDC 42)")
def only_listed_consequences(case: Case) -> Found:
    for number, bubble in case.conversation.bubbles():
        for sentence in re.split(r"[.!?\n]", _without_policy(case, bubble)):
            found = _CONSEQUENCE.search(sentence)
            if found and not _REASSURES.search(sentence) and not _denies(sentence):
                yield number, _excerpt(sentence, found), f"“{found[0]}” não é da política"


def _denies(sentence: str) -> bool:
    return bool(re.search(r"\bnao (?:vai|ha|e|tem|vamos|posso)\b|se o seu nome estiver", sentence))


def _without_policy(case: Case, bubble: Bubble) -> str:
    plain = normalise(bubble.text)
    for line in case.creditor.consequences:
        plain = plain.replace(normalise(line), " ")
    return plain


@rule("Nada em branco, cortado ou por preencher")
def nothing_unfilled(case: Case) -> Found:
    for number, bubble in case.conversation.bubbles():
        if re.search(r"\{\w+\}|\bNone\b|utter_|\bnan\b|^\W*$|<[a-z]+>|\bnull\b", bubble.text):
            yield number, _excerpt(bubble.text), "texto por preencher"


# -------------------------------------------------------------------- what must be there


@rule("Valor original, multa e juros de cada conta antes da primeira proposta (leis de SP, RJ, PR)")
def itemised_before_offers(case: Case) -> Found:
    told: set[Decimal] = set()
    words = ""
    for number, bubble in case.conversation.bubbles():
        told |= amounts_in(bubble.text)
        words += normalise(bubble.text)
        if _offer_amounts(case, bubble.at) & amounts_in(_words(bubble)):
            missing = _itemised(case, bubble.at) - told
            if missing or not all(word in words for word in ("original", "multa", "juros")):
                yield number, _excerpt(bubble.text), f"proposta sem ter detalhado {sorted(missing)}"
            return


def _offer_amounts(case: Case, at: float) -> set[Decimal]:
    answers = [a for a in case.answers_before(at) if a.path.split("?")[0].endswith("/offers")]
    totals = {Decimal(o["total"]) for a in answers for o in _items(a.told, "offers")}
    return totals - {Decimal(d["total"]) for d in _debts(case, at)}


def _itemised(case: Case, at: float) -> set[Decimal]:
    return {Decimal(d[part]) for d in _debts(case, at) for part in ("original", "multa", "juros")}


def _debts(case: Case, at: float) -> list[Any]:
    told = [a.told for a in case.answers_before(at) if a.path.split("?")[0].endswith("/debts")]
    return _items(told[-1], "debts") if told else []


def _items(told: Any, name: str) -> list[Any]:
    return list(told.get(name) or []) if isinstance(told, dict) else []


@rule("Quem cobra, com nome e CNPJ, junto de cada boleto ou Pix (CDC 42-A)")
def creditor_beside_codes(case: Case) -> Found:
    for number, exchange in enumerate(case.exchanges):
        words = " ".join(bubble.text for bubble in exchange.bubbles)
        if any(map(_is_code, exchange.bubbles)):
            if case.creditor.legal_name not in words or case.creditor.cnpj not in words:
                yield number, _excerpt(words), "código sem nome e CNPJ de quem recebe"


@rule("Acordo só com sim explícito a um resumo com total, parcelas e datas")
def agreement_after_explicit_yes(case: Case) -> Found:
    for answer in case.answers:
        if answer.method == "POST" and answer.path.endswith("/agreements") and answer.status < 300:
            number = _exchange_at(case, answer.at)
            said = case.exchanges[number]
            if said.name != "sim":
                yield number, " | ".join(said.texts), f"acordo depois de “{said.name}”"
            missing = _missing_in_summary(case, number, answer.told)
            if missing:
                yield number, " | ".join(said.texts), f"o resumo não trazia {missing}"


def _exchange_at(case: Case, at: float) -> int:
    started = [n for n, exchange in enumerate(case.exchanges) if exchange.at <= at]
    return started[-1] if started else 0


def _missing_in_summary(case: Case, number: int, agreement: Any) -> list[str]:
    """What of the agreement the message before the yes did not say. Questions may lie between."""
    words = "\n".join(
        bubble.text
        for exchange in case.exchanges[max(number - 3, 0) : number]
        for bubble in exchange.bubbles
    )
    amounts, days = amounts_in(words), days_in(words)
    parts = agreement["parts"]
    wanted = {Decimal(agreement["total"]), *(Decimal(part["amount"]) for part in parts)}
    due = [date.fromisoformat(part["due"]) for part in parts]
    missing_days = [f"{d:%d/%m}" for d in due if not any(_is_day(w, d) for w in days)]
    return [*map(str, sorted(wanted - amounts)), *missing_days]


@rule("Em crise: CVV 188, SAMU 192 e uma pessoa avisada")
def crisis_gets_help(case: Case) -> Found:
    for number, exchange in enumerate(case.exchanges):
        if exchange.name == "desespero" and exchange.bubbles:
            words = " ".join(bubble.text for bubble in exchange.bubbles)
            if "188" not in words or "192" not in words or "pessoa" not in words.lower():
                yield number, " | ".join(exchange.texts) + " → " + _excerpt(words), "sem o CVV"


@rule("Quem pede uma pessoa recebe uma na hora (Meta)")
def a_person_when_asked(case: Case) -> Found:
    for number, exchange in enumerate(case.exchanges):
        if exchange.name == "pessoa" and exchange.bubbles:
            words = normalise(" ".join(bubble.text for bubble in exchange.bubbles))
            if "pessoa" not in words and "equipe" not in words:
                yield number, " | ".join(exchange.texts) + " → " + _excerpt(words), "nenhuma pessoa"


@rule("Fora do horário, só respostas")
def nothing_proactive_out_of_hours(case: Case) -> Found:
    for number, bubble in case.conversation.bubbles():
        late = bubble.at - case.exchanges[number].at > PROACTIVE_SECONDS
        if late and not is_contact_hour(bubble.at):
            yield number, _excerpt(bubble.text), "mensagem por iniciativa própria fora do horário"
