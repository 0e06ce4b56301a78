"""Amounts, dates and codes: only what billing answered."""

import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from bot.billing import boleto, pix
from bot.rehearsal.rules.case import Case, Found, excerpt, is_code, rule, words_of
from bot.rehearsal.values import NO_YEAR, amount_of, amounts_in, days_in

_NUMBER = re.compile(r"\d{1,3}(?:\.\d{3})+(?:,\d\d)?|\d+(?:,\d\d)?")


@rule("Todo valor em reais vem de uma resposta da cobrança")
def amounts_come_from_billing(case: Case) -> Found:
    """An amount the person named may be repeated to them."""
    for number, bubble in case.bubbles:
        known = {amount for a in case.answers_before(bubble.at) for amount in a.amounts}
        for amount in amounts_in(words_of(bubble)) - known - _said(case, number):
            yield number, excerpt(bubble.text), f"R$ {amount} não está em nenhuma resposta"


def _said(case: Case, until: int) -> set[Decimal]:
    return {amount_of(found) for found in _NUMBER.findall(_all_said(case, until))}


def _all_said(case: Case, until: int) -> str:
    return " ".join(text for e in case.exchanges[: until + 1] for text in e.texts)


@rule("Toda data vem de uma resposta da cobrança ou foi dita pela pessoa")
def dates_come_from_billing(case: Case) -> Found:
    """A day the person named may be repeated as a date."""
    for number, bubble in case.bubbles:
        known = {day for a in case.answers_before(bubble.at) for day in a.days}
        for day in days_in(bubble.text):
            is_known = any(is_same_day(day, other) for other in known)
            if not is_known and not re.search(rf"\b{day.day}\b", _all_said(case, number)):
                yield number, excerpt(bubble.text), f"{day:%d/%m} não está em nenhuma resposta"


def is_same_day(written: date, known: date) -> bool:
    """Whether a written date, with a year or without one, is `known`."""
    same = (written.day, written.month) == (known.day, known.month)
    return same and written.year in (known.year, NO_YEAR)


@rule("Códigos de boleto e Pix válidos, e do valor dito")
def codes_are_right(case: Case) -> Found:
    """What is copied charges exactly what was said."""
    for number, exchange in enumerate(case.exchanges):
        told = {amount for bubble in exchange.bubbles for amount in amounts_in(bubble.text)}
        for bubble in filter(is_code, exchange.bubbles):
            amount = _amount_of_code(bubble.text.strip())
            if amount not in told:
                yield number, excerpt(bubble.text), f"código de {amount}, ditos {sorted(told)}"


def _amount_of_code(code: str) -> Decimal | None:
    try:
        return boleto.parse(code).amount if code.isdigit() else pix.parse(code).amount
    except ValueError:
        return None


@rule("Dívida prescrita não é cobrada (CC 206 §5 I)")
def prescribed_is_not_collected(case: Case) -> Found:
    """Nothing older than five years is named."""
    prescribed = case.conversation.debtor.prescribed_amounts
    for number, bubble in case.bubbles:
        for amount in amounts_in(bubble.text) & prescribed:
            yield number, excerpt(bubble.text), f"R$ {amount} está prescrita"


@rule("Valor original, multa e juros de cada conta antes da primeira proposta (leis de SP, RJ, PR)")
def itemised_before_offers(case: Case) -> Found:
    """Whoever is offered a plan has been told what it is made of."""
    told: set[Decimal] = set()
    words = ""
    for number, bubble in case.bubbles:
        told |= amounts_in(bubble.text)
        words += bubble.text.lower()
        if _offered(case, bubble.at) & amounts_in(words_of(bubble)):
            missing = _itemised(case, bubble.at) - told
            if missing or not all(word in words for word in ("original", "multa", "juros")):
                amounts = ", ".join(map(str, sorted(missing)))
                yield number, excerpt(bubble.text), f"proposta sem ter detalhado {amounts}"
            return


def _offered(case: Case, at: float) -> set[Decimal]:
    """Totals of offers that are not also the total of what is owed."""
    offered = {Decimal(each["total"]) for each in _items(case, at, "offers")}
    return offered - {Decimal(debt["total"]) for debt in _items(case, at, "debts")}


def _itemised(case: Case, at: float) -> set[Decimal]:
    parts = ("original", "multa", "juros")
    return {Decimal(debt[part]) for debt in _items(case, at, "debts") for part in parts}


def _items(case: Case, at: float, name: str) -> Iterator[dict[str, str]]:
    """The items of every answer to `…/name`, itself and its items named alike."""
    for answer in case.answers_before(at):
        if answer.path.split("?")[0].endswith(f"/{name}") and isinstance(answer.told, dict):
            yield from answer.told.get(name) or []
