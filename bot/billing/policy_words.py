"""The sentences of the negotiation policy: their names and the fields each may use."""

from typing import Annotated

from pydantic import Field

from bot.creditor import Policy, Text, sentence

Why = Annotated[Text, sentence("discount", "extra_cost", "part", "count", "first_due")]
ChangeSentence = Annotated[Text, sentence("asked", "possible")]


class WhyCatalog(Policy):
    """Why an offer may be the right one."""

    full_discount: Why
    full: Why
    installments_discount: Why
    installments_free: Why
    installments: Why


class ChangeCatalog(Policy):
    """What would have to change of a wish for it to be met."""

    installments: ChangeSentence
    monthly: ChangeSentence
    down_payment: ChangeSentence
    total: ChangeSentence
    percent: ChangeSentence
    first_due: ChangeSentence


class ContactPolicy(Policy):
    """Who helps somebody with too many debts, and how to reach them."""

    name: Text
    reach: Text


class OverIndebted(Policy):
    """What is said to somebody for whom no plan leaves enough to live on (Lei 14.181/2021)."""

    text: Text
    contacts: Annotated[tuple[ContactPolicy, ...], Field(min_length=1)]


class LineCatalog(Policy):
    original: str
    multa: str
    juros: str
    discount: str
    interest: str
    part: Annotated[str, sentence("number", "count", "agreement")]
    settlement: Annotated[str, sentence("number", "count", "agreement")]
    early: Annotated[str, sentence("agreement")]
    early_discount: str

    def name_part(self, number: int, count: int, agreement: int) -> str:
        """Name a part of an agreement; the only one is its settlement."""
        label = self.part if count > 1 else self.settlement
        return label.format(number=number, count=count, agreement=agreement)


class SlipCatalog(Policy):
    payer_address: str
    payable_until: Annotated[str, sentence("date")]
    check: Annotated[str, sentence("name", "cnpj", "amount", "bank", "whatsapp", "phone")]
    composition: str
