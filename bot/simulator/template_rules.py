"""Limits of a template message. Whether the template exists is not known here.

Source: Cloud API template messages reference, v26.0.
"""

import re

from bot.simulator import rules
from bot.simulator.errors import GraphError
from bot.simulator.rules import Json

NAME, PARAMETER, PAYLOAD = 512, 1024, 256
BUTTONS = 10
_COMPONENTS = ("header", "body", "button", "footer", "limited_time_offer", "carousel")


def check(template: Json) -> None:
    """Raises GraphError when a `template` node breaks a limit."""
    name = rules.text(template, "name", "Template name", NAME, "template.")
    if not re.fullmatch(r"[a-z0-9_]+", name):
        raise GraphError(132001, f"Template name '{name}' does not exist in the translation")
    language = rules.required_object(template, "language", "template.")
    rules.text(language, "code", "Language code", 15, "template.language.")
    components = rules.required_list(template, "components") if template.get("components") else []
    for component in components:
        _component(component)
    buttons = [component for component in components if component["type"].lower() == "button"]
    if len(buttons) > BUTTONS:
        raise rules.invalid(f"Total button count exceed max allowed count: {BUTTONS}")


def _component(component: Json) -> None:
    kind = str(rules.required(component, "type", "template.components.")).lower()
    if kind not in _COMPONENTS:
        raise rules.invalid(f"Component type '{kind}' is not valid")
    if kind == "button":
        _button(component)
    if component.get("parameters"):
        parameters = rules.required_list(component, "parameters", "template.components.")
        for parameter in parameters:
            _parameter(parameter)


def _parameter(parameter: Json) -> None:
    kind = rules.required(parameter, "type", "template.components.parameters.")
    if kind == "text":
        value = rules.text(parameter, "text", "Parameter text", PARAMETER)
        if re.search(r"[\n\t]| {5,}", value):
            details = "Param text cannot have new-line/tab characters or more than 4 "
            raise GraphError(132018, details + "consecutive spaces")
    if kind == "payload":
        rules.text(parameter, "payload", "Button payload", PAYLOAD)


def _button(component: Json) -> None:
    rules.required(component, "sub_type", "template.components.")
    index = str(component.get("index", ""))
    if not index.isdigit() or int(index) >= BUTTONS:
        raise rules.invalid(f"Button index '{index}' must be 0 to {BUTTONS - 1}")
