"""Supervisors look at how conversations went."""

from collections.abc import Callable

from flask import Flask

from tests.desk.browserless import Desk, waiting
from tests.desk.browserless import app as app
from tests.desk.console import Console
from tests.desk.test_figures_page import console as console
from tests.whatsapp.edge import clean as clean
from tests.whatsapp.edge import query
from tests.whatsapp.edge import quiet_database as quiet_database

ENDED = {"Maria Souza": "agreed", "João Pereira": "informed", "Ana Prado": "refused"}


def test_what_was_resolved_is_graded_and_then_no_longer_sampled(
    app: Flask, console: Callable[..., Console]
) -> None:
    """With a note, which stays beside the grade."""
    ana = Desk(app)
    for number, (name, disposition) in enumerate(ENDED.items()):
        id_ = waiting(phone=f"551198765432{number}", name=name)
        ana.posts(f"/desk/c/{id_}/take")
        ana.posts(f"/desk/c/{id_}/resolve", disposition=disposition)
    sonia = console("sonia")
    page = sonia.goes_to("/desk/quality")
    assert page.locator(".box").count() == 3
    agreed = page.locator(".box", has_text="Acordo fechado")
    agreed.get_by_label("Nota").select_option("5")
    agreed.get_by_label("Comentário").fill("Ouviu antes de propor.")
    agreed.get_by_role("button", name="Guardar").click()
    sonia.sees("Ouviu antes de propor.")
    assert page.locator(".box").count() == 2
    sonia.screenshot("qualidade")
    assert query("SELECT score FROM desk.reviews") == [(5,)]
