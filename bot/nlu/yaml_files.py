"""A YAML file that is edited in place: what nobody touched comes out byte for byte. Pure.

ruamel.yaml keeps comments with what stands before them. So whatever is added after an item
takes over the comment below that item, which belongs to what comes next.
"""

import io
import re
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.error import CommentMark
from ruamel.yaml.tokens import CommentToken

_UNBROKEN = 1 << 30


class YamlFile:
    """One file: change `tree`, then take its `text()`."""

    def __init__(self, text: str) -> None:
        self._yaml = _yaml_as_in(text)
        self.tree: CommentedMap = self._yaml.load(text)

    def text(self) -> str:
        """The file as it is now."""
        out = io.StringIO()
        self._yaml.dump(self.tree, out)
        return out.getvalue()


def _yaml_as_in(text: str) -> YAML:
    """A reader and writer in the manner of `text`: lists stand below their name or indented."""
    offset = 0 if re.search(r"(?m)^- ", text) else 2
    yaml = YAML()
    yaml.preserve_quotes = True
    yaml.width = _UNBROKEN
    yaml.brace_single_entry_mapping_in_flow_sequence = True  # [{type: custom}]
    yaml.indent(mapping=2, sequence=2 + offset, offset=offset)
    return yaml


def insert_item(items: CommentedSeq, place: int, item: Any, *, apart: bool) -> None:
    """Put `item` into a list; `apart`: a blank line stands between items."""
    items.insert(place, item)
    if place:
        _pass_comment(items, place - 1, items, place, apart)


def insert_field(fields: CommentedMap, after: str, name: str, value: Any) -> None:
    """Put a field into a mapping, after another one."""
    fields.insert(list(fields).index(after) + 1, name, value)
    _pass_comment(fields, after, fields, name, apart=False)


def _pass_comment(one: Any, key: Any, other: Any, other_key: Any, apart: bool) -> None:
    """Give the comment below one value to another; where items stand apart, keep a blank line."""
    holder, place, slot = _below(one, key)
    comment = _taken(holder, place, slot)
    if apart:
        _set(holder, place, slot, _blank_line(holder[place]))
    if comment is not None:
        _set(*_below(other, other_key), comment)


def _blank_line(value: Any) -> CommentToken:
    """The blank line below a value; a block of lines ends its last line itself."""
    is_block = isinstance(value, str) and value.endswith("\n")
    return CommentToken("\n" if is_block else "\n\n", CommentMark(0), None)


def _below(holder: Any, key: Any) -> tuple[Any, Any, int]:
    """Where the comment below a value is kept: with its last scalar, at a place of its list."""
    value = holder[key]
    while isinstance(value, CommentedMap | CommentedSeq) and value:
        holder = value
        key = list(value)[-1] if isinstance(value, CommentedMap) else len(value) - 1
        value = holder[key]
    return holder, key, 2 if isinstance(holder, CommentedMap) else 0


def _taken(holder: Any, key: Any, slot: int) -> Any:
    tokens = holder.ca.items.get(key)
    if not tokens:
        return None
    comment, tokens[slot] = tokens[slot], None
    return comment


def _set(holder: Any, key: Any, slot: int, comment: Any) -> None:
    holder.ca.items.setdefault(key, [None, None, None, None])[slot] = comment
