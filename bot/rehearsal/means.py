"""What somebody can pay, and how they write it."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import ROUND_CEILING, Decimal
from random import Random
from zoneinfo import ZoneInfo

from bot.portuguese import amount_in_words
from bot.rehearsal.casting import Debtor
from bot.rehearsal.people import Range
from bot.rehearsal.reading import SeenOffer

_SAO_PAULO = ZoneInfo("America/Sao_Paulo")
_ORDINALS = ("primeira", "segunda", "terceira", "quarta", "quinta", "sexta")
_PAY_DAYS = (5, 7, 8, 10, 12, 15, 20, 25)
_LESS = Decimal("0.8")
LEAST = 50
"""Reais a month that somebody who pays at all can pay: parts are at least 40."""


class Means:
    """The purse of one debtor and the numbers they say."""

    def __init__(self, debtor: Debtor, chance: Random) -> None:
        self._debtor, self._chance = debtor, chance
        purse = debtor.persona.purse
        self.at_once = purse.at_once
        self.monthly = self._share(purse.monthly)
        self.down_payment = self._share(purse.down_payment)
        self.day = chance.choice(_PAY_DAYS)

    @property
    def pays(self) -> bool:
        """Whether there is anything to pay with."""
        return self.at_once or self.monthly is not None

    def affords(self, offer: SeenOffer, stretch: Decimal = Decimal(1)) -> bool:
        """Whether a plan's regular part fits."""
        return self.monthly is not None and offer.highest <= self.monthly * stretch

    def filled(self, way: str, offer: SeenOffer | None) -> str:
        """A way of saying something with this person's numbers in it."""
        return re.sub(r"\{(\w+)\}", lambda match: self._value(match[1], offer), way)

    def _value(self, name: str, offer: SeenOffer | None) -> str:
        number = offer.number if offer else 1
        digits = self._debtor.document[:3]
        past = datetime.now(_SAO_PAULO) - timedelta(days=4)
        values: dict[str, Callable[[], object]] = {
            "cpf3": lambda: digits,
            "cpf_errado": lambda: f"{(int(digits) + 137) % 1000:03d}",
            "valor": lambda: self._written(self.monthly or Decimal(LEAST)),
            "entrada": lambda: self._written(self.down_payment or Decimal(LEAST)),
            "total_menor": lambda: self._written(_round(self._debtor.collectable * _LESS)),
            "vezes": lambda: offer.count if offer else self._count(),
            "opcao": lambda: number,
            "ordinal": lambda: _ORDINALS[number - 1],
            "dia": lambda: self.day,
            "dia_passado": lambda: past.day,
            "n": lambda: self._chance.randint(2, 6),
        }
        return str(values[name]())

    def _count(self) -> int:
        """Parts that the monthly sum needs."""
        owed = self._debtor.collectable * Decimal("1.05") - (self.down_payment or 0)
        needed = (owed / (self.monthly or Decimal(LEAST))).to_integral_value(ROUND_CEILING)
        return max(2, min(int(needed), 12))

    def _share(self, share: Range | None) -> Decimal | None:
        if share is None:
            return None
        percent = Decimal(self._chance.randint(*share))
        return max(Decimal(LEAST), _round(self._debtor.collectable * percent / 100))

    def _written(self, amount: Decimal) -> str:
        whole = str(int(amount))
        forms = [
            whole,
            whole,
            f"R$ {whole}",
            f"R${whole},00",
            f"{whole} reais",
            f"uns {whole}",
            f"{whole} conto",
        ]
        if amount % 50 == 0 and amount < 1000:
            forms.append(amount_in_words(amount))
        return self._chance.choice(forms)


def _round(amount: Decimal) -> Decimal:
    """To whole tens, as people say it."""
    return (amount / 10).to_integral_value(ROUND_CEILING) * 10
