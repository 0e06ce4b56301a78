"""What trainers write is edited in place: the line that changes, and nothing beside it."""

import difflib
from pathlib import Path

import pytest
import yaml
from hypothesis import example, given
from hypothesis import strategies as st

from bot.nlu.examples import examples_in
from bot.nlu.writing import (
    AddExample,
    AddIntent,
    AddSynonym,
    AddVariation,
    Edit,
    EditRefused,
    MoveExample,
    RemoveExample,
    edited,
)
from bot.nlu.yaml_files import YamlFile
from bot.settings import PROJECT

OURS = [PROJECT / "domain.yml", PROJECT / "config.yml", *sorted(PROJECT.glob("data/*/*.yml")),
        *sorted(PROJECT.glob("tests/nlu/unseen*.yml"))]  # fmt: skip
FILES = {
    "domain.yml": """version: "3.1"

intents:
  # Small talk
  - greet
  - goodbye
  # Money
  - ask_debt
  # Never learnt from words
  - stale_choice

entities:
  - amount:
      roles: [monthly, total]

slots:
  wish: # what they can do
    type: any
    mappings: [{type: custom}]

responses:
  # ---- small talk
  utter_greet:
    - text: "Oi, {name}!"
    - text: 'Olá!'

  # ---- money
  utter_ask_debt:
    - text: "{total}"
    - text: "São {total}."
  title_intent_greet:
    - text: "Oi"
""",
    "data/nlu/talk.yml": """version: "3.1"

nlu:
- intent: greet
  examples: |
    - oi
    - bom dia, minha querida
    - boa noite

# Those who leave
- intent: goodbye
  examples: |
    - tchau
    - até amanhã
""",
    "data/nlu/money.yml": """version: "3.1"

nlu:
- intent: ask_debt
  examples: |
    - quanto devo?
    - o que é [150](amount) aqui?
""",
    "data/rules/talk.yml": """version: "3.1"

# One line each.

rules:
  - rule: greets
    steps:
      - intent: greet
      - action: action_greet

  - rule: leaves
    steps:
      - intent: goodbye
      - action: action_explain
""",
    "data/rules/money.yml": """version: "3.1"

rules:
  - rule: asks how much
    steps:
      - intent: ask_debt
      - action: action_tell_debts
""",
}
HOURS = AddIntent("ask_hours", "talk", ("que horas abrem?",), ("Às {business_hours}.", "Das 8."))


def _changes(*edits: Edit) -> list[str]:
    """The lines that go and come, of all files."""
    lines = []
    for path, text in edited(FILES, edits).items():
        old = FILES.get(path, "").splitlines()
        compared = difflib.unified_diff(old, text.splitlines(), n=0, lineterm="")
        lines += [line for line in compared if line[:2] not in ("--", "++", "@@")]
    return lines


@pytest.mark.parametrize("file", OURS, ids=lambda file: str(file.relative_to(PROJECT)))
def test_a_file_nobody_touches_stays_byte_for_byte(file: Path) -> None:
    text = file.read_bytes().decode()
    assert YamlFile(text).text() == text


def test_an_example_goes_beside_its_nearest() -> None:
    text = edited(FILES, [AddExample("greet", "bom dia querida")])["data/nlu/talk.yml"]
    lines = text.splitlines()
    assert lines[lines.index("    - bom dia, minha querida") + 1] == "    - bom dia querida"
    assert _changes(AddExample("greet", "bom dia querida")) == ["+    - bom dia querida"]


def test_an_example_like_no_other_goes_to_the_end_of_its_block() -> None:
    text = edited(FILES, [AddExample("greet", "xpto")])["data/nlu/talk.yml"]
    assert "    - boa noite\n    - xpto\n\n# Those who leave\n" in text


def test_an_example_is_taken_out_or_put_under_another_intent() -> None:
    assert _changes(RemoveExample("greet", "oi")) == ["-    - oi"]
    assert _changes(MoveExample("greet", "oi", "goodbye")) == ["-    - oi", "+    - oi"]


def test_a_new_intent_has_its_messages_its_rule_and_its_words() -> None:
    assert _changes(HOURS) == [
        "+  - ask_hours",
        "+  utter_ask_hours:",
        '+    - text: "Às {business_hours}."',
        '+    - text: "Das 8."',
        "+", "+- intent: ask_hours", "+  examples: |", "+    - que horas abrem?",
        "+", "+  - rule: ask hours", "+    steps:", "+      - intent: ask_hours",
        "+      - action: action_explain",
    ]  # fmt: skip


