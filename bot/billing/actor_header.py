"""The header X-Actor: in whose name a request asks."""

from flask import Flask, Response, g, request

from bot.billing.actors import BOT, HEADER, Actor, enter, leave
from bot.billing.problems import answer
from bot.billing.shapes import Problem


def register(app: Flask) -> None:
    """Do the work of every request in the name of its `X-Actor`; a malformed one is refused."""
    app.before_request(_enter)
    app.teardown_request(_leave)


def _enter() -> Response | None:
    try:
        actor = Actor.parse(request.headers.get(HEADER, str(BOT)))
    except ValueError as error:
        title, code = "Bad request", "invalid_actor"
        return answer(Problem(title=title, status=400, code=code, detail=f"{HEADER}: {error}"))
    g.actor_token = enter(actor)
    return None


def _leave(_: BaseException | None) -> None:
    token = g.pop("actor_token", None)
    if token is not None:
        leave(token)
