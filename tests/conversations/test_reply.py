"""From what Rasa says to as few bubbles as the content allows, and what else happens."""

from typing import Any

import pytest

from bot.conversations.reply import Bubble, Reply
from bot.whatsapp.content import Choice, Say

URL = "https://loja.example/p/1"


def text(words: str) -> Bubble:
    """Rasa says a text."""
    return {"recipient_id": "1", "text": words}


def custom(kind: str, **values: Any) -> Bubble:
    """An action does something other than words."""
    return {"recipient_id": "1", "custom": {"type": kind, **values}}


def offers(*titles: str) -> Bubble:
    """An action offers choices, each with its own command."""
    choices = [{"title": title, "payload": f"/choose{{{title}}}"} for title in titles]
    return custom("choices", choices=choices)


def titles(say: Say) -> list[str]:
    """What can be tapped under a bubble."""
    return [choice.title for choice in say.choices]


def test_texts_that_follow_one_another_are_one_bubble() -> None:
    """Every message costs; a blank line keeps them apart."""
    assert Reply.of([text("Oi."), text("Tudo bem?"), text("Sou o assistente.")]).says == [
        Say("Oi.\n\nTudo bem?\n\nSou o assistente.")
    ]


def test_choices_hang_under_the_words_before_them() -> None:
    """One bubble with words and buttons."""
    [say] = Reply.of([text("Encontrei duas contas."), text("Como prefere?"), offers("A", "B")]).says
    assert say.text == "Encontrei duas contas.\n\nComo prefere?"
    assert titles(say) == ["A", "B"]


def test_words_after_choices_are_another_bubble() -> None:
    """And in their order."""
    says = Reply.of([text("um"), offers("A"), text("dois"), text("três"), offers("B")]).says
    assert [(say.text, titles(say)) for say in says] == [("um", ["A"]), ("dois\n\ntrês", ["B"])]


def test_each_choice_gets_an_id_of_its_own_that_says_nothing() -> None:
    """The command stays with us; the same command offered twice has two ids."""
    reply = Reply.of([text("um"), offers("A", "A"), text("dois"), offers("A")])
    ids = [choice.id for say in reply.says for choice in say.choices]
    assert len(set(ids)) == 3
    assert {reply.payloads[each] for each in ids} == {"/choose{A}"}
    assert not any("choose" in each for each in ids)


def test_ids_differ_from_one_turn_to_the_next() -> None:
    """An old button is not a new one."""
    first, second = (Reply.of([text("um"), offers("A")]) for _ in range(2))
    assert not set(first.payloads) & set(second.payloads)


def test_a_description_goes_with_its_choice() -> None:
    """And is empty when there is none."""
    choices = [
        {"title": "A", "payload": "/a", "description": "sem juros"},
        {"title": "B", "payload": "/b"},
    ]
    [say] = Reply.of([text("um"), custom("choices", choices=choices)]).says
    assert [choice.description for choice in say.choices] == ["sem juros", ""]


def test_buttons_of_a_response_are_choices() -> None:
    """Trainers may write them in the domain."""
    bubble = {**text("Posso ajudar?"), "buttons": [{"title": "Sim", "payload": "/affirm"}]}
    reply = Reply.of([text("Oi."), bubble])
    [say] = reply.says
    assert (say.text, titles(say)) == ("Oi.\n\nPosso ajudar?", ["Sim"])
    assert list(reply.payloads.values()) == ["/affirm"]


def test_a_link_takes_the_words_before_it() -> None:
    """As its body."""
    link = custom("link", title="Ver boleto", url=URL)
    assert Reply.of([text("Pronto."), link]).says == [Say("Pronto.", link=("Ver boleto", URL))]


def test_a_document_takes_the_words_before_it() -> None:
    """As its caption."""
    document = custom("document", filename="boleto.pdf", url=URL)
    assert Reply.of([text("Segue."), document]).says == [
        Say("Segue.", document=("boleto.pdf", URL))
    ]


def test_a_document_needs_no_words() -> None:
    """It is a bubble of its own."""
    document = custom("document", filename="boleto.pdf", url=URL)
    assert Reply.of([document]).says == [Say("", document=("boleto.pdf", URL))]


def test_what_is_to_be_copied_stands_alone() -> None:
    """Held down and copied, nothing else comes with it."""
    code = "23793.38128 60007.827136 95000.063305 9 75520000370000"
    reply = Reply.of([text("O código:"), custom("copyable", text=code), text("Vence amanhã.")])
    assert reply.says == [Say("O código:"), Say(code), Say("Vence amanhã.")]


def test_two_codes_are_two_bubbles() -> None:
    """Boleto and Pix are copied apart."""
    reply = Reply.of([custom("copyable", text="boleto"), custom("copyable", text="pix")])
    assert reply.says == [Say("boleto"), Say("pix")]


@pytest.mark.parametrize(
    ("bubble", "effect"),
    [
        (custom("handoff", reason="dispute"), {"handoff": "dispute"}),
        (custom("stop_contact", reason="opt_out"), {"stop_contact": "opt_out"}),
        (custom("close_choices"), {"closes_choices": True}),
        (custom("done"), {}),
        (custom("something_new"), {}),
    ],
    ids=["handoff", "stop_contact", "close_choices", "done", "something new"],
)
def test_what_else_happens_says_nothing_and_splits_nothing(
    bubble: Bubble, effect: dict[str, Any]
) -> None:
    """The words around it are still one bubble, and only this effect is there."""
    reply = Reply.of([text("um"), bubble, text("dois")])
    nothing = {"handoff": None, "stop_contact": None, "closes_choices": False}
    assert reply.says == [Say("um\n\ndois")]
    assert {name: getattr(reply, name) for name in nothing} == {**nothing, **effect}


def test_several_effects_come_together() -> None:
    """A person who died: nobody writes again, and somebody looks."""
    reply = Reply.of(
        [
            text("Sinto muito."),
            custom("stop_contact", reason="death"),
            custom("handoff", reason="death"),
            custom("done"),
        ]
    )
    assert (reply.stop_contact, reply.handoff) == ("death", "death")
    assert reply.says == [Say("Sinto muito.")]


@pytest.mark.parametrize("bubbles", [[], [custom("done")], [text(""), text(" \n ")], [{}]])
def test_nothing_said_makes_no_bubble(bubbles: list[Bubble]) -> None:
    """WhatsApp takes no empty message."""
    assert Reply.of(bubbles).says == []


def test_space_around_words_is_left_out() -> None:
    """Domain files end lines with it."""
    assert Reply.of([text("  Oi. \n"), text("\nTudo bem? ")]).says == [Say("Oi.\n\nTudo bem?")]


def test_a_choice_is_what_the_person_sees() -> None:
    """Id, title and description, nothing of the command."""
    [say] = Reply.of([text("um"), offers("A")]).says
    [choice] = say.choices
    assert choice == Choice(choice.id, "A", "")
