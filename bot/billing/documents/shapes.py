"""What crosses the API about documents."""

from datetime import date

from bot.billing.documents.facts import Kind
from bot.billing.fields import Money
from bot.billing.shapes import Shape


class Document(Shape):
    """A document somebody can have: `url` opens it until `link_until`.

    `agreement` is its number for people; `about` says what a receipt, or a clearance without
    agreement, is for; `day` is when it was paid, agreed or settled, or the last day of the year
    declared.
    """

    kind: Kind
    title: str
    about: str
    agreement: str | None
    year: int | None
    day: date
    url: str
    link_until: date


class Documents(Shape):
    documents: list[Document]


class PublicDocument(Shape):
    """What proves a document to whoever holds its token: enough to compare, no full CPF.

    `opens`: this token may also open the PDF. `standing` is the state of the agreement today.
    """

    kind: Kind
    title: str
    about: str
    agreement: str | None
    standing: str | None
    year: int | None
    day: date
    amount: Money
    holder_name: str
    holder_document: str
    issued_on: date
    valid_until: date
    code: str
    opens: bool
    demonstration: bool
