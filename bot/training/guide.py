"""The annotation guide (`guide.yml`): what each intent and each value is, in a trainer's words."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import yaml

from bot.nlu.linting import read_domain
from bot.settings import PROJECT

_FILE = Path(__file__).with_name("guide.yml")
UNSURE = "nlu_fallback"


@dataclass(frozen=True)
class Intent:
    """A line of the guide. `means`: what the person wants; `is_not`: what belongs elsewhere."""

    id: str
    name: str
    means: str = ""
    is_not: str = ""


@dataclass(frozen=True)
class Topic:
    """Intents that belong together."""

    name: str
    intents: tuple[Intent, ...]


@dataclass(frozen=True)
class Value:
    """What can be marked in a message: an entity, in a role or none."""

    entity: str
    role: str | None
    name: str


@dataclass(frozen=True)
class Guide:
    """All lines, in their order."""

    topics: tuple[Topic, ...]
    values: tuple[Value, ...]

    @property
    def intents(self) -> dict[str, Intent]:
        """By their name in `domain.yml`."""
        return {intent.id: intent for topic in self.topics for intent in topic.intents}

    def name(self, intent: str | None) -> str:
        """An intent as trainers read it; one without a line by its own name."""
        if not intent:
            return "o bot falhou"
        if intent == UNSURE:
            return "não entendeu"
        return self.intents[intent].name if intent in self.intents else intent

    def unused(self, heard: Iterable[object]) -> list[str]:
        """Intents that are not among what was heard."""
        return sorted(self.intents.keys() - set(heard))

    def with_new(self, new: Iterable[Intent]) -> "Guide":
        """The guide and intents that it does not know yet."""
        unknown = tuple(each for each in new if each.id not in self.intents)
        topics = (*self.topics, Topic("Ainda sem linha no guia", unknown))
        return Guide(topics, self.values) if unknown else self


def get_guide() -> Guide:
    """The guide, with what there is in `domain.yml` now."""
    domain = PROJECT / "domain.yml"
    return _read(domain, domain.stat().st_mtime_ns)


@lru_cache(maxsize=1)
def _read(path: Path, _changed: int) -> Guide:
    content = yaml.safe_load(_FILE.read_text(encoding="utf-8"))
    domain = read_domain(path)
    topics = tuple(
        Topic(each["name"], tuple(_intents(each["intents"]))) for each in content["topics"]
    )
    values = [_value(*each) for each in content["entities"].items()]
    guide = Guide(topics, tuple(value for value in values if _is_known(value, domain.entities)))
    new = sorted(domain.intents - set(content["unlearnt"]))
    return guide.with_new(Intent(name, name) for name in new)


def _intents(lines: Mapping[str, Sequence[str]]) -> Iterable[Intent]:
    return (Intent(id_, *line) for id_, line in lines.items())


def _value(id_: str, name: str) -> Value:
    entity, _, role = id_.partition("/")
    return Value(entity, role or None, name)


def _is_known(value: Value, entities: Mapping[str, frozenset[str]]) -> bool:
    roles = entities.get(value.entity)
    return roles is not None and (value.role is None or value.role in roles)
