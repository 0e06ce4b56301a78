"""What every Flask process of the house shares: health, request limits, error answers."""

from flask import Flask, Response, jsonify
from sqlalchemy import text

from bot.db import engine

MAX_BODY = 3 * 1024 * 1024
"""Bytes. Meta's webhooks go up to 3 MB."""


def create_app(name: str, **flask_options: object) -> Flask:
    """A Flask app with `/healthz` and the house's limits; features register their blueprints."""
    app = Flask(name, **flask_options)  # type: ignore[arg-type]
    harden(app)
    return app


def harden(app: Flask) -> None:
    """Add `/healthz` and the house's limits to an app made by another factory."""
    app.config["MAX_CONTENT_LENGTH"] = MAX_BODY
    app.add_url_rule("/healthz", view_func=healthz)


def healthz() -> tuple[Response, int]:
    """200 when the process can reach the database, else 503 and the kind of error."""
    try:
        with engine().connect() as connection:
            connection.execute(text("SELECT 1"))
    except Exception as error:
        return jsonify(status="database unreachable", error=type(error).__name__), 503
    return jsonify(status="ok"), 200
