"""Checks on a request to the Cloud API, each refusing as Meta does."""

import re
from typing import Any

from bot.simulator.errors import GraphError

Json = dict[str, Any]


def invalid(details: str) -> GraphError:
    """131009: a value breaks a limit."""
    return GraphError(131009, details)


def required(node: Json, name: str, where: str) -> Any:
    """`node[name]`, or 131008 when it is missing or empty."""
    value = node.get(name)
    if value in (None, "", [], {}):
        raise GraphError(131008, f"Parameter '{where}{name}' is mandatory")
    return value


def required_object(node: Json, name: str, where: str = "") -> Json:
    """`node[name]`, which must be a JSON object."""
    value = required(node, name, where)
    if not isinstance(value, dict):
        raise GraphError(100, f"Param {where}{name} must be a JSON object.")
    return value


def required_list(node: Json, name: str, where: str = "") -> list[Json]:
    """`node[name]`, which must be an array of JSON objects."""
    value = required(node, name, where)
    if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
        raise GraphError(100, f"Param {where}{name} must be an array of objects.")
    return value


def text(node: Json, name: str, what: str, most: int, where: str = "") -> str:
    """`node[name]`, a text of 1 to `most` characters."""
    value = required(node, name, where)
    if not isinstance(value, str):
        raise GraphError(100, f"Param {where}{name} must be a string.")
    if not value.strip() or len(value) > most:
        raise invalid(f"{what} length invalid. Min length: 1, Max length: {most}")
    return value


def optional_text(node: Json, name: str, what: str, most: int, where: str = "") -> None:
    """Like `text`, when it is there."""
    if node.get(name) is not None:
        text(node, name, what, most, where)


def count(items: list[Json], what: str, most: int) -> None:
    """1 to `most` items."""
    if not 1 <= len(items) <= most:
        raise invalid(f"Invalid {what} count. Min allowed {what}: 1, Max allowed {what}: {most}")


def distinct(values: list[str], what: str) -> None:
    """No value twice."""
    if len(set(values)) != len(values):
        raise invalid(f"Duplicated {what}")


def url(value: Any, what: str) -> None:
    """An absolute http or https URL."""
    if not isinstance(value, str) or not re.match(r"https?://[^\s/]+", value):
        raise invalid(f"{what} is not a valid URL: it must start with http:// or https://")
