"""Rules of the simulator as a part of the house."""

import ast
import re
from pathlib import Path

from bot.simulator import app
from tests.simulator.running import Running

FOLDER = Path(app.__file__).parent


def test_it_knows_nothing_of_the_house() -> None:
    """No shortcut into our code: settings and logs are all it takes."""
    allowed = {"bot.settings", "bot.logs", "bot.web"}
    for module in FOLDER.glob("*.py"):
        for imported in _imports(module):
            ours = imported.startswith("bot.") and not imported.startswith("bot.simulator")
            assert not ours or imported in allowed, f"{module.name} imports {imported}"


def test_every_route_of_the_control_api_is_documented(simulator: Running) -> None:
    """In the docstring of `bot.simulator.app`."""
    rules = {rule.rule for rule in simulator.app.url_map.iter_rules()}
    for rule in rules:
        if rule.startswith("/simulator"):
            path = rule.replace("<address>", "{phone}").replace("<media_id>", "{id}")
            assert path in (app.__doc__ or ""), path


def test_the_page_loads_nothing_from_elsewhere() -> None:
    """No inline script or style, no external resource."""
    page = (FOLDER / "templates" / "page.html").read_text("utf-8")
    assert re.findall(r"<script(?![^>]*\bsrc=)", page) == []
    assert re.findall(r"\b(?:style|on\w+)=", page) == []
    for file in FOLDER.rglob("*.*"):
        if file.suffix in {".css", ".js", ".html"}:
            outside = re.findall(r"https?://(?!www\.w3\.org)\w+", file.read_text("utf-8"))
            assert outside == [], file.name


def _imports(module: Path) -> list[str]:
    names = []
    for node in ast.walk(ast.parse(module.read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module == "bot":
            names += [f"bot.{alias.name}" for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            names.append(node.module or "")
        elif isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
    return names
