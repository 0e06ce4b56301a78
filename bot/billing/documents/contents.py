"""From facts and words to what stands on the paper, block by block. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from bot.billing.documents.facts import (
    Clearance,
    Declaration,
    Facts,
    Holder,
    Kind,
    Part,
    Receipt,
    Settled,
    Terms,
)
from bot.billing.documents.paper import (
    Block,
    Column,
    Content,
    Fields,
    Heading,
    Paragraph,
    Proof,
    Table,
)
from bot.billing.documents.words import DocumentWords
from bot.billing.late_charges import ChargeLine
from bot.billing.money import format_brl
from bot.creditor import Creditor
from bot.portuguese import amount_in_words

_SAO_PAULO = ZoneInfo("America/Sao_Paulo")


@dataclass(frozen=True)
class Stamp:
    """What makes a document provable: when it was issued, its code, where it is checked."""

    issued_on: date
    code: str
    url: str
    until: date
    demonstration: bool


def content_of(facts: Facts, stamp: Stamp, words: DocumentWords, creditor: Creditor) -> Content:
    """Return a whole document, ready to be drawn."""
    writer = _Writer(words, creditor)
    kind, blocks = writer.blocks(facts)
    return Content(
        title=words.titles[kind],
        reference=_reference(facts, stamp, words),
        brand=creditor.name,
        legal_name=creditor.legal_name,
        letterhead=words.paper.letterhead.format(
            cnpj=creditor.cnpj,
            address=creditor.address,
            phone=creditor.phone,
            whatsapp=creditor.official_whatsapp,
        ),
        page=words.paper.page,
        warning=words.paper.demonstration if stamp.demonstration else "",
        blocks=tuple(blocks),
        proof=Proof(
            title=words.paper.check_title,
            text=words.paper.check,
            until=words.paper.check_until.format(date=_day(stamp.until)),
            code_label=words.paper.code,
            code=stamp.code,
            url=stamp.url,
        ),
    )


def _reference(facts: Facts, stamp: Stamp, words: DocumentWords) -> str:
    """Say which agreement or year, and when it was issued."""
    issued = words.paper.issued.format(date=_day(stamp.issued_on))
    if isinstance(facts, Declaration):
        return f"{facts.year} · {issued}"
    if facts.agreement is None:
        return issued
    return f"{words.labels.agreement} nº {facts.agreement} · {issued}"


@dataclass(frozen=True)
class _Writer:
    words: DocumentWords
    creditor: Creditor

    def blocks(self, facts: Facts) -> tuple[Kind, list[Block]]:
        match facts:
            case Receipt():
                return Kind.RECEIPT, self._receipt(facts)
            case Terms():
                return Kind.TERMS, self._terms(facts)
            case Clearance():
                return Kind.CLEARANCE, self._clearance(facts)
            case Declaration():
                return Kind.DECLARATION, self._declaration(facts)

    def _receipt(self, facts: Receipt) -> list[Block]:
        words, labels, payment = self.words.receipt, self.words.labels, facts.payment
        statement = words.statement.format(
            **_holder(facts.holder),
            amount=format_brl(payment.amount),
            in_words=amount_in_words(payment.amount),
            date=_day(payment.paid_on),
            description=payment.description,
        )
        fields = [
            (labels.amount, format_brl(payment.amount)),
            (labels.paid_on, _day(payment.paid_on)),
            (labels.boleto, facts.nosso_numero),
        ]
        blocks: list[Block] = [Fields(tuple(f for f in fields if f[1])), Paragraph(statement, 11)]
        blocks += [Heading(words.made_of), self._lines(facts.lines)]
        if facts.left:
            blocks += [Heading(words.left_title), Paragraph(self._left(facts.left))]
            blocks.append(self._parts(facts.left))
        elif facts.settles:
            blocks.append(Paragraph(words.nothing_left, 11, bold=True))
        return blocks

    def _left(self, parts: Sequence[Part]) -> str:
        words = self.words.receipt
        sentence = words.left_one if len(parts) == 1 else words.left_many
        return sentence.format(
            count=len(parts), amount=format_brl(_sum(part.amount for part in parts))
        )

    def _terms(self, facts: Terms) -> list[Block]:
        words, labels = self.words.terms, self.words.labels
        intro = words.intro.format(
            **_holder(facts.holder), creditor=self.creditor.legal_name, cnpj=self.creditor.cnpj
        )
        fields = (
            (labels.total, format_brl(facts.amount)),
            (labels.agreed_at, _day(facts.day)),
            (labels.policy, facts.policy_version),
        )
        yes = words.accepted.format(
            moment=_moment(facts.yes.said_at),
            name=facts.holder.name,
            text=facts.yes.text,
            message=facts.yes.message_id,
        )
        follows = (*words.breach, *self.creditor.consequences)
        return [
            Fields(fields),
            Paragraph(intro, 11),
            Heading(words.debts_title),
            self._debts_with_charges(facts.debts),
            Heading(words.lines_title),
            self._lines(facts.lines),
            Heading(words.parts_title),
            self._parts(facts.parts),
            Paragraph(words.early, 9.5),
            Heading(words.accepted_title),
            Paragraph(yes),
            Heading(words.breach_title),
            *(Paragraph(f"• {_sentence_case(line)}") for line in follows),
        ]

    def _clearance(self, facts: Clearance) -> list[Block]:
        words, labels = self.words.clearance, self.words.labels
        sentence = words.statement_bills if facts.agreement is None else words.statement
        statement = sentence.format(
            **_holder(facts.holder),
            agreement=facts.agreement,
            amount=format_brl(facts.amount),
            in_words=amount_in_words(facts.amount),
            date=_day(facts.day),
        )
        rows = [
            (payment.description, _day(payment.paid_on), format_brl(payment.amount))
            for payment in facts.payments
        ]
        payments = self._table(
            ((labels.part, 0.56), (labels.paid_on, 0.22), (labels.value, 0.22)),
            rows,
            facts.amount,
        )
        return [
            Paragraph(statement, 11),
            Paragraph(words.nothing_due, 11, bold=True),
            Heading(words.debts_title),
            self._debts(facts.debts),
            Heading(words.payments_title),
            payments,
            Paragraph(words.name.format(date=_day(facts.clear_name_by))),
        ]

    def _declaration(self, facts: Declaration) -> list[Block]:
        words = self.words.declaration
        statement = words.statement_contested if facts.contested else words.statement
        replaces = words.replaces_year if facts.earlier_open else words.replaces
        return [
            Paragraph(statement.format(**_holder(facts.holder), year=facts.year), 11),
            Paragraph(replaces.format(year=facts.year), 11),
            Heading(words.invoices_title),
            self._debts(facts.debts, facts.amount),
        ]

    def _lines(self, lines: Sequence[ChargeLine]) -> Table:
        labels = self.words.labels
        rows = [
            (" – ".join(filter(None, (line.label, line.formula))), format_brl(line.amount))
            for line in lines
        ]
        total = _sum(line.amount for line in lines)
        return self._table(((labels.item, 0.78), (labels.value, 0.22)), rows, total)

    def _parts(self, parts: Sequence[Part]) -> Table:
        labels = self.words.labels
        rows = [(str(part.number), _day(part.due), format_brl(part.amount)) for part in parts]
        total = _sum(part.amount for part in parts)
        columns = ((labels.part, 0.3), (labels.due, 0.48), (labels.value, 0.22))
        return self._table(columns, rows, total)

    def _debts(self, debts: Sequence[Settled], total: Decimal | None = None) -> Table:
        labels = self.words.labels
        rows = [
            (
                debt.contract,
                debt.external_id,
                debt.description,
                _day(debt.due),
                format_brl(debt.original),
            )
            for debt in debts
        ]
        columns = (
            (labels.contract, 0.14),
            (labels.invoice, 0.2),
            (labels.debt, 0.32),
            (labels.due, 0.15),
            (labels.original, 0.19),
        )
        return self._table(columns, rows, total)

    def _debts_with_charges(self, debts: Sequence[Settled]) -> Table:
        labels = self.words.labels
        rows = [
            (
                f"{debt.description} ({debt.external_id})",
                _day(debt.due),
                str(debt.days_late),
                format_brl(debt.original),
                format_brl(debt.multa),
                format_brl(debt.juros),
                format_brl(debt.total),
            )
            for debt in debts
        ]
        columns = (
            Column(labels.debt, 0.31),
            Column(labels.due, 0.12),
            Column(labels.days, 0.09, number=True),
            Column(labels.original, 0.13, number=True),
            Column(labels.multa, 0.105, number=True),
            Column(labels.juros, 0.105, number=True),
            Column(labels.total, 0.14, number=True),
        )
        total = format_brl(_sum(debt.total for debt in debts))
        return Table(columns, tuple(rows), (labels.total, "", "", "", "", "", total))

    def _table(
        self,
        columns: Sequence[tuple[str, float]],
        rows: Sequence[tuple[str, ...]],
        total: Decimal | None,
    ) -> Table:
        """Return a table whose last column is of amounts, with their total if it has one."""
        last = len(columns) - 1
        heads = (
            Column(title, width, number=place == last)
            for place, (title, width) in enumerate(columns)
        )
        foot = (
            (self.words.labels.total, *[""] * (last - 1), format_brl(total))
            if total is not None
            else ()
        )
        return Table(tuple(heads), tuple(rows), foot)


def _holder(holder: Holder) -> dict[str, str]:
    return {"name": holder.name, "identity": holder.identity}


def _sum(amounts: Iterable[Decimal]) -> Decimal:
    return sum(amounts, Decimal("0.00"))


def _day(day: date) -> str:
    return f"{day:%d/%m/%Y}"


def _moment(moment: datetime) -> str:
    return f"{moment.astimezone(_SAO_PAULO):%d/%m/%Y às %H:%M}"


def _sentence_case(text: str) -> str:
    return text[:1].upper() + text[1:] + ("" if text.endswith(".") else ".")
