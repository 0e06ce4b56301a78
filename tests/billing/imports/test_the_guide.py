"""The guide for the company names every column by every name it may have."""

import pytest

from bot.billing.imports.layouts import LAYOUTS
from bot.settings import PROJECT

GUIDE = (PROJECT / "docs" / "import.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("field", [field for layout in LAYOUTS.values() for field in layout.fields])
def test_every_name_of_a_column_is_in_the_guide(field: object) -> None:
    label, *others = field.labels.split(" | ")
    assert f"| `{label}` | {', '.join(others)} |" in GUIDE
