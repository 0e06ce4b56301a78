"""No CPF, full phone or token in a log."""

import pytest

from bot.logs import mask


@pytest.mark.parametrize(
    ("said", "hidden"),
    [
        ("cpf 529.982.247-25 ok", "982"),
        ("cpf 52998224725", "52998"),
        ("phone +55 11 98765-4321", "98765"),
        ("to 5511987654321", "987654"),
        ("cnpj 11.222.333/0001-81", "222.333"),
        ("Authorization: Bearer EAAG.abc-123", "EAAG"),
        ("GET /?hub.verify_token=secret&x=1", "secret"),
    ],
)
def test_personal_data_and_secrets_are_masked(said: str, hidden: str) -> None:
    """Wherever they stand in the line."""
    assert hidden not in mask(said)


def test_amounts_and_dates_stay_readable() -> None:
    """Masking everything would hide the story."""
    assert mask("R$ 1.234,56 due 2026-12-10") == "R$ 1.234,56 due 2026-12-10"
