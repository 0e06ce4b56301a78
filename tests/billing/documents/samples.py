"""Documents as they could be, to be drawn and read back."""

from datetime import UTC, date, datetime
from decimal import Decimal

from bot.billing.documents.contents import Stamp
from bot.billing.documents.facts import (
    Clearance,
    Declaration,
    Holder,
    Part,
    Payment,
    Receipt,
    Settled,
    Terms,
    Yes,
)
from bot.billing.late_charges import ChargeLine

HOLDER = Holder("Maria de Souza", "52998224725")
STAMP = Stamp(
    issued_on=date(2026, 7, 29),
    code="7K2M-4QXD-6TRA",
    url="https://pague.lojahorizonte.example/documentos/AAAV8mfoyFT8Qr2oXo5PhzU0uQpYAAB4tkv1aQn3wZ0Hq9cd",
    until=date(2031, 7, 29),
    demonstration=False,
)
DEBTS = tuple(
    Settled(f"Sofá Bahia, parcela {number} de 10", f"LH-982-{number}", "LH-982", due, *amounts)
    for number, due, *amounts in (
        (4, date(2026, 6, 10), Decimal("389.90"), Decimal("7.80"), Decimal("5.46"), 42),
        (5, date(2026, 7, 10), Decimal("389.90"), Decimal("7.80"), Decimal("1.56"), 12),
    )
)
LINES = (
    ChargeLine("Valor original", "", Decimal("779.80")),
    ChargeLine("Multa por atraso", "", Decimal("15.60")),
    ChargeLine("Juros de mora", "", Decimal("7.02")),
    ChargeLine("Juros do parcelamento", "", Decimal("28.32")),
)
PARTS = tuple(
    Part(number, date(2026, 6 + number, 29), Decimal("138.46" if number < 6 else "138.44"))
    for number in range(1, 7)
)
FIRST = Payment("Parcela 1 de 6 do acordo nº 100001", Decimal("138.46"), date(2026, 7, 29))
RECEIPT = Receipt(
    holder=HOLDER,
    payment=FIRST,
    lines=(ChargeLine(FIRST.description, "", FIRST.amount),),
    nosso_numero="09/00000000001-7",
    agreement=100001,
    left=PARTS[1:],
    settles=False,
)
TERMS = Terms(
    holder=HOLDER,
    agreement=100001,
    day=date(2026, 7, 22),
    debts=DEBTS,
    lines=LINES,
    parts=PARTS,
    amount=Decimal("830.74"),
    yes=Yes("sim, fechado", datetime(2026, 7, 22, 11, 59, tzinfo=UTC), "wamid.HBgNNTUxMTk4NzY1"),
    policy_version="3f9a0c1b22de",
)
CLEARANCE = Clearance(
    holder=HOLDER,
    agreement=100001,
    debts=DEBTS,
    payments=tuple(
        Payment(f"Parcela {part.number} de 6 do acordo nº 100001", part.amount, part.due)
        for part in PARTS
    ),
    clear_name_by=date(2027, 1, 6),
)
DECLARATION = Declaration(
    holder=HOLDER,
    year=2026,
    debts=tuple(
        Settled(
            f"Sofá Bahia, parcela {month} de 10",
            f"LH-982-{month}",
            "LH-982",
            date(2026, month, 10),
            Decimal("389.90"),
            Decimal("0.00"),
            Decimal("0.00"),
            0,
        )
        for month in range(1, 11)
    ),
    contested=False,
    earlier_open=False,
)
DOCUMENTS = (RECEIPT, TERMS, CLEARANCE, DECLARATION)
