"""Rasa's tracker store on our PostgreSQL that keeps the trackers it saved last.

Rasa's own reads every event of a conversation back at each message, and once more to count
them. Runs in Rasa's environment; `endpoints.yml` names it.
"""

import json
from collections import OrderedDict

import sqlalchemy as sa
from rasa.core.tracker_store import SQLTrackerStore

KEPT = 200
"""Trackers kept in memory; one holds some hundred events."""

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


def _row(data):
    intent = ((data.get("parse_data") or {}).get("intent") or {}).get("name")
    return {
        "type": data["event"],
        "at": data.get("timestamp"),
        "intent": intent,
        "action": data.get("name"),
        "data": json.dumps(data),
    }
