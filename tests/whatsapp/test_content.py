"""What is said arrives whole, in as few messages as WhatsApp's limits allow."""

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.simulator import validation
from bot.simulator.media import MediaStore
from bot.whatsapp.content import BODY_LIMIT, TEXT_LIMIT, Choice, Say, fit, split, template
from tests.whatsapp.edge import MARIA, Json

URL = "https://loja.example/p/1"
LONG_TITLE = "Parcelar em doze vezes sem entrada com o primeiro vencimento em janeiro de 2027"

words = st.text(
    st.characters(codec="utf-8", exclude_categories=["Z", "C"]), min_size=1, max_size=30
)
prose = st.lists(
    st.tuples(words, st.sampled_from([" ", ". ", "! ", "\n", "\n\n", "  ", "… "])), max_size=400
).map(lambda pairs: "".join(word + gap for word, gap in pairs))
said = prose.filter(str.strip)
titles = st.lists(words, min_size=1, max_size=14).map(" ".join)
choices = st.lists(st.tuples(titles, st.just("") | titles), min_size=1, max_size=25).map(
    lambda pairs: tuple(Choice(f"id{n}", *pair) for n, pair in enumerate(pairs))
)


def options(count: int, title: str = "Opção {n}", description: str = "") -> tuple[Choice, ...]:
    """So many choices."""
    return tuple(Choice(f"id{n}", title.format(n=n), description) for n in range(1, count + 1))


def check(messages: list[Json]) -> None:
    """Let each message be judged by the limits of the Cloud API; raises on a breach."""
    assert messages
    for message in messages:
        validation.check_message(
            {"messaging_product": "whatsapp", "to": MARIA, **message}, MediaStore()
        )


def kinds(messages: list[Json]) -> list[str]:
    """The types, an interactive one by its own."""
    return [message.get("interactive", message)["type"] for message in messages]


def bodies(messages: list[Json]) -> list[str]:
    """The main words of each message."""
    return [_body(message[message["type"]]) for message in messages]


def _body(node: Any) -> str:
    body = node.get("body", node.get("caption", ""))
    return str(body["text"] if isinstance(body, dict) else body)


def tappable(messages: list[Json]) -> list[str]:
    """Ids of everything to tap, in order."""
    found = []
    for message in messages:
        action = message.get("interactive", {}).get("action", {})
        found += [button["reply"]["id"] for button in action.get("buttons", [])]
        found += [row["id"] for section in action.get("sections", []) for row in section["rows"]]
    return found


def rows(message: Json) -> list[Json]:
    """The rows of a list."""
    sections: list[Json] = message["interactive"]["action"]["sections"]
    return [row for section in sections for row in section["rows"]]


def words_of(text: str) -> list[str]:
    """The words of a text."""
    return text.split()


@pytest.mark.parametrize("count", [1, 2, 3])
def test_up_to_three_choices_are_buttons(count: int) -> None:
    """One message, every title whole."""
    messages = fit(Say("Como prefere?", choices=options(count)))
    check(messages)
    assert kinds(messages) == ["button"]
    replies = messages[0]["interactive"]["action"]["buttons"]
    assert [reply["reply"]["title"] for reply in replies] == [
        f"Opção {n}" for n in range(1, count + 1)
    ]


@pytest.mark.parametrize("count", [4, 7, 10])
def test_four_to_ten_choices_are_a_list(count: int) -> None:
    """One message, every choice in it."""
    messages = fit(Say("Como prefere?", choices=options(count)))
    check(messages)
    assert kinds(messages) == ["list"]
    assert tappable(messages) == [f"id{n}" for n in range(1, count + 1)]


@pytest.mark.parametrize(("count", "pages"), [(11, 2), (20, 2), (21, 3)])
def test_more_than_ten_choices_are_paged(count: int, pages: int) -> None:
    """None is dropped; each further list says which it is."""
    messages = fit(Say("Como prefere?", choices=options(count)))
    check(messages)
    assert kinds(messages) == ["list"] * pages
    assert tappable(messages) == [f"id{n}" for n in range(1, count + 1)]
    assert bodies(messages)[-1] == f"Mais opções ({pages} de {pages})"


