"""How documents say things, and for how long they are proved: `policies/documents.yml`."""

from typing import Annotated

from pydantic import Field

from bot.billing.documents.facts import Kind
from bot.creditor import POLICIES, Policy, Text, load_policy, sentence

_HOLDER = ("name", "identity")


class Paper(Policy):
    """What is on every page."""

    letterhead: Annotated[Text, sentence("cnpj", "address", "phone", "whatsapp")]
    issued: Annotated[Text, sentence("date")]
    page: Annotated[Text, sentence("page", "pages")]
    check_title: Text
    check: Text
    check_until: Annotated[Text, sentence("date")]
    code: Text
    demonstration: Text


class Labels(Policy):
    """Names of fields, columns and totals."""

    agreement: Text
    amount: Text
    paid_on: Text
    boleto: Text
    agreed_at: Text
    policy: Text
    debt: Text
    due: Text
    part: Text
    days: Text
    original: Text
    multa: Text
    juros: Text
    item: Text
    value: Text
    total: Text
    invoice: Text
    contract: Text


class ReceiptWords(Policy):
    statement: Annotated[Text, sentence(*_HOLDER, "amount", "in_words", "date", "description")]
    made_of: Text
    extra: Text
    left_title: Text
    left_one: Annotated[Text, sentence("amount")]
    left_many: Annotated[Text, sentence("count", "amount")]
    nothing_left: Text


class TermsWords(Policy):
    intro: Annotated[Text, sentence(*_HOLDER, "creditor", "cnpj")]
    debts_title: Text
    lines_title: Text
    parts_title: Text
    accepted_title: Text
    accepted: Annotated[Text, sentence("moment", "name", "text", "message")]
    breach_title: Text
    breach: tuple[Text, ...]
    early: Text


class ClearanceWords(Policy):
    statement: Annotated[Text, sentence(*_HOLDER, "agreement", "amount", "in_words", "date")]
    statement_bills: Annotated[Text, sentence(*_HOLDER, "amount", "in_words", "date")]
    nothing_due: Text
    debts_title: Text
    payments_title: Text
    name: Annotated[Text, sentence("date")]


class DeclarationWords(Policy):
    statement: Annotated[Text, sentence(*_HOLDER, "year")]
    statement_contested: Annotated[Text, sentence(*_HOLDER, "year")]
    replaces: Annotated[Text, sentence("year")]
    replaces_year: Annotated[Text, sentence("year")]
    invoices_title: Text


class DocumentWords(Policy):
    """The whole file."""

    link_days: Annotated[int, Field(ge=1, le=3650)]
    check_years: Annotated[int, Field(ge=1, le=30)]
    titles: dict[Kind, Text]
    paper: Paper
    labels: Labels
    receipt: ReceiptWords
    terms: TermsWords
    clearance: ClearanceWords
    declaration: DeclarationWords


def load_words() -> DocumentWords:
    """Read the words of this installation. Raises PolicyError."""
    return load_policy(POLICIES / "documents.yml", DocumentWords)
