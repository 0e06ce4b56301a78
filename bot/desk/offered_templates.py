"""The templates an operator may choose from, each with the values it asks for."""

import re
from dataclasses import dataclass

from sqlalchemy.orm import Session

from bot.conversations import templates
from bot.desk.policy import get_policy
from bot.whatsapp.content import Json, template
from bot.whatsapp.templates import APPROVED, fields_of, fill

LONGEST_VALUE = 200
_TROUBLE = re.compile(r"[\n\t]| {5,}")


class BadValues(Exception):
    """A template cannot go like this; the message tells why, in Portuguese."""


@dataclass(frozen=True)
class Offered:
    """A template. `values` is what is proposed for each of its fields, "" where nothing is."""

    name: str
    language: str
    label: str
    text: str
    values: dict[str, str]
    problem: str = ""
    """Why it may not be sent; empty when it may."""

    @property
    def key(self) -> str:
        """What the form calls it."""
        return f"{self.name}|{self.language}"

    @property
    def shown(self) -> str:
        """The text with its fields as the form calls them."""
        return fill(self.text, {field: f"[campo {field}]" for field in self.values})

    def content(self, given: dict[str, str]) -> Json:
        """The message with these values. Raises BadValues."""
        if self.problem:
            raise BadValues(f"Este modelo não pode ir: {self.problem}")
        values = {field: given.get(field, "").strip() for field in self.values}
        if empty := [field for field, value in values.items() if not value]:
            raise BadValues(f"Preencha o campo {empty[0]} do modelo.")
        if any(_TROUBLE.search(value) or len(value) > LONGEST_VALUE for value in values.values()):
            raise BadValues(
                f"Um campo de modelo vai numa linha só, com até {LONGEST_VALUE} letras."
            )
        by_place = all(field.isdigit() for field in values)
        return template(self.name, self.language, [*values.values()] if by_place else values)


def offered(session: Session, person: str, creditor: str) -> list[Offered]:
    """What may be chosen, and what may not with the reason; proposed are the two names."""
    known = templates.read(session)
    if any(each.listed_at for each in known):
        found = [_listed(each, person, creditor) for each in known if _is_for_people(each)]
    else:
        found = _of_policy({(each.name, each.language): each for each in known}, person, creditor)
    return sorted(found, key=lambda each: (bool(each.problem), each.label))


def _is_for_people(each: templates.Template) -> bool:
    return each.is_plain and each.status != templates.DELETED and bool(each.text)


def _listed(each: templates.Template, person: str, creditor: str) -> Offered:
    here = get_policy().templates.get(each.name)
    # Only of a template we know ourselves do we know what its places mean.
    names = {"1": person, "2": creditor} if here else {}
    fields: list[str] = each.parameters["names"]
    return Offered(
        name=each.name,
        language=each.language,
        label=here.label if here else each.name.replace("_", " ").capitalize(),
        text=each.text,
        values={field: names.get(field, "") for field in fields},
        problem=problem_of(each),
    )


def _of_policy(
    failed: dict[tuple[str, str], templates.Template], person: str, creditor: str
) -> list[Offered]:
    names, found = {"1": person, "2": creditor}, []
    for name, each in get_policy().templates.items():
        text = re.sub(r"\{(\d+)\}", r"{{\1}}", each.text)
        known = failed.get((name, each.language))
        values = {field: names.get(field, "") for field in fields_of(text)}
        problem = problem_of(known) if known else ""
        found.append(Offered(name, each.language, each.label, text, values, problem))
    return found


def problem_of(each: templates.Template) -> str:
    """Why it may not be sent, in words; empty when it may."""
    policy = get_policy()
    if each.status not in (APPROVED, templates.UNLISTED):
        state = policy.template_states.get(each.status, policy.other_template_state)
        return f"{state} ({each.reason})" if each.reason else state
    if each.is_failed:
        return f"{policy.error(each.failed_code)} (código {each.failed_code} da Meta)"
    return ""


def words_of(texts: dict[str, str], node: Json) -> str:
    """What a template that was sent says; its name when we do not know it."""
    text = texts.get(node["name"])
    if not text:
        return f"Modelo {node['name']}"
    given = [p for part in node["components"] for p in part.get("parameters", [])]
    values = {p.get("parameter_name", str(n)): p["text"] for n, p in enumerate(given, 1)}
    return fill(text, values)


def all_texts(session: Session) -> dict[str, str]:
    """Name → what it says, of all that we ever knew."""
    of_policy = get_policy().templates.items()
    here = {name: re.sub(r"\{(\d+)\}", r"{{\1}}", each.text) for name, each in of_policy}
    return here | templates.texts(session)
