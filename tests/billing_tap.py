"""Stands between the house and billing and remembers what billing answered.

So a test can see whether what was said to a person came from there.
"""

import requests

from bot.rehearsal.relay import Relay


class BillingTap:
    """A door to billing that keeps the words of every answer."""

    def __init__(self) -> None:
        self.answers: list[str] = []
        self._relay = Relay(self._keep)
        self.url = self._relay.url
        self.stand_before = self._relay.stand_before
        self.stop = self._relay.stop

    def _keep(self, method: str, path: str, body: bytes, answer: requests.Response) -> None:
        self.answers.append(answer.text)
