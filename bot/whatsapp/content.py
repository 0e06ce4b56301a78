"""What can be said on WhatsApp, fitted to its limits without losing a word.

`Say` is what the house wants said; `fit` turns it into as few Cloud API messages as the
limits allow: four to ten choices become a list, more are paged, long text is split at a
sentence. Limits are in characters. Source: Cloud API messages reference, v26.0.
"""

import re
from dataclasses import dataclass
from typing import Any

TEXT_LIMIT = 4096
BODY_LIMIT = 1024
BUTTON_COUNT, BUTTON_TITLE = 3, 20
ROW_COUNT, ROW_TITLE, ROW_DESCRIPTION = 10, 24, 72
CAPTION_LIMIT = 1024
LIST_BUTTON = "Ver opções"

Json = dict[str, Any]


@dataclass(frozen=True)
class Choice:
    """Something to tap. `id` is what comes back, `title` what is read."""

    id: str
    title: str
    description: str = ""


@dataclass(frozen=True)
class Say:
    """One bubble: words, and at most one of choices, a link or a document."""

    text: str
    choices: tuple[Choice, ...] = ()
    link: tuple[str, str] | None = None
    """Title of the button and URL."""
    document: tuple[str, str] | None = None
    """File name and URL."""


def fit(say: Say) -> list[Json]:
    """The messages, without recipient, that say all of `say` within WhatsApp's limits."""
    if say.choices:
        return _with_choices(say)
    if say.link:
        return _with_link(say, *say.link)
    if say.document:
        return _with_document(say, *say.document)
    return [_text(part) for part in split(say.text, TEXT_LIMIT)]


def template(name: str, language: str, parameters: list[str] | dict[str, str]) -> Json:
    """An approved template, its parameters by place or by name: all that may be sent after 24
    hours."""
    body = {"type": "body", "parameters": _parameters(parameters)}
    return {
        "type": "template",
        "template": {
            "name": name,
            "language": {"code": language},
            "components": [body] if parameters else [],
        },
    }


def _parameters(values: list[str] | dict[str, str]) -> list[Json]:
    if isinstance(values, list):
        return [{"type": "text", "text": text} for text in values]
    return [{"type": "text", "parameter_name": name, "text": text} for name, text in values.items()]


def attached(kind: str, file_id: str, name: str, text: str) -> list[Json]:
    """A file of ours, `text` below it: Meta's id comes in when it goes out (`with_media`)."""
    *ahead, caption = split(text, CAPTION_LIMIT)
    node = {"filename": name} if kind == "document" else {}
    if caption:
        node["caption"] = caption
    content = {"type": kind, kind: node, "file": file_id, "name": name}
    return [*(_text(part) for part in ahead), content]


def with_media(content: Json, media_id: str) -> Json:
    """What `attached` made, as Meta takes it."""
    kind = content["type"]
    return {"type": kind, kind: {**content[kind], "id": media_id}}


def split(text: str, limit: int) -> list[str]:
    """`text` in parts of at most `limit`: at a paragraph, else a sentence, else a word."""
    parts = []
    while len(text) > limit:
        cut = _last_break(text[: limit + 1])
        parts.append(text[:cut].rstrip())
        text = text[cut:].lstrip()
    return [part for part in (*parts, text) if part] or [""]


