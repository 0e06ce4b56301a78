"""What a change leaves behind is a Rasa project like any other, and has a model of its own."""

import shutil
import subprocess
from pathlib import Path

import pytest

from bot import model
from bot.nlu.writing import AddExample, AddIntent, AddSynonym, AddVariation, edited
from bot.nlu.yaml_files import YamlFile
from bot.settings import PROJECT

FEW = 12
EDITS = [
    AddIntent(
        "ask_hours", "conversation", ("que horas abrem?", "abre [amanhã](date)?"),
        ("Atendemos {business_hours}.", "É assim: {business_hours}."), "Horário"),
    AddExample("greet", "oiê 👩‍👩‍👧: “tudo” [bem?]"),
    AddExample("propose_amount", 'pago [150]{"entity": "amount", "role": "monthly"}'),
    AddVariation("utter_no_check", 'Por aqui ainda não chegou "nada".'),
    AddSynonym("bolero", "boleto"),
]  # fmt: skip


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Our project with a few messages of each intent: enough to be read, and soon read."""
    root = tmp_path / "project"
    for name in ("data", "bot"):
        shutil.copytree(PROJECT / name, root / name)
    for name in ("config.yml", "domain.yml"):
        shutil.copy(PROJECT / name, root / name)
    for path in root.glob("data/nlu/*.yml"):
        file = YamlFile(path.read_text())
        for block in file.tree["nlu"]:
            kept = block["examples"].splitlines(keepends=True)[:FEW]
            block["examples"] = type(block["examples"])("".join(kept))
        path.write_text(file.text())
    return root


def _files(root: Path) -> dict[str, str]:
    paths = [root / "domain.yml", *root.glob("data/*/*.yml")]
    return {str(path.relative_to(root)): path.read_text() for path in paths}


def test_rasa_validates_what_was_edited(root: Path) -> None:
    for path, text in edited(_files(root), EDITS).items():
        (root / path).write_text(text)
    command, environment = [*model.RASA, "data", "validate"], model.environment(root)
    done = subprocess.run(command, cwd=root, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "No story structure conflicts found" in done.stdout + done.stderr


def test_a_model_is_known_by_what_it_learnt_wherever_that_is(root: Path, database: None) -> None:
    """Words the bot says are not learnt; where the project is does not matter."""
    before = model.path(root)
    (root / "domain.yml").write_text(edited(_files(root), EDITS[3:4])["domain.yml"])
    assert model.path(root) == before
    moved = root.parent / "moved"
    shutil.copytree(root, moved)
    assert model.path(moved) == before
    (root / "data/nlu/debt.yml").write_text(
        edited(_files(root), [AddExample("ask_debt", "devo algo?")])["data/nlu/debt.yml"]
    )
    assert model.path(root) != before
    assert model.path(root).parent == before.parent
