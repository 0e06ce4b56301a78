"""Rasa as the rest of the house sees it: a message in, bubbles out, asked once.

Our turn id travels in the metadata and stays on Rasa's tracker, so that after a crash the
answer already given is collected instead of asked for again.
"""

import time
from typing import Any
from uuid import UUID

import requests

from bot.settings import Settings

CONNECT_SECONDS, READ_SECONDS = 1, 20
Bubble = dict[str, Any]
ON_THE_TABLE = ("ended", "offers", "offer_id", "wants_full", "question", "unsure", "postponed")
"""Slots of what was said last; who it is and why the bill is late stay known."""


class DialogueError(Exception):
    """Rasa gave no usable answer."""


class Unreachable(DialogueError):
    """No connection was made: the message has not been asked."""


class Interrupted(DialogueError):
    """The connection broke or timed out: Rasa may still be thinking."""


class NoAnswer(DialogueError):
    """Rasa answered with an error, with nothing or with half: its actions are down."""


class Dialogue:
    """A connection to Rasa's HTTP API, on loopback or a private network."""

    def __init__(self, settings: Settings) -> None:
        self._url = settings.rasa_url
        self._session = requests.Session()
        self._session.mount("http://", requests.adapters.HTTPAdapter(pool_maxsize=32))

    def ask(self, dialogue_id: UUID, message: str, metadata: dict[str, Any]) -> list[Bubble]:
        """What Rasa says to `message`: bubbles as its REST channel gives them.

        Raises Unreachable, Interrupted or NoAnswer. `message` is a command when it begins
        with "/": the caller sees to it that nothing typed by a person does.
        """
        body = {"sender": str(dialogue_id), "message": message, "metadata": metadata}
        response = self._request("POST", "/webhooks/rest/webhook", json=body)
        bubbles: list[Bubble] = response.json()
        if not is_complete(bubbles):
            raise NoAnswer("the last action did not finish")
        return bubbles

    def recall(self, dialogue_id: UUID, turn_id: str) -> list[Bubble] | None:
        """What Rasa already said in this turn; None when it has not been asked."""
        events = self._events(dialogue_id)
        asked = [i for i, event in enumerate(events) if _is_turn(event, turn_id)]
        if not asked:
            return None
        return [_bubble(event) for event in events[asked[-1] :] if event["event"] == "bot"]

    def fork(self, dialogue_id: UUID, turn_id: str, new_id: UUID) -> None:
        """Begin dialogue `new_id` where `dialogue_id` stood before this turn.

        Rasa's own rewind is no help: inside a form it takes back an earlier message.
        """
        events = self._events(dialogue_id)
        asked = next(i for i, event in enumerate(events) if _is_turn(event, turn_id))
        path = f"/conversations/{new_id}/tracker/events"
        # The first call makes Rasa open a session there; it reads nothing older than that.
        self._request("POST", path, json={"event": "action", "name": "action_listen"})
        now = time.time()
        moved = [{**e, "timestamp": now + n / 1e5} for n, e in enumerate(events[:asked])]
        self._request("POST", path, json=moved)

    def resume(self, dialogue_id: UUID, customer_id: UUID, customer_name: str) -> None:
        """Let a dialogue that people interrupted go on with what billing says then.

        What was on the table, or waited for an answer, may have changed while people talked.
        """
        known = {"customer_id": str(customer_id), "customer_name": customer_name}
        slots = {**dict.fromkeys(ON_THE_TABLE), **known}
        now = time.time()
        events = [
            {"event": "slot", "name": name, "value": value, "timestamp": now + place / 1e5}
            for place, (name, value) in enumerate(slots.items())
        ]
        self._request("POST", f"/conversations/{dialogue_id}/tracker/events", json=events)

    def load(self, model: str) -> None:
        """Have a model ready before a turn is asked of it. Raises NoAnswer when there is none."""
        self._request("PUT", f"/webhooks/rest/models/{model}")

    def _events(self, dialogue_id: UUID) -> list[dict[str, Any]]:
        response = self._request("GET", f"/conversations/{dialogue_id}/tracker")
        events: list[dict[str, Any]] = response.json()["events"]
        return events

    def _request(self, method: str, path: str, **options: Any) -> requests.Response:
        try:
            response = self._session.request(
                method, self._url + path, timeout=(CONNECT_SECONDS, READ_SECONDS), **options
            )
            response.raise_for_status()
        except requests.HTTPError as error:
            raise NoAnswer(f"HTTP {error.response.status_code}") from error
        except requests.ConnectionError as error:
            if "NewConnectionError" in repr(error):
                raise Unreachable("Rasa does not listen") from error
            raise Interrupted(type(error).__name__) from error
        except requests.RequestException as error:
            raise Interrupted(type(error).__name__) from error
        return response


def is_complete(bubbles: list[Bubble]) -> bool:
    """Whether an answer came to its end: the last action of every turn says `done`.

    When its action server dies Rasa answers 200 with whatever was said before.
    """
    return bool(bubbles) and (bubbles[-1].get("custom") or {}).get("type") == "done"


def _is_turn(event: dict[str, Any], turn_id: str) -> bool:
    return event["event"] == "user" and (event.get("metadata") or {}).get("turn_id") == turn_id


def _bubble(event: dict[str, Any]) -> Bubble:
    data = {key: value for key, value in (event.get("data") or {}).items() if value}
    return {"text": event["text"], **data} if event.get("text") else data
