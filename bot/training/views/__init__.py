"""The trainers' pages, in the frame of the desk: its accounts, its style, its answers."""

from functools import partial

from flask import Blueprint

from bot.desk import guarding
from bot.desk.guarding import Refused, me
from bot.nlu.writing import EditRefused
from bot.training.annotating import AnnotationError
from bot.training.candidates import CandidateRefused
from bot.training.changes import ChangeRefused
from bot.training.repository import RepositoryError

blueprint = Blueprint(
    "training",
    __name__,
    url_prefix="/training",
    template_folder="../templates",
    static_folder="../static",
)
needs = partial(guarding.needs, "training")
blueprint.before_request(guarding.guard)
for _error in (
    Refused,
    AnnotationError,
    CandidateRefused,
    ChangeRefused,
    EditRefused,
    RepositoryError,
):
    blueprint.register_error_handler(_error, guarding.refused)

from bot.training.views import (  # noqa: E402  the routes register themselves
    annotating,
    changes,
    guests,
    inbox,
    models,
    stories,
)

__all__ = [
    "Refused",
    "annotating",
    "blueprint",
    "changes",
    "guests",
    "inbox",
    "me",
    "models",
    "needs",
    "stories",
]
