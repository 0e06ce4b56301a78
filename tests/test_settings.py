"""A missing or malformed setting stops the start with one line that says which and why."""

import os
import subprocess
import sys

import pytest

from bot.settings import DEMO_SECRETS, PROJECT


def _start(**environment: str) -> subprocess.CompletedProcess[str]:
    clean = {
        k: v
        for k, v in os.environ.items()
        if k not in {"DEMO", "PUBLIC_URL", *map(str.upper, DEMO_SECRETS)}
    }
    return subprocess.run(
        [sys.executable, "-m", "bot.cli", "web"],
        env={**clean, **environment},
        cwd=PROJECT,
        capture_output=True,
        text=True,
        timeout=60,
    )


def test_outside_the_demo_no_secret_has_a_default() -> None:
    """All that are missing are named at once."""
    done = _start()
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert all(name.upper() in done.stderr for name in DEMO_SECRETS)


@pytest.mark.parametrize(
    ("name", "value"),
    [("WEB_PORT", "eighty"), ("WHATSAPP_API_VERSION", "26"), ("BURST_SECONDS", "-1")],
)
def test_a_malformed_setting_is_named_with_its_value(name: str, value: str) -> None:
    """And nothing starts."""
    done = _start(DEMO="1", **{name: value})
    assert done.returncode == 1
    assert name in done.stderr
    assert value in done.stderr
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize("process", ["billing", "worker"])
def test_asaas_without_its_settings_stops_whoever_would_ask_it(process: str) -> None:
    """All that are missing are named at once."""
    done = subprocess.run(
        [sys.executable, "-m", "bot.cli", process],
        env={**os.environ, "DEMO": "1", "BILLING_PROVIDER": "asaas", "ASAAS_API_KEY": "key"},
        cwd=PROJECT,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 1
    assert "ASAAS_API_URL, ASAAS_WEBHOOK_TOKEN: not set" in done.stderr
    assert done.stderr.count("\n") == 1
