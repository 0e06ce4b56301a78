"""The demo customers to impersonate. Their debts are demo data of billing, not of this package."""

import random
import re
from dataclasses import dataclass, replace

_MOBILE_WITHOUT_NINTH = re.compile(r"^(55\d{2})([6-9]\d{7})$")


@dataclass(frozen=True)
class Customer:
    """A WhatsApp user. `key` names them here and never changes; all the rest may."""

    key: str
    name: str
    phone: str | None
    """Digits with country code; None when a username hides it."""
    bsuid: str
    """Business-scoped user id."""
    username: str | None = None
    drops_ninth_digit: bool = False
    """Registered before the ninth digit: their `wa_id` goes without it."""

    @property
    def wa_id(self) -> str | None:
        """The phone as WhatsApp registered it."""
        if self.phone and self.drops_ninth_digit:
            return self.phone[:4] + self.phone[5:]
        return self.phone


DEMO_CUSTOMERS = (
    Customer("maria", "Maria Souza", "5511987654321", "BR.1000000000000101"),
    Customer("joao", "João Pereira", "5521976543210", "BR.1000000000000102"),
    Customer("ana", "Ana Lima", "5531965432109", "BR.1000000000000103"),
    Customer(
        "carlos",
        "Carlos Oliveira",
        "5551994321098",
        "BR.1000000000000104",
        drops_ninth_digit=True,
    ),
    Customer("francisca", "Francisca Santos", "5585943210987", "BR.1000000000000105"),
    Customer("padaria", "Padaria Pão Quente", "5541932109876", "BR.1000000000000106"),
    Customer("pedro", "Pedro Alves", "5571921098765", "BR.1000000000000107"),
    Customer("bia", "Bia Rocha", None, "BR.1000000000000108", username="bia.rocha"),
    Customer("desconhecido", "Número desconhecido", "5511955550199", "BR.1000000000000109"),
)


def canonical(address: str) -> str:
    """`address` to compare by: digits of a phone with its ninth digit; a user id as it is."""
    if not re.fullmatch(r"[+\d\s().-]+", address):
        return address
    digits = re.sub(r"\D", "", address)
    return _MOBILE_WITHOUT_NINTH.sub(r"\g<1>9\2", digits)


def stranger(phone: str) -> Customer:
    """A customer made on the fly for a phone nobody has."""
    digits = canonical(phone)
    return Customer(digits, f"Cliente {digits[-4:]}", digits, new_bsuid())


def moved(customer: Customer, phone: str | None) -> Customer:
    """`customer` with another number, made up when `phone` is None, and so another user id."""
    if customer.phone:
        area = customer.phone[:4]
        digits = canonical(phone) if phone else f"{area}9{random.randrange(10**7, 10**8):08d}"
    else:
        digits = None
    return replace(customer, phone=digits, bsuid=new_bsuid(), drops_ninth_digit=False)


def new_bsuid() -> str:
    """A business-scoped user id nobody has."""
    return f"BR.{random.randrange(10**15, 10**16)}"
