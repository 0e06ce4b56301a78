"""Rasa's REST channel, where a message may say by which model it is to be answered.

A model is named by the fingerprint of its sources (`bot/model.py`). One that is not here yet is
loaded beside the others, which go on answering; so models come and go without a restart.
Runs in Rasa's environment, named in `credentials.yml`.
"""

import asyncio
import logging
import re
from collections import OrderedDict
from pathlib import Path

from rasa.core.agent import Agent
from rasa.core.channels.rest import RestInput
from rasa.core.tracker_store import TrackerStore
from rasa.core.utils import AvailableEndpoints
from sanic.response import json

KEPT = 3
"""Models besides the one Rasa was started with; each takes some 65 MB."""
_FILE = "combinado-{}.tar.gz"
_NAME = re.compile(r"[0-9a-f]{12}")
logger = logging.getLogger(__name__)


class ModelsByName(RestInput):
    """`metadata.model` names the model. Without it, or when there is no such file, the one Rasa
    was started with answers; who answered is noted in the metadata."""

    @classmethod
    def name(cls):
        return "rest"

    def blueprint(self, on_new_message):
        models = _Models()

        async def answer(message):
            metadata = message.metadata = message.metadata or {}
            agent, metadata["model"] = await models.get(metadata.get("model"))
            await agent.handle_message(message)

        blueprint = super().blueprint(answer)

        @blueprint.listener("after_server_start")
        async def begin(app, _):
            models.begin(app.ctx.agent)

        @blueprint.put("/models/<name:str>")
        async def load(_, name):
            """Load a model before somebody needs it."""
            _, found = await models.get(name)
            return json({"model": found}, status=200 if found == name else 404)

        return blueprint


class _Models:
    def __init__(self):
        self._agents = OrderedDict()
        self._loading = asyncio.Lock()

    def begin(self, agent):
        before, after = _FILE.split("{}")
        self._first, file = agent, Path(agent.processor.model_path)
        self._first_name = file.name.removeprefix(before).removesuffix(after)
        self._folder = file.parent

    async def get(self, name):
        """The agent of a model, and its name."""
        if name and name != self._first_name and (agent := await self._other(name)):
            return agent, name
        return self._first, self._first_name

    async def _other(self, name):
        async with self._loading:
            if name not in self._agents:
                await self._load(name)
            if name in self._agents:
                self._agents.move_to_end(name)
            return self._agents.get(name)

    async def _load(self, name):
        file = self._folder / _FILE.format(name)
        if not _NAME.fullmatch(name) or not file.exists():
            logger.error("no model %s: %s answers", name, self._first_name)
            return
        agent = Agent(
            tracker_store=TrackerStore.create(
                AvailableEndpoints.read_endpoints("endpoints.yml").tracker_store
            ),
            lock_store=self._first.lock_store,
            action_endpoint=self._first.action_endpoint,
        )
        await asyncio.to_thread(agent.load_model, str(file))
        self._agents[name] = agent
        while len(self._agents) > KEPT:
            self._agents.popitem(last=False)
