"""The desk put into the `web` process."""

from functools import partial

from flask import Flask

from bot.desk import accounts, filters, headers
from bot.desk.live import Live
from bot.desk.rows import draw
from bot.settings import get_settings
from bot.web import create_app


def install(app: Flask) -> None:
    """Give an app the console at `/desk`."""
    from bot.desk.views import blueprint

    accounts.install(app, get_settings())
    headers.install(app)
    filters.install(app)
    app.extensions["desk_live"] = Live(partial(draw, app))
    app.register_blueprint(blueprint)


def bare_app() -> Flask:
    """Accounts alone, for chores that need no pages."""
    app = create_app("desk")
    accounts.install(app, get_settings())
    return app
