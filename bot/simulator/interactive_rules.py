"""Limits of interactive messages: reply buttons, lists, one URL button.

Source: Cloud API messages reference, v26.0.
"""

from bot.simulator import rules
from bot.simulator.errors import GraphError
from bot.simulator.rules import Json

BODY, HEADER, FOOTER = 1024, 60, 60
BUTTONS, BUTTON_TITLE, BUTTON_ID = 3, 20, 256
SECTIONS, ROWS, SECTION_TITLE = 10, 10, 24
ROW_TITLE, ROW_ID, ROW_DESCRIPTION = 24, 200, 72
LABEL = 20
_MEDIA_HEADERS = ("image", "video", "document")


def check(interactive: Json) -> None:
    """Raises GraphError when an `interactive` node breaks a limit."""
    kind = rules.required(interactive, "type", "interactive.")
    body = rules.required_object(interactive, "body", "interactive.")
    rules.text(body, "text", "Body text", BODY, "interactive.body.")
    _header_and_footer(interactive, kind)
    action = rules.required_object(interactive, "action", "interactive.")
    checks = {"button": _buttons, "list": _list, "cta_url": _url_button}
    if kind not in checks:
        details = f"Interactive type '{kind}': the simulator knows {', '.join(checks)}"
        raise GraphError(131051, details)
    checks[kind](action)


def _header_and_footer(interactive: Json, kind: str) -> None:
    if "header" in interactive:
        header = rules.required_object(interactive, "header", "interactive.")
        header_type = rules.required(header, "type", "interactive.header.")
        if header_type == "text":
            rules.text(header, "text", "Header text", HEADER, "interactive.header.")
        elif kind == "list" or header_type not in _MEDIA_HEADERS:
            raise rules.invalid(f"Header type '{header_type}' is not allowed here")
        else:
            rules.required_object(header, header_type, "interactive.header.")
    if "footer" in interactive:
        footer = rules.required_object(interactive, "footer", "interactive.")
        rules.text(footer, "text", "Footer text", FOOTER, "interactive.footer.")


def _buttons(action: Json) -> None:
    buttons = rules.required_list(action, "buttons", "interactive.action.")
    rules.count(buttons, "buttons", BUTTONS)
    replies = []
    for button in buttons:
        if button.get("type") != "reply":
            raise rules.invalid("Button type must be 'reply'")
        reply = rules.required_object(button, "reply", "interactive.action.buttons.")
        rules.text(reply, "title", "Button title", BUTTON_TITLE)
        rules.text(reply, "id", "Button id", BUTTON_ID)
        replies.append(reply)
    rules.distinct([reply["title"] for reply in replies], "button title")
    rules.distinct([reply["id"] for reply in replies], "button id")


def _list(action: Json) -> None:
    rules.text(action, "button", "List button label", LABEL, "interactive.action.")
    sections = rules.required_list(action, "sections", "interactive.action.")
    rules.count(sections, "sections", SECTIONS)
    rows = [row for section in sections for row in _rows(section, alone=len(sections) == 1)]
    if len(rows) > ROWS:
        raise rules.invalid(f"Total row count exceed max allowed count: {ROWS}")
    rules.distinct([row["id"] for row in rows], "row id")


def _rows(section: Json, *, alone: bool) -> list[Json]:
    if alone:
        rules.optional_text(section, "title", "Section title", SECTION_TITLE)
    else:
        rules.text(section, "title", "Section title", SECTION_TITLE, "sections.")
    rows = rules.required_list(section, "rows", "interactive.action.sections.")
    for row in rows:
        rules.text(row, "title", "Row title", ROW_TITLE)
        rules.text(row, "id", "Row id", ROW_ID)
        rules.optional_text(row, "description", "Row description", ROW_DESCRIPTION)
    return rows


def _url_button(action: Json) -> None:
    if action.get("name") != "cta_url":
        raise rules.invalid("Action name must be 'cta_url'")
    parameters = rules.required_object(action, "parameters", "interactive.action.")
    rules.text(parameters, "display_text", "Display text", LABEL)
    rules.url(rules.required(parameters, "url", "parameters."), "Button url")
