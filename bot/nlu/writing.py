"""Edits of what trainers write: `data/` and `domain.yml`, as a person would make them by hand.

Pure: texts of files and edits in, texts of the files that changed out. Everything else stays byte
for byte (`yaml_files`). Whether an edit is wise is for `checks`; what cannot be written at all is
refused here.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import singledispatchmethod
from pathlib import PurePosixPath
from string import Formatter
from typing import Any

from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.scalarstring import DoubleQuotedScalarString, LiteralScalarString

from bot.nlu.similarity import Index
from bot.nlu.yaml_files import YamlFile, insert_field, insert_item
from bot.plain_text import normalise

DOMAIN = "domain.yml"
SYNONYMS = "data/nlu/synonyms.yml"
"""What `bot/understanding` reads as another word; the other files of `data/nlu/` are topics."""
EXPLAIN, EXPLAIN_TO_CUSTOMER = "action_explain", "action_explain_to_customer"
LONGEST_EXAMPLE = 1000

_FIRST_SYNONYM = 'version: "3.1"\n\nnlu:\n- synonym: x\n  examples: |\n    - x\n'
_NAME = re.compile(r"[a-z][a-z0-9]*(?:_[a-z0-9]+)*")
_INVISIBLE = re.compile(
    r"[\x00-\x1f\x7f-\x9f\ufeff\ufffe\uffff\u200b\u200e\u200f\u2060\ud800-\udfff]"
)
_COMMAND = re.compile(r"^[\s/]+")


class EditRefused(Exception):
    """An edit that cannot be written; the message tells a trainer why and what to do."""


@dataclass(frozen=True)
class AddExample:
    """A message for an intent, values marked as Rasa has them: `pago [150](amount)`."""

    intent: str
    text: str


@dataclass(frozen=True)
class RemoveExample:
    """Take a message, written as it stands in the file, out of an intent."""

    intent: str
    text: str


@dataclass(frozen=True)
class MoveExample:
    """Put a message of one intent under another."""

    intent: str
    text: str
    to: str


@dataclass(frozen=True)
class AddIntent:
    """A new intent in the files of a topic, with its first messages and what the bot answers.

    `title`: its name on a button, "" for an intent that is never offered as a meaning.
    `for_customers`: the answer is only for whoever has confirmed who they are.
    """

    name: str
    topic: str
    examples: tuple[str, ...]
    answers: tuple[str, ...]
    title: str = ""
    for_customers: bool = False


@dataclass(frozen=True)
class AddVariation:
    """Another way to say a response of `domain.yml`."""

    response: str
    text: str


@dataclass(frozen=True)
class AddSynonym:
    """A word or two that people type for others: `bolero` means `boleto`."""

    typed: str
    meant: str


Edit = AddExample | RemoveExample | MoveExample | AddIntent | AddVariation | AddSynonym


def edited(files: Mapping[str, str], edits: Sequence[Edit]) -> dict[str, str]:
    """The files that change, by path in the project, with their new texts.

    `files`: `domain.yml` and all of `data/`. Raises EditRefused.
    """
    project = _Project(files)
    for each in edits:
        project.make(each)
    return project.changed()


def clean(text: str) -> str:
    """`text` as an example can hold it, on one line; Rasa would run what begins with a slash.

    Raises EditRefused when no words are left, or far too many.
    """
    one_line = _COMMAND.sub("", _INVISIBLE.sub("", " ".join(text.split())))
    if not one_line.strip():
        raise EditRefused("A mensagem está vazia: escreva ao menos uma palavra ou um emoji.")
    if len(one_line) > LONGEST_EXAMPLE:
        raise EditRefused(
            f"A mensagem tem {len(one_line)} letras; o limite é {LONGEST_EXAMPLE}. "
            "Guarde só a parte que diz o que a pessoa quer."
        )
    return one_line.strip()


class _Project:
    """The files while they are edited; a file is only read when something in it changes."""

    def __init__(self, files: Mapping[str, str]) -> None:
        self._texts = files
        self._files: dict[str, YamlFile] = {}

    def changed(self) -> dict[str, str]:
        """The files whose text is another now."""
        texts = {path: file.text() for path, file in self._files.items()}
        return {path: text for path, text in texts.items() if text != self._texts.get(path)}

    @singledispatchmethod
    def make(self, edit: Any) -> None:
        """Make one edit. Raises EditRefused."""
        raise TypeError(edit)

    @make.register
    def _(self, edit: AddExample) -> None:
        text, block = clean(edit.text), self._block(edit.intent)
        lines = _lines(block)
        lines.insert(_beside_its_nearest(lines, text), text)
        _write_lines(block, lines)

    @make.register
    def _(self, edit: RemoveExample) -> None:
        block = self._block(edit.intent)
        lines = _lines(block)
        if edit.text not in lines:
            raise EditRefused(f"“{edit.text}” não está em {edit.intent}: alguém já a mudou?")
        if len(lines) == 1:
            raise EditRefused(f"“{edit.text}” é a única mensagem de {edit.intent}.")
        lines.remove(edit.text)
        _write_lines(block, lines)

    @make.register
    def _(self, edit: MoveExample) -> None:
        self._block(edit.to)
        self.make(RemoveExample(edit.intent, edit.text))
        self.make(AddExample(edit.to, edit.text))

    @make.register
    def _(self, edit: AddVariation) -> None:
        responses = self._domain()["responses"]
        if edit.response not in responses:
            raise EditRefused(f"A resposta {edit.response} não existe no domain.yml.")
        variations, text = responses[edit.response], _words(edit.text)
        if any(each["text"] == text for each in variations):
            raise EditRefused(f"{edit.response} já diz isso com as mesmas palavras.")
        insert_item(variations, len(variations), _variation(text), apart=False)

    @make.register
    def _(self, edit: AddSynonym) -> None:
        typed, meant = clean(edit.typed), clean(edit.meant)
        if normalise(typed) == normalise(meant):
            raise EditRefused(f"“{typed}” e “{meant}” já são a mesma coisa para o bot.")
        is_first = SYNONYMS not in self._texts and SYNONYMS not in self._files
        blocks = self._file(SYNONYMS).tree["nlu"]
        if taken := [each for each in blocks if typed in _lines(each) and not is_first]:
            raise EditRefused(f"“{typed}” já quer dizer “{taken[0]['synonym']}”.")
        if is_first:
            blocks[0]["synonym"] = meant
        block = next((each for each in blocks if each["synonym"] == meant), None)
        if block is None:
            block = CommentedMap(synonym=meant, examples="")
            insert_item(blocks, len(blocks), block, apart=True)
        _write_lines(block, [typed] if is_first else [*_lines(block), typed])

    @make.register
    def _(self, edit: AddIntent) -> None:
        self._refuse_bad_intent(edit)
        neighbours = self._intents_of(edit.topic)
        self._add_to_domain(edit, neighbours)
        examples = [clean(text) for text in edit.examples]
        block = CommentedMap(intent=edit.name, examples="")
        _write_lines(block, list(dict.fromkeys(examples)))
        blocks = self._file(_nlu(edit.topic)).tree["nlu"]
        insert_item(blocks, len(blocks), block, apart=True)
        rules = self._file(f"data/rules/{edit.topic}.yml").tree["rules"]
        insert_item(rules, len(rules), _rule(edit), apart=True)

    def _refuse_bad_intent(self, edit: AddIntent) -> None:
        if not _NAME.fullmatch(edit.name):
            raise EditRefused(
                f"“{edit.name}” não serve de nome: use letras minúsculas sem acento, "
                "números e _, como ask_discount."
            )
        if edit.name in [_name_of(each) for each in self._domain()["intents"]]:
            raise EditRefused(f"A intenção {edit.name} já existe.")
        if edit.topic not in self._topics():
            raise EditRefused(
                f"Não há assunto “{edit.topic}”. Os que existem: {', '.join(self._topics())}."
            )
        if not edit.examples or not edit.answers:
            raise EditRefused("Uma intenção nova precisa de mensagens e de uma resposta do bot.")

    def _add_to_domain(self, edit: AddIntent, neighbours: Sequence[str]) -> None:
        """In the list of intents after those of its topic, and its words after theirs."""
        domain = self._domain()
        intents, responses = domain["intents"], domain["responses"]
        names = [_name_of(each) for each in intents]
        last = max(names.index(each) for each in neighbours if each in names)
        insert_item(intents, last + 1, edit.name, apart=False)
        answers = [_words(each) for each in edit.answers]
        self._add_response(responses, f"utter_{edit.name}", answers)
        if edit.title:
            self._add_response(responses, f"title_intent_{edit.name}", [_words(edit.title)])

    def _add_response(self, responses: CommentedMap, name: str, texts: Sequence[str]) -> None:
        if name in responses:
            raise EditRefused(f"A resposta {name} já existe no domain.yml: escolha outro nome.")
        kin = "title_intent_" if name.startswith("title_intent_") else "utter_ask_"
        after = [each for each in responses if each.startswith(kin)] or list(responses)
        variations = CommentedSeq(_variation(text) for text in texts)
        insert_field(responses, after[-1], name, variations)

    def _block(self, intent: str) -> CommentedMap:
        """The messages of an intent, in the file of its topic."""
        for topic in self._topics():
            for block in self._blocks(topic, intent):
                return block
        if intent in [_name_of(each) for each in self._domain()["intents"]]:
            raise EditRefused(f"{intent} não se aprende de mensagens: vem de botões ou mídia.")
        raise EditRefused(f"A intenção {intent} não existe no domain.yml.")

    def _blocks(self, topic: str, intent: str) -> Iterator[CommentedMap]:
        path = _nlu(topic)
        if path in self._files or f"intent: {intent}\n" in self._texts.get(path, ""):
            blocks = self._file(path).tree["nlu"]
            yield from (block for block in blocks if block.get("intent") == intent)

    def _intents_of(self, topic: str) -> list[str]:
        blocks = self._file(_nlu(topic)).tree["nlu"]
        return [block["intent"] for block in blocks if "intent" in block]

    def _topics(self) -> list[str]:
        paths = [PurePosixPath(path) for path in self._texts]
        return sorted(path.stem for path in paths if path.match("data/rules/*.yml"))

    def _domain(self) -> CommentedMap:
        return self._file(DOMAIN).tree

    def _file(self, path: str) -> YamlFile:
        if path not in self._files:
            empty = _FIRST_SYNONYM if path == SYNONYMS else ""
            self._files[path] = YamlFile(self._texts.get(path, empty))
        return self._files[path]


def _nlu(topic: str) -> str:
    return f"data/nlu/{topic}.yml"


def _lines(block: CommentedMap) -> list[str]:
    return [line.removeprefix("- ").strip() for line in block["examples"].splitlines()]


def _write_lines(block: CommentedMap, lines: Sequence[str]) -> None:
    block["examples"] = LiteralScalarString("".join(f"- {line}\n" for line in lines))


def _beside_its_nearest(lines: Sequence[str], text: str) -> int:
    """Below the message most like it; at the end when none is. So that two trainers who teach
    the same intent seldom write at the same place."""
    alike = Index(lines).nearest(text, 5)
    best = max(((round(each.likeness, 6), each.index) for each in alike), default=None)
    return best[1] + 1 if best else len(lines)


def _rule(edit: AddIntent) -> CommentedMap:
    action = EXPLAIN_TO_CUSTOMER if edit.for_customers else EXPLAIN
    steps = CommentedSeq([CommentedMap(intent=edit.name), CommentedMap(action=action)])
    return CommentedMap(rule=edit.name.replace("_", " "), steps=steps)


def _variation(text: str) -> CommentedMap:
    return CommentedMap(text=DoubleQuotedScalarString(text))


def _words(text: str) -> str:
    """What the bot says, as it was written, without what cannot be seen."""
    lines = [_INVISIBLE.sub("", line).rstrip() for line in text.strip().splitlines()]
    if not any(lines):
        raise EditRefused("A resposta está vazia.")
    words = "\n".join(lines)
    if bad := _unreadable_field(words):
        raise EditRefused(f"Campo que não se lê em “{words}”: {bad}. Escreva como {{name}}.")
    return words


def _unreadable_field(words: str) -> str | None:
    """What stands in braces and is no plain name: filling it in would fail."""
    try:
        for _, name, *rest in Formatter().parse(words):
            if name is not None and (not _NAME.fullmatch(name) or any(rest)):
                return f"{{{name}}}"
    except ValueError as error:
        return str(error)
    return None


def _name_of(entry: str | Mapping[str, Any]) -> str:
    """An entry of a list in the domain is a name, or a name with options."""
    return entry if isinstance(entry, str) else next(iter(entry))
