"""The policy file: read once, refused with the place of the mistake."""

from pathlib import Path

import pytest

from bot import cli
from bot.billing import context
from bot.billing.policy import NEGOTIATION, load
from bot.billing.shapes import Reason
from bot.creditor import POLICIES, PolicyError, get_creditor, load_creditor

GOOD = NEGOTIATION.read_text(encoding="utf-8")


def changed(tmp_path: Path, old: str, new: str) -> Path:
    assert old in GOOD
    path = tmp_path / "negotiation.yml"
    path.write_text(GOOD.replace(old, new, 1), encoding="utf-8")
    return path


def line_of(path: Path, text: str) -> int:
    lines = path.read_text(encoding="utf-8").splitlines()
    return next(number for number, line in enumerate(lines, start=1) if text in line)


MISTAKES = [
    # unknown, missing or doubled
    ("valid_days: 0", "valid_dais: 0", "offers.valid_days", "required", "offers:"),
    ("far_below: 60%", "far_below: 60%\n  fa_below: 6%", "offers.fa_below", "Extra", "fa_below"),
    (
        "  multa: 2% ",
        "  juros_monthly: 1%\n  multa: 2% ",
        "late_charges.juros_monthly",
        "twice",
        "juros_monthly: 1%   #",
    ),
    (
        "reason_forgot:",
        "reason_forgotten:",
        "reasons.reason_forgotten",
        "Input should be",
        "reason_forgotten",
    ),
    ("profiles:\n", "profile:\n", "profiles", "required", None),
    ("habitual: {max_count", "regular: {max_count", "profiles.habitual", "required", "profiles:"),
    # of a wrong type
    ("multa: 2%", "multa: 2", "late_charges.multa", "not a percentage like 2%", "multa: 2 "),
    (
        'min_value: "40.00"',
        "min_value: 40.00",
        "installments.min_value",
        "between quotes",
        "min_value: 40",
    ),
    (
        "max_count: 12 ",
        'max_count: "12" ',
        "installments.max_count",
        "valid integer",
        'max_count: "12"',
    ),
    (
        "max_count: 12 ",
        "max_count: 1.5 ",
        "installments.max_count",
        "valid integer",
        "max_count: 1.5",
    ),
    (
        "max_count: 12 ",
        "max_count: true ",
        "installments.max_count",
        "valid integer",
        "max_count: true",
    ),
    ("offers:\n", "offers: 3\nothers:\n", "offers", "valid dictionary", "offers: 3"),
    (
        "preferred_days: []",
        "preferred_days: [five]",
        "installments.preferred_days.0",
        "valid integer",
        "preferred_days: [five",
    ),
    ('code: "237"', 'code: "999"', "bank.code", "pattern", 'code: "999"'),
    # above a cap of the law, or below its minimum
    ("multa: 2%", "multa: 3%", "late_charges.multa", "legal cap of 2%.*CDC", "multa: 3%"),
    (
        "juros_monthly: 1%",
        "juros_monthly: 1.5%",
        "late_charges.juros_monthly",
        "cap of 1%",
        "juros_monthly: 1.5",
    ),
    (
        "max_count: 24",
        "max_count: 61",
        "reasons.*max_count",
        "cap of 60.*Lei 14.181",
        "max_count: 61",
    ),
    (
        "max_first_due_days: 30 ",
        "max_first_due_days: 181 ",
        "installments.max_first_due_days",
        "cap of 180",
        "days: 181",
    ),
    (
        "max_count: 12, max_first",
        "max_count: 37, max_first",
        "authority.supervisor.installments.max_count",
        "cap of 60",
        "max_count: 37",
    ),
    (
        'kept: "600.00"',
        'kept: "303.00"',
        "affordability.kept",
        "minimum of 600.00.*11.567",
        "kept:",
    ),
    # out of range or order
    (
        "max_count: 12 ",
        "max_count: 0 ",
        "installments.max_count",
        "greater than or equal to 1",
        "max_count: 0",
    ),
    (
        "multa: 50%,",
        "multa: 150%,",
        "at_once.discounts.0.multa",
        "less than or equal to 1",
        "multa: 150%",
    ),
    (
        "up_to_days: 90,",
        "up_to_days: 20,",
        "at_once.discounts.1.up_to_days",
        "must grow",
        "up_to_days: 20",
    ),
    ("up_to_days: 30,", "", "at_once.discounts.0", "goes without up_to_days", "{  multa: 50%"),
    (
        "    - {                 multa",
        "    - {up_to_days: 999, multa",
        "at_once.discounts.4",
        "goes without",
        "999",
    ),
    (
        "max_due_days: 10    #",
        "max_due_days: 1    #",
        "at_once.max_due_days",
        "below due_days",
        "max_due_days: 1 ",
    ),
    (
        "{first_due_days: 15}",
        "{first_due_days: 45}",
        "reasons.reason_cash_flow.*max_first_due_days",
        "below first_due_days",
        "{first_due_days: 45}",
    ),
    (
        'min_remainder: "5.00"',
        'min_remainder: "50.00"',
        "installments.min_remainder",
        "above min_value",
        "min_remainder",
    ),
    (
        "max_count: -4",
        "max_count: -12",
        "profiles.habitual.installments.max_count",
        "or equal to 1",
        "max_count: -12",
    ),
    (
        "max_count: 12, max_first",
        "max_count: 5, max_first",
        "authority.supervisor.installments.max_count",
        "less than operator",
        "max_count: 5,",
    ),
    (
        '- {name: "Procon"',
        '- {nome: "Procon"',
        "over_indebted.contacts.0.name",
        "required",
        "nome:",
    ),
    # words and form
    (
        "{discount} e resolve",
        "{discont} e resolve",
        "why.full_discount",
        "unknown field",
        "discont",
    ),
    ("Em {asked}x eu", "Em {askd}x eu", "changes.installments", "unknown field", "askd"),
    ("offers:\n", "offers\n", "", "not YAML", None),
    ("# once, on", "\x07# once, on", "", "not YAML", "\x07"),
]


