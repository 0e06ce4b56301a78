"""The `actions` process: rasa-sdk's server with this package's actions and `/healthz`."""

from typing import Any

from rasa_sdk.endpoint import create_app
from rasa_sdk.executor import ActionExecutor
from sanic import HTTPResponse, Request, Sanic
from sanic.response import json

import actions


class Executor(ActionExecutor):
    """Runs the actions without the domain: none reads it, and `endpoints.yml` has Rasa keep it."""

    def update_and_return_domain(self, payload: dict[str, Any], action_name: str) -> dict[str, Any]:
        """No domain, and no complaint that there is none."""
        return {}


def serve(host: str, port: int) -> None:
    """Serve until stopped."""
    executor = Executor()
    executor.register_package(actions)
    app = create_app(executor)
    app.add_route(_healthz, "/healthz", name="healthz")
    app.prepare(host=host, port=port, single_process=True, motd=False)
    Sanic.serve_single(app)


async def _healthz(_request: Request) -> HTTPResponse:
    return json({"status": "ok"})
