"""Messages worth a look."""

from typing import Any

from flask import render_template, request
from markupsafe import Markup, escape

from bot.desk.roles import May
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
