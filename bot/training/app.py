"""The trainers' pages put into the `web` process, beside the desk whose accounts they use."""

from flask import Flask


def install(app: Flask) -> None:
    """Give an app that has the desk the pages at `/training`."""
    from bot.training.views import blueprint, guests

    app.jinja_env.filters["percent"] = percent
    app.register_blueprint(blueprint)
    app.register_blueprint(guests.open_pages)


def percent(share: float, digits: int = 1) -> str:
    """`0.965` as `96,5 %`."""
    return f"{share * 100:.{digits}f}\N{NO-BREAK SPACE}%".replace(".", ",")
