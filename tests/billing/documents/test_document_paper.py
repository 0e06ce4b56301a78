"""Documents on paper, read back the way a person and a phone would."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pypdfium2
import pytest
import zxingcpp
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.billing.documents.contents import content_of
from bot.billing.documents.facts import Declaration, Facts, Holder, Part, Receipt, Terms
from bot.billing.documents.paper import render
from bot.billing.documents.words import load_words
from bot.creditor import get_creditor
from tests.billing.documents.samples import (
    CLEARANCE,
    DEBTS,
    DECLARATION,
    DOCUMENTS,
    RECEIPT,
    STAMP,
    TERMS,
)

NAMES = [type(document).__name__ for document in DOCUMENTS]


def pdf_of(facts: Facts, demonstration: bool = False) -> bytes:
    stamp = replace(STAMP, demonstration=demonstration)
    return render(content_of(facts, stamp, load_words(), get_creditor()))


def text_of(facts: Facts) -> str:
    """Every page as text, on one line."""
    pages = pypdfium2.PdfDocument(pdf_of(facts))
    return " ".join(" ".join(page.get_textpage().get_text_range().split()) for page in pages)


@pytest.mark.parametrize("facts", DOCUMENTS, ids=NAMES)
def test_every_document_names_who_charges_and_masks_who_paid(facts: Facts) -> None:
    """CDC art. 42-A; LGPD art. 6 III."""
    text = text_of(facts)
    for said in (
        "Horizonte Comércio de Móveis Ltda.",
        "CNPJ 11.222.333/0001-81",
        "Rua das Acácias, 120",
        "Maria de Souza",
        "CPF ***.982.247-**",
        "Emitido em 29/07/2026",
        "7K2M-4QXD-6TRA",
    ):
        assert said in text
    assert "529" not in text.replace(STAMP.url, "")


@pytest.mark.parametrize("facts", DOCUMENTS, ids=NAMES)
def test_the_code_on_the_paper_leads_to_the_page_that_proves_it(facts: Facts) -> None:
    pages = list(pypdfium2.PdfDocument(pdf_of(facts)))
    found = zxingcpp.read_barcodes(pages[-1].render(scale=2).to_pil())
    assert [code.text for code in found] == [STAMP.url]


@pytest.mark.parametrize("facts", DOCUMENTS, ids=NAMES)
def test_the_file_says_its_title_and_its_language(facts: Facts) -> None:
    pdf = pdf_of(facts)
    title = pypdfium2.PdfDocument(pdf).get_metadata_value("Title")
    assert title.startswith(load_words().titles[content_kind(facts)])
    assert b"/Lang (pt-BR)" in pdf
    assert pdf == pdf_of(replace(facts))


def content_kind(facts: Facts) -> str:
    return type(facts).__name__.lower()


def test_a_receipt_says_what_was_paid_in_figures_and_in_words_and_what_is_left() -> None:
    text = text_of(RECEIPT)
    for said in (
        "a quantia de R$ 138,46 (cento e trinta e oito reais e quarenta e seis centavos)",
        "paga em 29/07/2026",
        "Parcela 1 de 6 do acordo nº 100001",
        "Acordo nº 100001",
        "ainda faltam 5 parcelas, no total de R$ 692,28",
    ):
        assert said in text
    assert "nada mais é devido" not in text


def test_the_receipt_before_the_last_part_counts_one_part() -> None:
    assert "ainda faltam 1 parcela" not in text_of(replace(RECEIPT, left=RECEIPT.left[-1:]))
    assert "ainda falta 1 parcela, no total de R$ 138,44" in text_of(
        replace(RECEIPT, left=RECEIPT.left[-1:])
    )


def test_only_the_receipt_that_settles_says_that_nothing_is_left() -> None:
    last = replace(RECEIPT, left=(), settles=True)
    assert "nada mais é devido" in text_of(last)
    assert "nada mais é devido" not in text_of(replace(last, settles=False))


def test_the_terms_tell_the_debts_the_lines_the_parts_the_yes_and_what_follows() -> None:
    text = text_of(TERMS)
    for said in (
        "Sofá Bahia, parcela 4 de 10 (LH-982-4) 10/06/2026 42 R$ 389,90 R$ 7,80 R$ 5,46 R$ 403,16",
        "Total R$ 802,42",
        "Juros do parcelamento R$ 28,32",
        "Total R$ 830,74",
        "6 29/12/2026 R$ 138,44",
        "Em 22/07/2026 às 08:59 (horário de Brasília)",
        "“sim, fechado”",
        "wamid.HBgNNTUxMTk4NzY1",
        "3f9a0c1b22de",
        "Multa de 2% uma vez e juros de 1% ao mês",
        "as dívidas originais voltam a valer, descontado tudo o que já foi pago",
    ):
        assert said in text


def test_a_letter_of_clearance_says_that_nothing_is_owed_and_by_when_the_name_is_clear() -> None:
    """Súmula 548 do STJ: five business days."""
    text = text_of(CLEARANCE)
    for said in (
        "pagou por inteiro o acordo nº 100001, no total de R$ 830,74",
        "O último pagamento foi feito em 29/12/2026",
        "nada mais é devido",
        "LH-982-5",
        "até 06/01/2027 (Súmula 548 do STJ)",
    ):
        assert said in text


def test_a_yearly_declaration_replaces_the_receipts_of_the_year_and_of_those_before() -> None:
    """Lei 12.007/2009, art. 4."""
    text = text_of(DECLARATION)
    for said in (
        "quitou todos os débitos com vencimento de janeiro a dezembro de 2026",
        "dos débitos do ano de 2026 e dos anos anteriores (art. 4º)",
        "LH-982-10",
        "Total R$ 3.899,00",
    ):
        assert said in text


@pytest.mark.parametrize(
    ("changes", "said", "never_said"),
    [
        ({"contested": True}, "que estão em contestação", "quitou todos os débitos"),
        ({"earlier_open": True}, "anos anteriores ainda em aberto", "e dos anos anteriores (art"),
    ],
)
def test_a_declaration_claims_no_more_than_is_so(
    changes: dict[str, bool], said: str, never_said: str
) -> None:
    text = text_of(replace(DECLARATION, **changes))
    assert said in text
    assert never_said not in text


def test_a_demonstration_says_so_on_every_page() -> None:
    pages = list(pypdfium2.PdfDocument(pdf_of(TERMS, demonstration=True)))
    assert len(pages) == 2
    for page in pages:
        assert "este documento não tem valor" in page.get_textpage().get_text_range()


def ink_fits(facts: Facts) -> bool:
    """Whether every page is drawn inside its margins, and nothing over its foot."""
    mm = 72 / 25.4
    for page in pypdfium2.PdfDocument(pdf_of(facts)):
        ink = page.render(scale=1).to_pil().convert("L").point(lambda p: 255 if p < 250 else 0)
        left, _, right, _ = ink.crop((0, 40, ink.width, ink.height)).getbbox()
        gap = ink.crop((0, round(277.5 * mm), ink.width, round(283.5 * mm))).getbbox()
        if left < 18 * mm or right > 191.5 * mm or gap:
            return False
    return True


def long_terms(count: int) -> Terms:
    words = "Companhia de Educação e Material Didático ☃ " * 5
    yes = replace(TERMS.yes, text="sim " * 1000)
    return replace(
        TERMS,
        holder=Holder(words, "12ABC34501DE35"),
        debts=tuple(replace(DEBTS[0], description=words, external_id=words) for _ in range(count)),
        parts=tuple(Part(n, date(2026, 8, 1), Decimal("9999999.99")) for n in range(count)),
        yes=yes,
    )


def test_a_long_document_goes_on_over_pages_and_leaves_nothing_out() -> None:
    facts = long_terms(60)
    pdf = pypdfium2.PdfDocument(pdf_of(facts))
    assert len(pdf) > 5
    assert f"Página {len(pdf)} de {len(pdf)}" in text_of(facts)
    assert text_of(facts).count("R$ 9.999.999,99") == 60
    assert text_of(facts).count("sim") >= 1000


def test_a_yes_without_a_single_space_stays_on_the_paper() -> None:
    shout = "S" + "I" * 4000 + "M"
    facts = replace(TERMS, yes=replace(TERMS.yes, text=shout))
    assert "".join(text_of(facts).split()).count("I" * 1000) >= 1
    assert ink_fits(facts)


@settings(max_examples=8, deadline=None)
@given(st.integers(1, 50))
def test_nothing_is_drawn_outside_the_margins_or_over_the_proof(count: int) -> None:
    facts = replace(long_terms(count), yes=TERMS.yes)
    assert ink_fits(facts)


@given(st.decimals("0.01", "9999999.99", places=2))
@settings(max_examples=20, deadline=None)
def test_the_figures_of_a_receipt_are_those_paid(amount: Decimal) -> None:
    payment = replace(RECEIPT.payment, amount=amount)
    facts = replace(RECEIPT, payment=payment, lines=(replace(RECEIPT.lines[0], amount=amount),))
    assert isinstance(facts, Receipt)
    shown = f"R$ {amount:,.2f}".translate(str.maketrans(",.", ".,"))
    assert text_of(facts).count(shown) >= 4


def test_a_declaration_adds_up() -> None:
    assert isinstance(DECLARATION, Declaration)
    assert DECLARATION.amount == Decimal("3899.00")