@pytest.mark.parametrize(("old", "new", "field", "says", "at"), MISTAKES)
def test_a_mistake_is_named_with_file_line_and_field(
    tmp_path: Path, old: str, new: str, field: str, says: str, at: str | None
) -> None:
    path = changed(tmp_path, old, new)
    line = line_of(path, at) if at else "[0-9]+"
    with pytest.raises(PolicyError, match=f"^{path}, line {line}: {field}.*{says}") as error:
        load(path)
    assert "\n" not in str(error.value)


def test_a_file_that_is_not_text_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "negotiation.yml"
    path.write_bytes(b"late_charges:\n  multa: 2%\n# coleg\xe3o\n")
    with pytest.raises(PolicyError, match=f"{path}, line 3: not UTF-8"):
        load(path)
    with pytest.raises(PolicyError, match=f"{tmp_path}: cannot be read"):
        load(tmp_path)
    path.write_text("", encoding="utf-8")
    with pytest.raises(PolicyError, match=f"{path}, line 1: the file: .*dictionary"):
        load(path)


def test_the_start_stops_with_the_mistake(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    path = changed(tmp_path, "multa: 2%", "multa: 3%")
    monkeypatch.setenv("DEMO", "1")
    monkeypatch.setattr(context, "get_policy", lambda: load(path))
    assert cli.main(["billing"]) == 1
    assert f"combinado billing: {path}, line" in capsys.readouterr().err


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(PolicyError, match=r"nothing\.yml: not found"):
        load(tmp_path / "nothing.yml")


def test_the_version_changes_with_the_rules_and_not_with_the_comments(tmp_path: Path) -> None:
    commented = changed(tmp_path, "late_charges:", "# a remark\nlate_charges:")
    assert load(commented).version == load().version
    other = changed(tmp_path, "max_count: 12", "max_count: 10")
    assert load(other).version != load().version


@pytest.mark.parametrize("reason", Reason)
def test_paying_at_once_takes_off_at_least_what_a_plan_takes_off(reason: Reason) -> None:
    terms = load().terms(reason)
    for bucket in terms.at_once.discounts:
        assert bucket.multa >= terms.installments.multa
        assert bucket.juros >= terms.installments.juros


def test_only_what_a_reason_changes_differs() -> None:
    policy = load()
    assert policy.terms(Reason.UNKNOWN).installments == policy.installments
    assert policy.terms(Reason.CASH_FLOW).installments == policy.installments.model_copy(
        update={"first_due_days": 15}
    )


def test_the_creditor_is_who_the_file_says() -> None:
    assert get_creditor().legal_name == "Horizonte Comércio de Móveis Ltda."


def creditor_of(tmp_path: Path, creditor: tuple[str, str], negotiation: tuple[str, str]) -> Path:
    """The policies with one change in each file."""
    for name, (old, new) in {"creditor": creditor, "negotiation": negotiation}.items():
        text = (POLICIES / f"{name}.yml").read_text(encoding="utf-8")
        assert old in text
        (tmp_path / f"{name}.yml").write_text(text.replace(old, new, 1), encoding="utf-8")
    return tmp_path


SAME = ("name:", "name:")
RATES = ("multa: 2%  ", "multa: 1.5%")


def test_a_creditor_without_a_valid_cnpj_is_refused(tmp_path: Path) -> None:
    policies = creditor_of(tmp_path, ("0001-81", "0001-82"), SAME)
    with pytest.raises(PolicyError, match=r"line 4: cnpj: .*check digits"):
        load_creditor(policies)


def test_what_follows_is_told_with_the_rates_that_are_charged(tmp_path: Path) -> None:
    assert "multa de 2% uma vez e juros de 1% ao mês" in get_creditor().consequences[0]
    other = load_creditor(creditor_of(tmp_path, SAME, RATES))
    assert "multa de 1,5% uma vez e juros de 1% ao mês" in other.consequences[0]


def test_a_consequence_with_an_unknown_field_is_refused(tmp_path: Path) -> None:
    policies = creditor_of(tmp_path, ("multa de {multa}", "multa de {fine}"), SAME)
    with pytest.raises(PolicyError, match=r"consequences.*unknown field fine"):
        load_creditor(policies)