@pytest.mark.parametrize("length", [20, 21])
def test_a_title_longer_than_a_button_makes_a_list(length: int) -> None:
    """Twenty characters fit, the twenty-first does not."""
    messages = fit(Say("Como prefere?", choices=(Choice("a", "x" * length), Choice("b", "Não"))))
    check(messages)
    assert kinds(messages) == ["button" if length == 20 else "list"]


def test_choices_with_descriptions_are_a_list() -> None:
    """Buttons have no place for them."""
    messages = fit(Say("Como prefere?", choices=options(2, description="sem juros")))
    check(messages)
    assert [row["description"] for row in rows(messages[0])] == ["sem juros"] * 2


def test_two_choices_of_one_title_are_a_list() -> None:
    """WhatsApp refuses two buttons that read alike."""
    messages = fit(Say("Qual conta?", choices=options(2, title="Energia")))
    check(messages)
    assert kinds(messages) == ["list"]


def test_a_title_longer_than_a_row_is_written_out_above() -> None:
    """The row is cut, the words are not."""
    choices = (Choice("a", LONG_TITLE, "total de R$ 1.234,56"), Choice("b", "Pagar hoje"))
    messages = fit(Say("Como prefere?", choices=choices))
    check(messages)
    assert f"1. {LONG_TITLE}: total de R$ 1.234,56\n2. Pagar hoje" in bodies(messages)[0]
    assert rows(messages[0])[0]["title"].endswith("…")


def test_many_long_titles_still_say_every_word() -> None:
    """The list above overflows its body and goes ahead in bubbles of text."""
    messages = fit(Say("Como prefere?", choices=options(10, LONG_TITLE + " {n}", "à vista " * 9)))
    check(messages)
    assert kinds(messages) == ["text", "list"]
    everything = " ".join(bodies(messages))
    assert all(f"{LONG_TITLE} {n}: à vista" in everything for n in range(1, 11))


def test_a_long_text_with_buttons_goes_ahead_and_its_end_keeps_the_buttons() -> None:
    """The question stands right above what is tapped."""
    text = "Uma frase qualquer. " * 100 + "Como prefere?"
    messages = fit(Say(text, choices=options(2)))
    check(messages)
    assert kinds(messages) == ["text", "button"]
    assert bodies(messages)[-1].endswith("Como prefere?")
    assert words_of(" ".join(bodies(messages))) == words_of(text)


def test_a_text_within_the_limit_is_one_message() -> None:
    """Every bubble costs."""
    assert fit(Say("a" * TEXT_LIMIT)) == [
        {"type": "text", "text": {"body": "a" * TEXT_LIMIT, "preview_url": False}}
    ]


@pytest.mark.parametrize("gap", [". ", "! ", "? ", "\n\n"])
def test_a_long_text_is_cut_where_a_sentence_ends(gap: str) -> None:
    """Each bubble can be read alone."""
    sentence = "Esta frase tem exatamente o que precisa ter" + gap
    messages = fit(Say((sentence * 200).strip()))
    check(messages)
    assert len(messages) == 3
    assert all(part.endswith(sentence.strip()) for part in bodies(messages))


def test_a_paragraph_is_a_better_place_to_cut_than_a_sentence() -> None:
    """What belongs together stays together."""
    first, second = "Um. " * 150, "Dois. " * 150
    assert split(f"{first.strip()}\n\n{second}", 1100)[0] == first.strip()


def test_a_word_longer_than_a_message_is_cut_but_not_lost() -> None:
    """A code or a URL without end."""
    assert "".join(split("x" * 10_000, TEXT_LIMIT)) == "x" * 10_000


def test_nothing_but_space_makes_no_empty_bubble() -> None:
    """Meta refuses a message without words."""
    assert split(" " * 5000 + "oi" + "\n" * 5000, TEXT_LIMIT) == ["oi"]


@given(prose, st.integers(min_value=60, max_value=1500))
def test_splitting_keeps_every_word_in_order_and_every_part_within_the_limit(
    text: str, limit: int
) -> None:
    """Nothing is cut silently."""
    parts = split(text, limit)
    assert words_of(" ".join(parts)) == words_of(text)
    assert all(len(part) <= limit for part in parts)
    assert all(parts) or not text.strip()


