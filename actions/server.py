"""The `actions` process: rasa-sdk's server with this package's actions and `/healthz`."""

from rasa_sdk.endpoint import create_app
from rasa_sdk.executor import ActionExecutor
from sanic import HTTPResponse, Request, Sanic
from sanic.response import json

import actions


def serve(host: str, port: int) -> None:
    """Serve until stopped."""
    executor = ActionExecutor()
    executor.register_package(actions)
    app = create_app(executor)
    app.add_route(_healthz, "/healthz", name="healthz")
    app.prepare(host=host, port=port, single_process=True, motd=False)
    Sanic.serve_single(app)


async def _healthz(_request: Request) -> HTTPResponse:
    return json({"status": "ok"})
