"""Messages worth a look."""

from pathlib import Path
from typing import Any

from flask import render_template, request
from markupsafe import Markup, escape

from bot.desk.roles import May
from bot.nlu.examples import Place, read_example
from bot.training import annotating, inbox
from bot.training.guide import get_guide
from bot.training.inbox import Message
from bot.training.models import State
from bot.training.views import blueprint, listing, needs, words


@blueprint.app_context_processor
def _shared() -> dict[str, Any]:
    return {"words": words, "guide": get_guide, "State": State}


@blueprint.app_template_filter("stand_ins")
def stand_ins(message: Message) -> Markup:
    """The text, with what stands in for personal data marked."""
    parts, end = [Markup()], 0
    for start, stop, kind in message.spans:
        title = words.STAND_INS.get(kind, "um dado pessoal")  # type: ignore[call-overload]
        parts.append(escape(message.text[end:start]))
        parts.append(
            Markup('<mark class="stand-in" title="No lugar de {}">{}</mark>').format(
                title, message.text[start:stop]
            )
        )
        end = stop
    return Markup().join([*parts, escape(message.text[end:])])


@blueprint.app_template_filter("marks")
def marks(text: str) -> Markup:
    """An example as the files have it, its values marked as on the page of a message."""
    names = {(value.entity, value.role): value.name for value in get_guide().values}
    example = read_example(Place(Path(), 0), "", text)
    parts, end = [Markup()], 0
    for mark in example.annotations:
        parts.append(escape(example.text[end : mark.start]))
        parts.append(
            Markup('<span class="marked">{} <small>{}</small></span>').format(
                example.text[mark.start : mark.end],
                names.get((mark.entity, mark.role), mark.entity),
            )
        )
        end = mark.end
    return Markup().join([*parts, escape(example.text[end:])])


@blueprint.get("/")
@needs(May.TRAIN)
def home() -> str:
    """The inbox."""
    asked = listing.asked()
    intents, models = inbox.choices()
    return render_template(
        "training/inbox.html",
        asked=asked,
        page=asked.page(),
        counts=inbox.counts(asked.filters),
        intents=intents,
        models=models,
        last=request.args.get("last", type=int),
    )


@blueprint.get("/agreement")
@needs(May.TRAIN)
def agreement() -> str:
    """How far trainers say the same."""
    return render_template("training/agreement.html", pairs=annotating.agreement())