def test_a_new_intent_stands_with_those_of_its_topic() -> None:
    """And the comment below them stays with what comes after it."""
    domain = edited(FILES, [HOURS])["domain.yml"]
    assert "  - goodbye\n  - ask_hours\n  # Money\n  - ask_debt\n" in domain
    assert list(yaml.safe_load(domain)["responses"])[:3] == [
        "utter_greet", "utter_ask_debt", "utter_ask_hours"]  # fmt: skip


def test_several_edits_build_on_each_other() -> None:
    texts = edited(FILES, [HOURS, AddExample("ask_hours", "abre sábado?")])
    assert "    - que horas abrem?\n    - abre sábado?\n" in texts["data/nlu/talk.yml"]


def test_a_variation_is_added_before_the_comment_below_it() -> None:
    text = edited(FILES, [AddVariation("utter_greet", 'Oi, "tudo" bem?')])["domain.yml"]
    assert (
        "    - text: 'Olá!'\n" + r'    - text: "Oi, \"tudo\" bem?"' + "\n\n  # ---- money" in text
    )


def test_synonyms_have_a_file_of_their_own() -> None:
    both = [
        AddSynonym("bolero", "boleto"),
        AddSynonym("boletu", "boleto"),
        AddSynonym("pics", "pix"),
    ]
    assert edited(FILES, both) == {
        "data/nlu/synonyms.yml": 'version: "3.1"\n\nnlu:\n- synonym: boleto\n  examples: |\n'
        "    - bolero\n    - boletu\n\n- synonym: pix\n  examples: |\n    - pics\n"
    }


@given(st.text(max_size=60))
@example("- oi\n# não")
@example("👩‍👩‍👧 “oi” 'a' \"b\": {c} & *d !e |f")
@example("a\u2028b\x85c\x00\x1b[31m\ud800d")
@example("//reiniciar")
def test_any_words_are_an_example_on_one_line_or_refused(words: str) -> None:
    """Whatever somebody wrote, the file stays YAML and only that line is new."""
    try:
        text = edited(FILES, [AddExample("goodbye", words)])["data/nlu/talk.yml"]
    except EditRefused:
        return
    before = list(examples_in(FILES["data/nlu/talk.yml"], Path("x")))
    after = list(examples_in(text, Path("x")))
    assert len(after) == len(before) + 1
    [new] = [
        line for line in text.splitlines() if line not in FILES["data/nlu/talk.yml"].splitlines()
    ] or ["    - oi"]
    assert not new.removeprefix("    - ").startswith("/")
    assert YamlFile(text).text() == text


@pytest.mark.parametrize(
    ("edit", "why"),
    [
        (AddExample("greet", " \n/ "), "está vazia"),
        (AddExample("greet", "a" * 1001), "o limite é 1000"),
        (AddExample("gret", "oi"), "não existe no domain.yml"),
        (AddExample("stale_choice", "oi"), "vem de botões"),
        (RemoveExample("greet", "olá"), "não está em greet"),
        (MoveExample("greet", "oi", "gret"), "não existe no domain.yml"),
        (AddIntent("Ask Hours", "talk", ("oi",), ("oi",)), "letras minúsculas"),
        (AddIntent("greet", "talk", ("oi",), ("oi",)), "já existe"),
        (AddIntent("ask_hours", "moon", ("oi",), ("oi",)), "Os que existem: money, talk"),
        (AddIntent("ask_hours", "talk", (), ("oi",)), "precisa de mensagens"),
        (AddVariation("utter_nothing", "oi"), "não existe no domain.yml"),
        (AddVariation("utter_greet", "Olá!"), "mesmas palavras"),
        (AddVariation("utter_greet", " "), "está vazia"),
        (AddVariation("utter_greet", "oi {"), "Escreva como {name}"),
        (AddVariation("utter_greet", "oi {}"), "Escreva como {name}"),
        (AddVariation("utter_greet", "oi {a.b}"), "Escreva como {name}"),
        (AddSynonym("Vc", "você"), "mesma coisa"),
    ],
)
def test_what_cannot_be_written_is_refused_with_a_reason(edit: Edit, why: str) -> None:
    with pytest.raises(EditRefused, match=why.replace("{", r"\{")):
        edited(FILES, [edit])
