"""What being late costs, to the cent, and the days on which nobody is late."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.billing.calendar import is_business_day, next_business_day
from bot.billing.late_charges import Account, LateChargePolicy, late_charges

LEGAL = LateChargePolicy(multa_rate=Decimal("0.02"), juros_rate=Decimal("0.01"))
FREE = LateChargePolicy(multa_rate=Decimal(0), juros_rate=Decimal(0))
TUESDAY = date(2026, 3, 10)
SATURDAY = date(2026, 3, 14)

principals = st.decimals("0.00", "99999999.99", places=2)
days = st.dates(date(2018, 1, 1), date(2035, 12, 31))
delays = st.integers(0, 3000).map(timedelta)
policies = st.builds(
    LateChargePolicy,
    multa_rate=st.decimals("0", "0.02", places=4),
    juros_rate=st.decimals("0", "0.01", places=4),
)


def charged(principal, due, days_after, policy=LEGAL):
    return late_charges(Decimal(principal), due, due + timedelta(days=days_after), policy)


def test_a_hundred_reais_five_days_late_cost_two_reais_and_seventeen_cents():
    charges = charged("100.00", TUESDAY, 5)
    assert (charges.multa, charges.juros) == (Decimal("2.00"), Decimal("0.17"))
    assert charges.total == Decimal("102.17")
    assert charges.days_late == 5


@pytest.mark.parametrize(
    ("principal", "days_after", "multa", "juros"),
    [
        ("100.00", 1, "2.00", "0.03"),
        ("100.00", 30, "2.00", "1.00"),
        ("100.00", 45, "2.00", "1.50"),
        ("0.01", 30, "0.00", "0.00"),
        ("0.25", 6, "0.01", "0.00"),
        ("389.90", 75, "7.80", "9.75"),
        ("1234.56", 365, "24.69", "150.20"),
        ("99999999.99", 3000, "2000000.00", "99999999.99"),
    ],
)
def test_each_component_is_rounded_half_up_once_at_the_end(principal, days_after, multa, juros):
    charges = charged(principal, TUESDAY, days_after)
    assert (charges.multa, charges.juros) == (Decimal(multa), Decimal(juros))


def test_half_a_cent_is_a_cent():
    """15.00 × 1 % ÷ 30 × 1 day is half a cent."""
    assert charged("15.00", TUESDAY, 1).juros == Decimal("0.01")
    assert charged("14.99", TUESDAY, 1).juros == Decimal("0.00")


def test_paying_on_time_costs_nothing():
    for days_after in (-30, -1, 0):
        charges = charged("100.00", TUESDAY, days_after)
        assert (charges.total, charges.days_late) == (Decimal("100.00"), 0)


def test_a_bill_due_on_a_saturday_is_paid_on_monday_at_no_charge():
    """Lei 7.089/1983."""
    for days_after in (0, 1, 2):
        charges = charged("100.00", SATURDAY, days_after)
        assert charges.total == Decimal("100.00")
        assert charges.payable_until == date(2026, 3, 16)


def test_past_the_extension_juros_run_from_the_original_due_date():
    charges = charged("100.00", SATURDAY, 3)
    assert charges.days_late == 3
    assert (charges.multa, charges.juros) == (Decimal("2.00"), Decimal("0.10"))


def test_a_bill_due_before_carnival_monday_waits_for_ash_wednesday():
    due = date(2026, 2, 14)
    assert charged("100.00", due, 4).total == Decimal("100.00")
    assert charged("100.00", due, 5).days_late == 5


def test_the_memoria_de_calculo_names_every_addition_and_its_law():
    """Lei SP 14.953/2013: the original value and each addition, named and computed."""
    lines = charged("1234.56", TUESDAY, 5).lines
    assert [(line.label, line.formula, str(line.amount), line.source) for line in lines] == [
        ("Valor original", "vencido em 10/03/2026", "1234.56", ""),
        (
            "Multa por atraso",
            "2% sobre R$ 1.234,56, uma única vez",
            "24.69",
            "CDC, art. 52, § 1º",
        ),
        (
            "Juros de mora",
            "1% ao mês ÷ 30 × 5 dias sobre R$ 1.234,56",
            "2.06",
            "CC, art. 406; Súmula 379 do STJ",
        ),
    ]


def test_the_memoria_de_calculo_says_one_day_and_a_broken_rate():
    policy = LateChargePolicy(multa_rate=Decimal("0.015"), juros_rate=Decimal("0.0050"))
    _, multa, juros = charged("300.00", TUESDAY, 1, policy).lines
    assert multa.formula == "1,5% sobre R$ 300,00, uma única vez"
    assert juros.formula == "0,5% ao mês ÷ 30 × 1 dia sobre R$ 300,00"


def test_what_was_not_charged_is_not_a_line():
    assert [line.label for line in charged("100.00", TUESDAY, 0).lines] == ["Valor original"]
    assert [line.label for line in charged("100.00", TUESDAY, 9, FREE).lines] == ["Valor original"]


@given(principals, days, delays, policies)
def test_the_lines_add_up_to_the_total(principal, due, delay, policy):
    charges = late_charges(principal, due, due + delay, policy)
    assert sum(line.amount for line in charges.lines) == charges.total
    assert charges.total == principal + charges.multa + charges.juros


@given(principals, days, delays, delays, policies)
def test_paying_later_never_costs_less(principal, due, delay, longer, policy):
    sooner = late_charges(principal, due, due + delay, policy)
    later = late_charges(principal, due, due + delay + longer, policy)
    assert sooner.total <= later.total


@given(principals, days, delays)
def test_no_policy_charges_more_than_the_law_allows(principal, due, delay):
    charges = late_charges(principal, due, due + delay, LEGAL)
    half_a_cent = Decimal("0.005")
    assert charges.multa <= principal * Decimal("0.02") + half_a_cent
    assert charges.juros * 3000 <= principal * delay.days + half_a_cent * 3000


@pytest.mark.parametrize(
    ("multa_rate", "juros_rate", "error", "problem"),
    [
        ("0.0201", "0.01", ValueError, "multa_rate: 0.0201 is above .*CDC, art. 52, § 1º"),
        ("0.02", "0.0101", ValueError, "juros_rate: 0.0101 is above .*CC, art. 406"),
        ("2", "0.01", ValueError, r"multa_rate: 2 is not a fraction .*1 % is 0.01"),
        ("-0.01", "0.01", ValueError, "multa_rate: -0.01 is not a fraction"),
        ("0.02", "NaN", ValueError, "juros_rate: NaN is not a fraction"),
    ],
)
def test_a_policy_above_the_legal_caps_is_refused(multa_rate, juros_rate, error, problem):
    with pytest.raises(error, match=problem):
        LateChargePolicy(multa_rate=Decimal(multa_rate), juros_rate=Decimal(juros_rate))


def test_a_rate_in_float_is_refused():
    with pytest.raises(TypeError, match="multa_rate: expected a Decimal"):
        LateChargePolicy(multa_rate=0.02, juros_rate=Decimal("0.01"))


@pytest.mark.parametrize(
    ("principal", "error", "problem"),
    [
        (100.0, TypeError, "principal: expected a Decimal"),
        (Decimal("-1.00"), ValueError, "principal: -1.00 is negative"),
        (Decimal("1.005"), ValueError, "principal: 1.005 has more than 2 decimals"),
        (Decimal("1E+12"), ValueError, "principal: .* too large"),
    ],
)
def test_a_principal_that_is_not_whole_cents_is_refused(principal, error, problem):
    with pytest.raises(error, match=problem):
        late_charges(principal, TUESDAY, TUESDAY, LEGAL)


@pytest.mark.parametrize(
    "day",
    [
        date(2026, 1, 1),
        date(2026, 2, 16),
        date(2026, 2, 17),
        date(2026, 4, 3),
        date(2026, 4, 21),
        date(2026, 5, 1),
        date(2026, 6, 4),
        date(2026, 9, 7),
        date(2026, 10, 12),
        date(2026, 11, 2),
        date(2024, 11, 15),
        date(2026, 11, 20),
        date(2026, 12, 25),
        date(2026, 12, 31),
        date(2026, 3, 14),
        date(2026, 3, 15),
    ],
)
def test_banks_are_closed_on_national_holidays_weekends_and_the_last_of_the_year(day):
    assert not is_business_day(day)


@pytest.mark.parametrize(
    "day",
    [
        date(2026, 2, 18),  # Ash Wednesday: open from noon
        date(2026, 12, 24),  # Christmas Eve: open from 9 to 11 (FEBRABAN)
        date(2026, 7, 9),  # a holiday in São Paulo only
        date(2023, 11, 20),  # national only since Lei 14.759/2023
        date(2026, 12, 30),
    ],
)
def test_banks_are_open_on_half_days_and_local_holidays(day):
    assert is_business_day(day)


def test_the_next_business_day_after_new_years_eve_is_in_the_new_year():
    assert next_business_day(date(2026, 12, 31)) == date(2027, 1, 4)
    assert next_business_day(TUESDAY) == TUESDAY


# --- after a partial payment

amounts = st.lists(
    st.tuples(st.integers(0, 400), st.decimals("0.01", "300.00", places=2)), max_size=8
)


@given(principal=st.decimals("1.00", "2000.00", places=2), due=days, payments=amounts)
def test_payments_on_a_bill_lose_no_cent(principal, due, payments):
    """What came in is what it paid; what is left is the rest; the lines add up to it."""
    bill, paid = Account(principal, due), []
    for after, amount in sorted(payments):
        owed = bill.on(due + timedelta(days=after), LEGAL).total
        bill, part = bill.pay(amount, due + timedelta(days=after), LEGAL)
        assert part.total == min(amount, owed)
        assert bill.on(due + timedelta(days=after), LEGAL).total == owed - part.total
        assert part.principal == 0 or bill.carried == 0
        paid.append(part)
    now = bill.on(due + timedelta(days=500), LEGAL)
    assert bill.principal == principal - sum(part.principal for part in paid)
    assert sum(line.amount for line in now.memory(principal, paid)) == now.total


def test_the_multa_is_charged_once_and_juros_run_on_what_is_left():
    """100.00 after 30 days: 103.00; 53.00 paid leaves 50.00, on which 30 days cost 0.50."""
    bill, paid = Account(Decimal("100.00"), TUESDAY).pay(
        Decimal("53.00"), TUESDAY + timedelta(days=30), LEGAL
    )
    assert (paid.late_charges, paid.principal) == (Decimal("3.00"), Decimal("50.00"))
    later = bill.on(TUESDAY + timedelta(days=60), LEGAL)
    assert (later.multa, later.juros, later.total) == (0, Decimal("0.50"), Decimal("50.50"))


def test_a_part_paid_in_time_is_not_late():
    bill, paid = Account(Decimal("100.00"), TUESDAY).pay(Decimal("40.00"), TUESDAY, LEGAL)
    assert (paid.late_charges, bill.juros_from) == (0, None)
    assert bill.on(TUESDAY + timedelta(days=30), LEGAL).multa == Decimal("1.20")


def test_the_memoria_tells_each_payment_with_its_day():
    bill, paid = Account(Decimal("100.00"), TUESDAY), []
    for after in (30, 60):
        bill, part = bill.pay(Decimal("20.00"), TUESDAY + timedelta(days=after), LEGAL)
        paid.append(part)
    lines = bill.on(TUESDAY + timedelta(days=90), LEGAL).memory(Decimal("100.00"), paid)
    assert [(line.label, line.formula, str(line.amount)) for line in lines] == [
        ("Valor original", "vencido em 10/03/2026", "100.00"),
        ("Multa e juros", "até 09/05/2026", "3.83"),
        ("Pago em 09/04/2026", "R$ 3,00 de multa e juros, o resto do valor original", "-20.00"),
        ("Pago em 09/05/2026", "R$ 0,83 de multa e juros, o resto do valor original", "-20.00"),
        ("Juros de mora", "1% ao mês ÷ 30 × 30 dias sobre R$ 63,83", "0.64"),
    ]
