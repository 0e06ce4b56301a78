"""A conversation of the running house, saved as a test and run by the real `rasa test`."""

from pathlib import Path
from uuid import UUID

from bot import db, model
from bot.settings import PROJECT
from bot.training import story_runs
from bot.training.stories import as_story, recorded, rules_in
from tests.house import House


def _talk(house: House) -> UUID:
    """Maria is known, tells why, chooses an offer by button and agrees."""
    phone = house.phone()
    for words in ("oi", "529", "esqueci de pagar"):
        phone.says(words)
    phone.taps(phone.offered()[0])
    phone.says("sim, pode ser")
    [(conversation_id,)] = house.query("SELECT id FROM bot.conversations")
    return UUID(str(conversation_id))


def test_a_saved_conversation_passes_and_a_corrected_one_shows_what_is_heard(
    house: House, tmp_path: Path
) -> None:
    conversation_id = _talk(house)
    with db.transaction() as session:
        found = recorded(session, conversation_id)
    assert [turn.intent for turn in found.turns][:3] == [
        "greet",
        "inform_identity",
        "reason_forgot",
    ]
    assert [turn.is_typed for turn in found.turns] == [True, True, True, False, True]
    rules = rules_in(
        {f"data/rules/{file.name}": file.read_text() for file in PROJECT.glob("data/rules/*.yml")}
    )
    meant = {found.turns[2].turn_id or "": "reason_no_bill"}
    (tmp_path / "test_as_it_was.yml").write_text(as_story("Paga à vista", found, rules))
    (tmp_path / "test_corrected.yml").write_text(as_story("Não chegou", found, rules, meant))
    (tmp_path / "test_torn.yml").write_text("stories: [")

    ours = story_runs.files_in()
    results = story_runs.run(model.path(), [*ours, *sorted(tmp_path.glob("test_*.yml"))])

    saved = {file.name for file in ours}
    assert saved
    assert all(result.passed for result in results if result.file in saved), results
    passed = {result.file: result.passed for result in results if result.file not in saved}
    assert passed == {
        "test_as_it_was.yml": True, "test_corrected.yml": False, "test_torn.yml": False
    }, results  # fmt: skip
    [failure] = next(result.failures for result in results if result.story == "Não chegou")
    assert (failure.turn, failure.text) == (3, "esqueci de pagar")
    assert (failure.expected, failure.predicted) == ("reason_no_bill", "reason_forgot")
