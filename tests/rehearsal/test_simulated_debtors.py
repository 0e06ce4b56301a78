"""The gate: simulated debtors talk to the whole house, and nobody is wronged or left standing."""

import json
import subprocess
import sys
from typing import Any

import pytest

from bot.settings import PROJECT, get_settings

CONVERSATIONS = 40
SEED = 1


@pytest.fixture(scope="module")
def figures(database: None) -> dict[str, Any]:
    """What `combinado simulate` measured."""
    command = ["simulate", "--conversations", str(CONVERSATIONS), "--seed", str(SEED)]
    done = subprocess.run(
        [sys.executable, "-m", "bot.cli", *command], cwd=PROJECT, capture_output=True, text=True
    )
    file = get_settings().var_dir / "simulate" / str(SEED) / "figures.json"
    assert file.exists(), done.stderr
    found: dict[str, Any] = json.loads(file.read_text())
    return found | {"report": done.stdout, "exit": done.returncode}


def test_nobody_is_left_without_a_way_on(figures: dict[str, Any]) -> None:
    """No dead end."""
    assert figures["dead_ends"] == 0, figures["report"]


def test_no_rule_is_broken(figures: dict[str, Any]) -> None:
    """On no message of any conversation."""
    assert figures["violations"] == 0, figures["report"]


def test_most_who_can_pay_agree_without_a_person(figures: dict[str, Any]) -> None:
    """Seven of ten at least."""
    assert figures["agreed_share"] >= 0.7, figures["report"]


def test_an_agreement_takes_few_messages(figures: dict[str, Any]) -> None:
    """Eight of the bot's at the median, codes and all."""
    assert figures["bot_messages_per_agreement"] <= 8, figures["report"]


def test_the_exit_code_says_whether_it_went_well(figures: dict[str, Any]) -> None:
    """For scripts."""
    is_clean = figures["dead_ends"] == figures["violations"] == 0
    assert figures["exit"] == (0 if is_clean else 1)
