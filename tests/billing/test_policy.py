"""The policy file: read once, refused with the place of the mistake."""

from pathlib import Path

import pytest

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


@pytest.mark.parametrize(
    ("old", "new", "field", "says"),
    [
        ("multa: 2%", "multa: 3%", "late_charges.multa", "legal cap of 2%.*CDC"),
        ("juros_monthly: 1%", "juros_monthly: 1.5%", "late_charges.juros_monthly", "cap of 1%"),
        ("multa: 2%", "multa: 2", "late_charges.multa", "not a percentage like 2%"),
        ("max_count: 24", "max_count: 61", r"reasons.*max_count", "cap of 60.*Lei 14.181"),
        ("max_count: 12", "max_count: 0", "installments.max_count", "greater than or equal to 1"),
        ("valid_days: 0", "valid_dais: 0", "offers.valid_days", "required"),
        ('min_value: "40.00"', "min_value: 40.00", "installments.min_value", "between quotes"),
        ("up_to_days: 90,", "up_to_days: 20,", "at_once", "must grow"),
        ('code: "237"', 'code: "999"', "bank.code", "pattern"),
        ("{discount} e resolve", "{discont} e resolve", "why.full_discount", "unknown field"),
        ("reason_forgot:", "reason_forgotten:", "reasons.reason_forgotten", "Input should be"),
        ("offers:\n", "offers\n", "", "not YAML"),
    ],
)
def test_a_mistake_is_named_with_file_line_and_field(
    tmp_path: Path, old: str, new: str, field: str, says: str
) -> None:
    path = changed(tmp_path, old, new)
    with pytest.raises(PolicyError, match=f"{path}, line [0-9]+: {field}.*{says}"):
        load(path)


def test_the_line_named_is_the_line_of_the_mistake(tmp_path: Path) -> None:
    path = changed(tmp_path, "juros_monthly: 1%", "juros_monthly: 2%")
    with pytest.raises(PolicyError, match=f"line {line_of(path, 'juros_monthly')}:"):
        load(path)


def test_an_adjustment_that_makes_no_sense_names_its_reason(tmp_path: Path) -> None:
    path = changed(tmp_path, "{first_due_days: 15}", "{first_due_days: 45}")
    with pytest.raises(PolicyError, match=r"reason_cash_flow.*max_first_due_days"):
        load(path)


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
