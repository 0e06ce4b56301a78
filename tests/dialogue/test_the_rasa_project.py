"""What trainers write hangs together: intents, examples, rules, words."""

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

import yaml

from bot.settings import PROJECT

DOMAIN: dict[str, Any] = yaml.safe_load((PROJECT / "domain.yml").read_text())
NEVER_TYPED = {"stale_choice", "none_of_these", "voice_message", "unreadable_message"}


def _examples() -> Iterator[tuple[str, str]]:
    for file in (PROJECT / "data" / "nlu").glob("*.yml"):
        for block in yaml.safe_load(file.read_text())["nlu"]:
            for line in block["examples"].splitlines():
                if line.startswith("- ") and "intent" in block:  # else it is of synonyms
                    yield block["intent"], line[2:]


def test_every_intent_has_honest_examples() -> None:
    """At least a dozen, and none for what is never typed."""
    counts = Counter(intent for intent, _ in _examples())
    typed = set(DOMAIN["intents"]) - NEVER_TYPED
    assert set(counts) == typed
    assert len(typed) >= 50
    assert min(counts.values()) >= 12


def test_no_example_stands_under_two_intents() -> None:
    """The same words cannot mean two things to a classifier."""
    seen: dict[str, str] = {}
    for intent, text in _examples():
        plain = re.sub(r"\[([^\]]+)\](\([^)]*\)|\{[^}]*\})", r"\1", text).lower().strip()
        assert seen.setdefault(plain, intent) == intent, plain


def test_every_intent_has_its_rule() -> None:
    """None is left to chance."""
    ruled = {
        step["intent"]
        for file in (PROJECT / "data" / "rules").glob("*.yml")
        for rule in yaml.safe_load(file.read_text())["rules"]
        for step in rule["steps"]
        if "intent" in step
    }
    assert ruled == set(DOMAIN["intents"]) | {"nlu_fallback"}


def test_every_response_an_action_says_exists() -> None:
    """A name misspelt in code would be silence in a chat."""
    code = "\n".join(file.read_text() for file in (PROJECT / "actions").glob("*.py"))
    named = set(re.findall(r'"((?:utter|line|title|count)_[a-z_]+)"', code))
    assert named <= set(DOMAIN["responses"])
    by_intent = {f"utter_empathy_{reason}" for reason in DOMAIN["intents"] if "reason_" in reason}
    assert by_intent <= set(DOMAIN["responses"])
