"""Who plays a conversation: a persona with a name, a CPF, a phone, bills and a purse.

Everything is drawn from the seed; documents and phones are invented.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from random import Random

from bot.rehearsal.people import Cast, DebtKind, Persona

PRESCRIBED_DAYS = 5 * 366
_AREAS = ("11", "19", "21", "27", "31", "41", "47", "51", "61", "62", "71", "81", "85", "91", "92")
_CENT = Decimal("0.01")


@dataclass(frozen=True)
class Bill:
    description: str
    contract: str
    due: date
    amount: Decimal
    prescribed: bool = False


@dataclass(frozen=True)
class Debtor:
    """Whose phone it is. `number` is that of the conversation, from 1."""

    number: int
    persona: Persona
    name: str
    document: str
    phone: str
    bills: Sequence[Bill]

    @property
    def file_name(self) -> str:
        """Of the transcript."""
        return f"{self.number:03d}-{self.persona.name}.md"

    @property
    def collectable(self) -> Decimal:
        """The bills that may be collected, without late charges."""
        return sum((bill.amount for bill in self.bills if not bill.prescribed), Decimal(0))

    @property
    def prescribed_amounts(self) -> frozenset[Decimal]:
        """What the bot may not name."""
        return frozenset(bill.amount for bill in self.bills if bill.prescribed)


def chance_for(seed: int, *about: object) -> Random:
    """The dice of one matter: the same in every run of this seed."""
    return Random(":".join(map(str, (seed, *about))))


def cast_debtors(cast: Cast, seed: int, count: int, today: date) -> list[Debtor]:
    """Everybody who writes in a run: each persona as often as its weight says."""
    order = _order(cast, seed, count)
    return [_debtor(cast, seed, n, persona, today) for n, persona in enumerate(order, 1)]


def _order(cast: Cast, seed: int, count: int) -> list[Persona]:
    """Rounds over everybody, so that a short run meets each kind of person."""
    chance = chance_for(seed, "order")
    order: list[Persona] = []
    while len(order) < count:
        left = {persona.name: persona.weight for persona in cast.personas}
        while any(left.values()):
            here = [persona for persona in cast.personas if left[persona.name]]
            chance.shuffle(here)
            order += here
            left = {name: max(weight - 1, 0) for name, weight in left.items()}
    return order[:count]


def _debtor(cast: Cast, seed: int, number: int, persona: Persona, today: date) -> Debtor:
    chance = chance_for(seed, number, "who")
    document = _document((12, 14), chance) if persona.is_company else _document((9, 11), chance)
    company = chance.choice(cast.companies)
    person = f"{chance.choice(cast.first_names)} {chance.choice(cast.surnames)}"
    kind = cast.debts[chance.choice(persona.debts)]
    return Debtor(
        number=number,
        persona=persona,
        name=company if persona.is_company else person,
        document=document,
        phone=f"55{chance.choice(_AREAS)}98{seed % 100:02d}{number:05d}",
        bills=list(_bills(kind, f"LH-{number:05d}", chance, today)),
    )


def _bills(kind: DebtKind, contract: str, chance: Random, today: date) -> list[Bill]:
    count = chance.randint(*kind.bills)
    product = chance.choice(kind.products)
    first = chance.randint(1, 4)
    latest = chance.randint(kind.days_late[0], max(kind.days_late[1] - 30 * count, 10))
    amount = _amount(kind, chance)
    bills = [
        Bill(
            product.replace("{n}", str(first + n)),
            contract,
            today - timedelta(days=latest + 30 * (count - 1 - n)),
            amount,
        )
        for n in range(count)
    ]
    if kind.prescribed:
        days = PRESCRIBED_DAYS + chance.randint(*kind.prescribed)
        old = Bill(
            "Estante antiga",
            f"{contract}-A",
            today - timedelta(days=days),
            _amount(kind, chance),
            True,
        )
        bills.insert(0, old)
    return bills


def _amount(kind: DebtKind, chance: Random) -> Decimal:
    return Decimal(chance.randint(kind.amount[0] * 100, kind.amount[1] * 100)) * _CENT


def _document(lengths: tuple[int, int], chance: Random) -> str:
    """A CPF (9 digits, 11 with check digits) or a CNPJ (12, 14)."""
    digits = [chance.randint(0, 9) for _ in range(lengths[0])]
    highest = 11 if lengths[1] == 11 else 9
    while len(digits) < lengths[1]:
        weights = [2 + i % (highest - 1) for i in range(len(digits))]
        total = sum(d * w for d, w in zip(reversed(digits), weights, strict=True))
        digits.append((11 - total % 11) % 11 % 10)
    return "".join(map(str, digits))