@given(st.text(max_size=6000), st.integers(min_value=1, max_value=200))
def test_splitting_anything_loses_nothing_but_space(text: str, limit: int) -> None:
    """Even without one place to cut at."""
    parts = split(text, limit)
    assert re.sub(r"\s", "", "".join(parts)) == re.sub(r"\s", "", text)
    assert all(len(part) <= limit for part in parts)


@given(said, choices)
def test_any_choices_keep_every_limit_every_id_and_every_word(
    text: str, choices: tuple[Choice, ...]
) -> None:
    """Whatever is offered, Meta takes it and the person can read and tap all of it."""
    messages = fit(Say(text.strip(), choices=choices))
    check(messages)
    assert tappable(messages) == [choice.id for choice in choices]
    shown = [title for message in messages for title in _titles(message)]
    everything = set(words_of(re.sub("[:…]", " ", " ".join([*bodies(messages), *shown]))))
    for choice in choices:
        told = re.sub("[:…]", " ", f"{choice.title} {choice.description}")
        assert set(words_of(told)) <= everything
    assert words_of(" ".join(bodies(messages)))[: len(words_of(text))] == words_of(text)


def _titles(message: Json) -> list[str]:
    action = message.get("interactive", {}).get("action", {})
    titles = [button["reply"]["title"] for button in action.get("buttons", [])]
    for section in action.get("sections", []):
        titles += [f"{row['title']} {row.get('description', '')}" for row in section["rows"]]
    return titles


@given(said, titles)
def test_any_link_keeps_every_limit_and_every_word(text: str, title: str) -> None:
    """A button while its title fits, else the URL in the text."""
    messages = fit(Say(text.strip(), link=(title, URL)))
    check(messages)
    assert URL in str(messages[-1])
    everything = " ".join(bodies(messages))
    if kinds(messages)[-1] == "text":
        assert f"{title}: {URL}" in everything
    assert words_of(everything)[: len(words_of(text))] == words_of(text)


@given(said)
def test_any_document_keeps_every_limit_and_every_word(text: str) -> None:
    """What does not fit the caption goes ahead."""
    messages = fit(Say(text.strip(), document=("boleto.pdf", URL)))
    check(messages)
    assert words_of(" ".join(bodies(messages))) == words_of(text)


def test_a_link_is_a_button_that_opens_it() -> None:
    """One bubble with the words and the button."""
    [message] = fit(Say("Seu boleto está pronto.", link=("Ver boleto", URL)))
    check([message])
    assert message["interactive"] == {
        "type": "cta_url",
        "body": {"text": "Seu boleto está pronto."},
        "action": {"name": "cta_url", "parameters": {"display_text": "Ver boleto", "url": URL}},
    }


def test_a_link_under_a_long_text_keeps_the_end_of_it() -> None:
    """The rest goes ahead."""
    messages = fit(Say("Uma frase. " * 150, link=("Ver boleto", URL)))
    check(messages)
    assert kinds(messages) == ["text", "cta_url"]
    assert len(bodies(messages)[-1]) <= BODY_LIMIT


def test_a_document_has_its_name_and_its_caption() -> None:
    """By link, as our own pages give it."""
    [message] = fit(Say("Segue o boleto.", document=("boleto.pdf", URL)))
    check([message])
    assert message["document"] == {
        "link": URL,
        "filename": "boleto.pdf",
        "caption": "Segue o boleto.",
    }


def test_a_document_without_words_has_no_caption() -> None:
    """Meta refuses an empty one."""
    [message] = fit(Say("", document=("boleto.pdf", URL)))
    check([message])
    assert "caption" not in message["document"]


def test_a_template_carries_its_parameters_in_order() -> None:
    """All that may be sent when the window is closed."""
    message = template("aviso_de_conta", "pt_BR", ["Maria", "R$ 99,90"])
    check([message])
    assert message["template"] == {
        "name": "aviso_de_conta",
        "language": {"code": "pt_BR"},
        "components": [
            {
                "type": "body",
                "parameters": [
                    {"type": "text", "text": "Maria"},
                    {"type": "text", "text": "R$ 99,90"},
                ],
            }
        ],
    }


def test_a_template_without_parameters_has_no_components() -> None:
    """An empty body component is refused."""
    message = template("aviso_de_conta", "pt_BR", [])
    check([message])
    assert message["template"]["components"] == []
