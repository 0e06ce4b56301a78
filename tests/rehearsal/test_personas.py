"""`personas.yml` can be changed by people who do not write code, and says what is wrong."""

from datetime import date
from pathlib import Path

import pytest
from validate_docbr import CNPJ, CPF

from bot.rehearsal.casting import cast_debtors
from bot.rehearsal.people import FILE, PersonasError, load

TODAY = date(2026, 11, 26)


def test_every_document_is_valid_and_every_phone_is_its_own() -> None:
    """Billing imports them as it would anybody."""
    debtors = cast_debtors(load(), 1, 300, TODAY)
    assert all(_is_valid(debtor.document) for debtor in debtors)
    assert len({debtor.phone for debtor in debtors}) == 300
    assert len({debtor.document for debtor in debtors}) == 300


def _is_valid(document: str) -> bool:
    return bool((CPF() if len(document) == 11 else CNPJ()).validate(document))


def test_the_same_seed_casts_the_same_people() -> None:
    """And another seed others."""
    cast = load()
    assert cast_debtors(cast, 5, 50, TODAY) == cast_debtors(cast, 5, 50, TODAY)
    assert cast_debtors(cast, 5, 50, TODAY) != cast_debtors(cast, 6, 50, TODAY)


def test_a_short_run_meets_everybody() -> None:
    """The gate holds about as many conversations as there are personas."""
    cast = load()
    met = {debtor.persona.name for debtor in cast_debtors(cast, 1, len(cast.personas), TODAY)}
    assert met == {persona.name for persona in cast.personas}


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (("inicio: [oi, oi, quanto_devo", "inicio: [ooi, oi, quanto_devo"), "no saying 'ooi'"),
        (("dividas: [pequena, media]", "dividas: [gigante]"), "no kind of debt 'gigante'"),
        (("peso: 5", "peso: muito"), "pessoas.0.peso"),
        (("    quem:", "    quemm:"), "pessoas.0.quem"),
        (("pessoas:", "pessoas: ["), "not YAML"),
    ],
)
def test_a_mistake_is_named(tmp_path: Path, change: tuple[str, str], words: str) -> None:
    """With its place in the file."""
    file = tmp_path / "personas.yml"
    file.write_text(FILE.read_text().replace(*change, 1))
    with pytest.raises(PersonasError, match=words):
        load(file)


def test_an_unknown_persona_is_answered_with_the_names_there_are() -> None:
    """For `--only`."""
    with pytest.raises(PersonasError, match="paga_na_hora"):
        load().only("ninguém")
