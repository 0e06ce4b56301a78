"""A conversation as a test story: what was said without whoever said it, and what followed."""

from typing import Any

import pytest
import yaml

from bot.training.stories import Recorded, as_story, path_of, read_events, rules_in

FORM = "negotiation_form"
RULES = {"greet": "action_greet", "goodbye": "action_explain"}

Event = dict[str, Any]


def _said(text: str, intent: str, turn: str, **metadata: str) -> Event:
    return {
        "event": "user",
        "text": text,
        "parse_data": {"intent": {"name": intent}},
        "metadata": {"turn_id": turn, **metadata},
    }


def _done(action: str, *responses: str, asks: str = "customer_id") -> list[Event]:
    """What Rasa notes of an action: what it says, what is open then, and that it listens."""
    return [
        {"event": "action", "name": action},
        *({"event": "bot", "metadata": {"phrasing": f"{name}.0"}} for name in responses),
        {"event": "slot", "name": "requested_slot", "value": asks},
        {"event": "active_loop", "name": FORM},
        {"event": "followup", "name": "action_listen"},
        {"event": "action", "name": "action_listen"},
    ]


EVENTS = [
    {"event": "action", "name": "action_session_start"},
    {"event": "session_started"},
    {"event": "action", "name": "action_listen"},
    _said("oi, aqui é a Zuleica Prado", "greet", "1"),
    *_done("action_greet", "utter_introduction", "utter_identify"),
    {"event": "slot", "name": "customer_name", "value": "Quiteria"},
    _said("Quiteria [aqui]\nmeu cpf é 111.444.777-35", "inform_identity", "2"),
    *_done(FORM, asks="reason"),
    _said('/choose_option{"offer_id": "f3"}', "choose_option", "3", said="À vista"),
    *_done(FORM, "utter_summary", asks="consent"),
    _said("ficou sem resposta", "greet", "4"),
]


def _steps(story: str) -> list[dict[str, Any]]:
    [only] = yaml.safe_load(story)["stories"]
    steps: list[dict[str, Any]] = only["steps"]
    return steps


def test_a_conversation_is_a_story_rasa_can_read() -> None:
    """The form is open from the turn on in which it could first be predicted."""
    story = as_story("Paga à vista", read_events(EVENTS, ["Zuleica Prado"]), RULES)
    said, *_, identity, loop, _, _, tap, _, _ = _steps(story)
    assert said["intent"] == "greet"
    assert identity["intent"] == "inform_identity"
    assert loop == {"active_loop": FORM}
    assert tap == {"intent": "choose_option"}
    assert [step["action"] for step in _steps(story) if "action" in step] == [
        "action_greet", FORM, FORM]  # fmt: skip
    assert "  # respondeu: utter_introduction, utter_identify\n" in story


def test_nothing_tells_who_it_was() -> None:
    story = as_story("Zuleica", read_events(EVENTS, ["Zuleica Prado"]), RULES)
    for personal in ("Zuleica Prado", "Quiteria", "111.444.777-35", "f3"):
        assert personal not in story
    assert "(aqui)" in story


def test_what_should_have_been_heard_is_what_is_tested() -> None:
    """With the rule of that intent, unless the form decides."""
    found = read_events(EVENTS)
    steps = _steps(as_story("x", found, RULES, {"1": "goodbye", "2": "affirm"}))
    assert (steps[0]["intent"], steps[1]) == ("goodbye", {"action": "action_explain"})
    assert (steps[2]["intent"], steps[4]) == ("affirm", {"action": FORM})


def test_each_session_is_a_story() -> None:
    two = as_story("x", read_events([*EVENTS, *EVENTS]), RULES)
    assert [story["story"] for story in yaml.safe_load(two)["stories"]] == ["x (1)", "x (2)"]


def test_a_turn_without_an_answer_is_left_out() -> None:
    assert [turn.turn_id for turn in read_events(EVENTS).turns] == ["1", "2", "3"]
    assert read_events([]) == Recorded(())


@pytest.mark.parametrize(
    ("title", "path"),
    [
        ("Paga à vista!", "tests/stories/test_paga_a_vista.yml"),
        ("../../etc/passwd", "tests/stories/test_etc_passwd.yml"),
    ],
)
def test_a_title_names_the_file(title: str, path: str) -> None:
    assert path_of(title) == path


def test_the_rules_of_the_project_say_what_answers() -> None:
    rule = "rules:\n- rule: x\n  steps:\n  - intent: greet\n  - action: action_greet\n"
    assert rules_in({"data/rules/a.yml": rule, "domain.yml": "x"}) == {"greet": "action_greet"}
