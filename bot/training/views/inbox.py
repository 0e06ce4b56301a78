"""Messages worth a look."""

from flask import render_template

from bot.desk.roles import May
from bot.training.views import blueprint, needs


@blueprint.get("/")
@needs(May.TRAIN)
def home() -> str:
    """The inbox."""
    return render_template("training/inbox.html")
