"""`/healthz` for the Rasa process. Runs in Rasa's environment, named in `credentials.yml`.

Rasa loads its model before it listens, so an answer means it is ready.
"""

from rasa.core.channels.channel import InputChannel
from sanic import Blueprint
from sanic.response import json


class Healthz(InputChannel):
    """A channel nobody speaks through: Rasa lets only channels add routes."""

    @classmethod
    def name(cls):
        return "healthz"

    def url_prefix(self):
        return "/healthz"

    def blueprint(self, on_new_message):
        return _AtRoot("healthz")


class _AtRoot(Blueprint):
    """A blueprint outside Rasa's `/webhooks/` prefix."""

    def register(self, app, options):
        app.add_route(_healthz, "/healthz", name="healthz")


async def _healthz(request):
    return json({"status": "ok"})