def _last_break(text: str) -> int:
    limit = len(text) - 1
    for pattern in (r"\n\s*\n", r"[.!?…]\s", r"\s"):
        ends = [found.end() for found in re.finditer(pattern, text)]
        usable = [end for end in ends if limit // 2 < end <= limit]
        if usable:
            return usable[-1]
    return limit


def _text(body: str) -> Json:
    return {"type": "text", "text": {"body": body, "preview_url": False}}


def _lead(text: str) -> tuple[list[Json], str]:
    """What of a too long text goes ahead as plain bubbles, and the body that stays."""
    *ahead, body = split(text, BODY_LIMIT)
    return [_text(part) for part in ahead], body


def _with_choices(say: Say) -> list[Json]:
    if _fits_buttons(say.choices):
        ahead, body = _lead(say.text)
        return [*ahead, _buttons(body, say.choices)]
    ahead, body = _lead(say.text if _rows_say_all(say.choices) else _with_full_titles(say))
    pages = [say.choices[i : i + ROW_COUNT] for i in range(0, len(say.choices), ROW_COUNT)]
    bodies = [body, *(f"Mais opções ({n} de {len(pages)})" for n in range(2, len(pages) + 1))]
    return [*ahead, *(_list(text, page) for text, page in zip(bodies, pages, strict=True))]


def _fits_buttons(choices: tuple[Choice, ...]) -> bool:
    """WhatsApp refuses two buttons of one title; two rows it takes."""
    is_short = all(len(c.title) <= BUTTON_TITLE and not c.description for c in choices)
    return is_short and len({c.title for c in choices}) == len(choices) <= BUTTON_COUNT


def _buttons(body: str, choices: tuple[Choice, ...]) -> Json:
    buttons = [{"type": "reply", "reply": {"id": c.id, "title": c.title}} for c in choices]
    return _interactive({"type": "button", "body": {"text": body}, "action": {"buttons": buttons}})


def _list(body: str, choices: tuple[Choice, ...]) -> Json:
    rows = [_row(choice) for choice in choices]
    action = {"button": LIST_BUTTON, "sections": [{"title": "Opções", "rows": rows}]}
    return _interactive({"type": "list", "body": {"text": body}, "action": action})


def _row(choice: Choice) -> Json:
    title, description = _title_and_rest(choice)
    row = {"id": choice.id, "title": title}
    if description:
        row["description"] = _shorten(description, ROW_DESCRIPTION)[0]
    return row


def _title_and_rest(choice: Choice) -> tuple[str, str]:
    """A title too long for a row goes on in the description."""
    title, rest = _shorten(choice.title, ROW_TITLE)
    return title, f"{rest} {choice.description}".strip()


def _rows_say_all(choices: tuple[Choice, ...]) -> bool:
    """Whether nothing is lost in the rows: a title goes on after a whole word, if at all."""
    return all(
        len(_title_and_rest(choice)[1]) <= ROW_DESCRIPTION
        and (len(choice.title) <= ROW_TITLE or " " in choice.title[1:ROW_TITLE])
        for choice in choices
    )


def _with_full_titles(say: Say) -> str:
    """The text with every choice written out and numbered: rows too narrow cut theirs."""
    lines = [
        f"{number}. {choice.title}" + (f": {choice.description}" if choice.description else "")
        for number, choice in enumerate(say.choices, 1)
    ]
    return "\n".join([say.text, "", *lines])


def _shorten(text: str, limit: int) -> tuple[str, str]:
    if len(text) <= limit:
        return text, ""
    cut = text.rfind(" ", 0, limit)
    cut = cut if cut > 0 else limit - 1
    return text[:cut] + "…", "…" + text[cut:].strip()


def _with_link(say: Say, title: str, url: str) -> list[Json]:
    ahead, body = _lead(say.text)
    if len(title) > BUTTON_TITLE:
        return [*ahead, _text(f"{body}\n\n{title}: {url}")]
    action = {"name": "cta_url", "parameters": {"display_text": title, "url": url}}
    return [
        *ahead,
        _interactive({"type": "cta_url", "body": {"text": body}, "action": action}),
    ]


def with_link_for_document(content: Json) -> Json | None:
    """The words of a document's bubble with its link, for when WhatsApp cannot fetch the file;
    None for any other content."""
    document = content.get("document")
    if document is None or "link" not in document:
        return None
    words = [document.get("caption", ""), f"{document['filename']}: {document['link']}"]
    return _text("\n\n".join(filter(None, words)))


def _with_document(say: Say, filename: str, url: str) -> list[Json]:
    *ahead, caption = split(say.text, CAPTION_LIMIT)
    document = {"link": url, "filename": filename}
    if caption:
        document["caption"] = caption
    return [*(_text(part) for part in ahead), {"type": "document", "document": document}]


def _interactive(interactive: Json) -> Json:
    return {"type": "interactive", "interactive": interactive}
