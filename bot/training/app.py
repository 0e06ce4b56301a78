"""The trainers' pages put into the `web` process, beside the desk whose accounts they use."""

from flask import Flask


def install(app: Flask) -> None:
    """Give an app that has the desk the pages at `/training`."""
    from bot.training.views import blueprint

    app.register_blueprint(blueprint)
