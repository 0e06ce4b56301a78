"""Rasa's tracker store on our PostgreSQL: keeps the trackers it saved last, and keeps them short.

Rasa's own reads every event of a conversation back at each message, and once more to count
them. And Rasa replays all of a tracker's events for each prediction and sends them to each
action, so that a turn costs more the longer somebody talks. Runs in Rasa's environment;
`endpoints.yml` names it.
"""

import json
from collections import OrderedDict

import sqlalchemy as sa
from rasa.core.tracker_store import SQLTrackerStore
from rasa.shared.core.constants import ACTION_LISTEN_NAME
from rasa.shared.core.events import ActionExecuted, ActiveLoop, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

KEPT = 200
"""Trackers kept in memory; one holds some sixty events."""
LONGEST, SHORTENED = 6, 3
"""A tracker with more turns than `LONGEST` is cut down to the last `SHORTENED`: enough for what
the actions ask of the past, such as what was said last."""

_NEWEST = sa.text("SELECT max(id) FROM events WHERE sender_id = :sender")
_INSERT = sa.text("""
    WITH new AS (
        INSERT INTO events (id, sender_id, type_name, timestamp, intent_name, action_name, data)
        SELECT nextval('events_id_seq'), :sender, row->>'type', (row->>'at')::float,
               row->>'intent', row->>'action', row->>'data'
          FROM jsonb_array_elements(CAST(:rows AS jsonb)) WITH ORDINALITY AS rows (row, place)
         ORDER BY place
        RETURNING id)
    SELECT max(id) FROM new
""")


class RecentTrackerStore(SQLTrackerStore):
    """What is kept counts only while its newest event is also the newest in the database.

    A tracker is taken out when it is asked for and put back when it is saved: what was done to
    one that was never saved is forgotten, as it should be.
    """

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self._kept = OrderedDict()
        self._stored = {}

    async def retrieve(self, sender_id):
        """The tracker of the latest session, None when there is none."""
        newest, tracker = self._kept.pop(sender_id, (None, None))
        if tracker is None or self._newest(sender_id) != newest:
            tracker = await super().retrieve(sender_id)
        tracker = tracker and _short(tracker)
        self._stored[sender_id] = len(tracker.events) if tracker else 0
        return tracker

    async def save(self, tracker):
        """Append the events that are new since the tracker was retrieved."""
        stored = self._stored.pop(tracker.sender_id, None)
        if stored is None:
            await super().save(tracker)
            return
        await self.stream_events(tracker)
        rows = [_row(event.as_dict()) for event in list(tracker.events)[stored:]]
        if rows:
            self._keep(tracker, self._insert(tracker.sender_id, rows))

    def _newest(self, sender_id):
        with self.engine.connect() as connection:
            return connection.execute(_NEWEST, {"sender": sender_id}).scalar()

    def _insert(self, sender_id, rows):
        with self.engine.begin() as connection:
            values = {"sender": sender_id, "rows": json.dumps(rows)}
            return connection.execute(_INSERT, values).scalar()

    def _keep(self, tracker, newest):
        self._kept[tracker.sender_id] = newest, tracker
        while len(self._kept) > KEPT:
            self._kept.popitem(last=False)


def _short(tracker):
    """`tracker` with its last turns alone, after its slots as they stood before those.

    In the database every event stays: from there a crashed turn is recalled or forked.
    """
    events = list(tracker.events)
    turns = [place for place, event in enumerate(events) if isinstance(event, UserUttered)]
    if len(turns) <= LONGEST:
        return tracker
    cut = _start_of_turn(events, turns[-SHORTENED])
    slots = tracker.slots.values()  # by name: a new tracker begins with their initial values
    before = DialogueStateTracker.from_events(tracker.sender_id, events[:cut], slots)
    remembered = [*_state(before, events[cut].timestamp), *events[cut:]]
    return DialogueStateTracker.from_events(tracker.sender_id, remembered, slots)


def _start_of_turn(events, place):
    """Where Rasa began to listen for the message at `place`."""
    while place and not _listens(events[place]):
        place -= 1
    return place


def _listens(event):
    return isinstance(event, ActionExecuted) and event.action_name == ACTION_LISTEN_NAME


def _state(tracker, timestamp):
    """The events that bring a new tracker to the state of this one."""
    slots = {name: slot.value for name, slot in tracker.slots.items() if slot.value is not None}
    set_slots = [SlotSet(name, value, timestamp) for name, value in slots.items()]
    loop = tracker.active_loop_name
    return [*set_slots, ActiveLoop(loop, timestamp)] if loop else set_slots


def _row(data):
    intent = ((data.get("parse_data") or {}).get("intent") or {}).get("name")
    return {
        "type": data["event"],
        "at": data.get("timestamp"),
        "intent": intent,
        "action": data.get("name"),
        "data": json.dumps(data),
    }
