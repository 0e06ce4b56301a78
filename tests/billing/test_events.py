"""Events out: signed, at least once, to the right place, and never into a private network."""

import asyncio
import hashlib
import hmac
import json
import socket
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from uuid import UUID

import procrastinate
import pytest
import requests
from sqlalchemy import select, text

from bot import jobs
from bot.billing.client import BillingClient
from bot.billing.context import Context
from bot.billing.errors import UnsafeUrl
from bot.billing.events import delivery, targets
from bot.billing.events.due import announce
from bot.billing.events.models import EventRow
from bot.billing.events.service import EventName, record
from bot.billing.http import EXTENSION
from bot.db import SEARCH_PATH, database_url, transaction
from bot.settings import Settings, get_settings
from tests.billing.paying import agree, pay_by_hand
from tests.billing.support import EVIDENCE, MORNING, TOKEN, Api, FakeClock, key

SECRET = "a-secret-of-at-least-32-characters"


@dataclass
class Subscriber:
    """A system that listens, and answers with `status`."""

    url: str = ""
    status: int = 200
    heard: list[tuple[dict[str, str], bytes]] = field(default_factory=list)


@pytest.fixture
def subscriber() -> Iterator[Subscriber]:
    listening = Subscriber()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            listening.heard.append((dict(self.headers), body))
            self.send_response(listening.status)
            self.send_header("Location", "/elsewhere")
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None: ...

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    Thread(target=server.serve_forever, daemon=True).start()
    listening.url = f"http://127.0.0.1:{server.server_port}/hook?a=b"
    yield listening
    server.shutdown()
    server.server_close()


def call(api: Api, method: str, path: str, status: int = 200, **body: Any) -> Any:
    headers = {"Authorization": f"Bearer {TOKEN}", "Idempotency-Key": key()}
    options = {"json": body} if method == "POST" else {}
    answer = requests.request(method, api.url + path, headers=headers, timeout=5, **options)
    assert answer.status_code == status, answer.text
    return answer.json() if answer.content else None


def subscribe(api: Api, url: str, events: tuple[str, ...] = tuple(EventName)) -> UUID:
    body = {"url": url, "secret": SECRET, "events": list(events)}
    return UUID(call(api, "POST", "/subscriptions", 201, **body)["id"])


def happen(name: EventName = EventName.PROMISE_BROKEN) -> None:
    with transaction() as session:
        record(session, name, None, MORNING, promise_id="1")


def send(api: Api) -> None:
    """What the worker does when it is woken."""
    with transaction() as session:
        delivery.dispatch(session, api.clock())
        session.flush()
        due = delivery.waiting(session, api.clock())
    for subscription in due:
        delivery.deliver_due(subscription, get_settings(), api.clock)


def deliveries(api: Api, subscription: UUID) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = call(api, "GET", f"/subscriptions/{subscription}/deliveries")[
        "deliveries"
    ]
    return found


def state(api: Api) -> dict[str, Any]:
    [found] = call(api, "GET", "/subscriptions")["subscriptions"]
    return dict(found)


def test_what_happened_arrives_signed(api: Api, subscriber: Subscriber, maria: UUID) -> None:
    subscription = subscribe(api, subscriber.url, ("agreement.created",))
    client = BillingClient(api.url, TOKEN)
    offer = client.offers(maria).offers[0]
    agreement = client.agree(maria, offer.id, EVIDENCE, idempotency_key=key())
    send(api)
    [(headers, body)] = subscriber.heard
    signed = headers["X-Combinado-Timestamp"].encode() + b"." + body
    expected = hmac.new(SECRET.encode(), signed, hashlib.sha256).hexdigest()
    assert headers["X-Combinado-Signature"] == f"sha256={expected}"
    event = json.loads(body)
    assert (event["name"], event["customer_id"]) == ("agreement.created", str(maria))
    assert event["data"] == {
        "agreement_id": str(agreement.id),
        "number": agreement.number,
        "total": str(agreement.total),
        "installments": "1",
    }
    [sent] = deliveries(api, subscription)
    assert (headers["X-Combinado-Event"], headers["X-Combinado-Delivery"]) == (
        event["id"],
        sent["id"],
    )
    assert (sent["status"], sent["last_status"], sent["attempts"]) == ("delivered", 200, 1)


def test_what_is_rolled_back_did_not_happen(api: Api, subscriber: Subscriber) -> None:
    subscribe(api, subscriber.url)
    with transaction() as session:
        record(session, EventName.PROMISE_BROKEN, None, MORNING)
        session.flush()
        session.rollback()
    send(api)
    assert subscriber.heard == []


def test_a_subscriber_hears_what_it_asked_for_and_once(api: Api, subscriber: Subscriber) -> None:
    subscribe(api, subscriber.url, ("agreement.broken",))
    happen(EventName.PROMISE_BROKEN)
    happen(EventName.AGREEMENT_BROKEN)
    send(api)
    send(api)
    [(_, body)] = subscriber.heard
    assert json.loads(body)["name"] == "agreement.broken"


@pytest.mark.parametrize("status", [301, 404, 500])
def test_an_answer_other_than_2xx_is_tried_again_later_and_later(
    api: Api, subscriber: Subscriber, status: int
) -> None:
    """A redirect is not followed: nobody is led elsewhere."""
    subscription = subscribe(api, subscriber.url)
    subscriber.status = status
    happen()
    send(api)
    send(api)
    [waiting] = deliveries(api, subscription)
    assert (waiting["status"], waiting["last_status"], len(subscriber.heard)) == (
        "pending",
        status,
        1,
    )
    api.clock.now += delivery.PAUSES[0]
    send(api)
    assert len(subscriber.heard) == 2
    subscriber.status = 204
    api.clock.now += delivery.PAUSES[1]
    send(api)
    assert deliveries(api, subscription)[0]["status"] == "delivered"
    assert state(api)["failures"] == 0


def test_after_the_last_attempt_it_is_given_up_and_can_be_sent_again(
    api: Api, subscriber: Subscriber
) -> None:
    subscription = subscribe(api, subscriber.url)
    subscriber.status = 500
    happen()
    for pause in (*delivery.PAUSES, timedelta()):
        send(api)
        api.clock.now += pause
    [failed] = deliveries(api, subscription)
    assert (failed["status"], failed["attempts"]) == ("failed", len(delivery.PAUSES) + 1)
    subscriber.status = 200
    path = f"/subscriptions/{subscription}/deliveries/{failed['id']}/redelivery"
    assert call(api, "POST", path)["status"] == "pending"
    send(api)
    [again] = deliveries(api, subscription)
    assert (again["status"], again["event"]) == ("delivered", failed["event"])
    assert subscriber.heard[-1][1] == subscriber.heard[0][1]


def test_nobody_there_holds_back_the_rest_and_is_switched_off_in_the_end(api: Api) -> None:
    """What waits meanwhile is not lost: it is sent once the subscription is switched on."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    subscription = subscribe(api, f"http://127.0.0.1:{port}/")
    for _ in range(3):
        happen()
    send(api)
    attempts = sorted(row["attempts"] for row in deliveries(api, subscription))
    assert attempts == [0, 0, 1]
    for _ in range(delivery.DISABLED_AFTER):
        api.clock.pass_days(1)
        send(api)
    off = state(api)
    assert (off["active"], off["failures"]) == (False, delivery.DISABLED_AFTER)
    assert "20 failures" in off["disabled_reason"]
    assert call(api, "POST", f"/subscriptions/{subscription}/activation")["active"] is True
    assert any(row["status"] == "pending" for row in deliveries(api, subscription))


def test_a_process_killed_while_sending_sends_again(api: Api, subscriber: Subscriber) -> None:
    subscription = subscribe(api, subscriber.url)
    happen()
    with transaction() as session:
        delivery.dispatch(session, api.clock())
    assert delivery._claim(subscription, api.clock()) is not None  # and nothing more is heard
    send(api)
    assert subscriber.heard == []
    api.clock.now += delivery.LEASE
    send(api)
    assert len(subscriber.heard) == 1


def test_who_unsubscribes_hears_no_more(api: Api, subscriber: Subscriber) -> None:
    subscription = subscribe(api, subscriber.url)
    happen()
    send(api)
    happen()
    call(api, "DELETE", f"/subscriptions/{subscription}", 204)
    send(api)
    assert len(subscriber.heard) == 1
    call(api, "DELETE", f"/subscriptions/{subscription}", 404)


def test_a_secret_is_never_shown(api: Api, subscriber: Subscriber) -> None:
    subscribe(api, subscriber.url)
    shown = json.dumps([state(api), call(api, "GET", "/audit?table_name=subscriptions")])
    assert SECRET not in shown


def test_what_was_recorded_is_woken_once_a_transaction(api: Api) -> None:
    count = text(
        "SELECT count(*) FROM procrastinate.procrastinate_jobs WHERE task_name = 'dispatch_events'"
    )
    with transaction() as session:
        before = session.scalar(count) or 0
        for _ in range(5):
            record(session, EventName.PROMISE_BROKEN, None, MORNING)
    with transaction() as session:
        assert session.scalar(count) == before + 1


def test_the_worker_wakes_and_delivers(api: Api, subscriber: Subscriber) -> None:
    async def work() -> None:
        connector = procrastinate.PsycopgConnector(
            conninfo=database_url(), kwargs={"options": SEARCH_PATH}
        )
        with jobs.app.replace_connector(connector) as live:
            async with live.open_async():
                await live.run_worker_async(wait=False, install_signal_handlers=False)

    subscribe(api, subscriber.url)
    happen()
    asyncio.run(work())
    assert len(subscriber.heard) == 1


# --- where events may go


OUTSIDE = Settings.model_construct(demo=False, events_to_private_hosts=False)


@pytest.mark.parametrize(
    "url",
    [
        "http://93.184.216.34/",
        "https://127.0.0.1/",
        "https://10.0.0.1/",
        "https://192.168.1.1:8443/",
        "https://169.254.169.254/latest/meta-data",
        "https://[::1]/",
        "https://[::ffff:10.0.0.1]/",
        "https://[2002:0a00:0001::]/",
        "https://[fd00::1]/",
        "https://0.0.0.0/",
        "https://0x7f.1/",
        "https://2130706433/",
        "https://localhost/",
        "https://user:pass@93.184.216.34/",
        "https://93.184.216.34/#fragment",
        "https://93.184.216.34:99999/",
        "https://does-not-exist.invalid/",
        "https:///path",
    ],
)
def test_outside_the_demo_events_go_by_https_and_to_no_private_network(url: str) -> None:
    with pytest.raises(UnsafeUrl):
        targets.check(url, OUTSIDE)


def test_a_private_network_can_be_allowed_but_not_without_https() -> None:
    allowed = Settings.model_construct(demo=False, events_to_private_hosts=True)
    assert targets.check("https://10.0.0.1/", allowed).address == "10.0.0.1"
    with pytest.raises(UnsafeUrl, match="https"):
        targets.check("http://10.0.0.1/", allowed)
    assert targets.check("https://93.184.216.34:8443/hook", OUTSIDE).port == 8443


def test_a_name_that_points_elsewhere_later_is_checked_before_each_delivery(
    api: Api, subscriber: Subscriber
) -> None:
    subscription = subscribe(api, subscriber.url)
    happen()
    with transaction() as session:
        delivery.dispatch(session, api.clock())
    delivery.deliver_due(subscription, OUTSIDE, api.clock)
    [refused] = deliveries(api, subscription)
    assert refused["last_error"] == "http: must be https"
    assert subscriber.heard == []


@pytest.mark.parametrize(
    "change",
    [
        {"url": "ftp://example.com/"},
        {"url": "https://exa mple.com/"},
        {"url": "https://example.com/\r\nX: y"},
        {"secret": "short"},
        {"events": []},
        {"events": ["nothing.known"]},
    ],
)
def test_a_subscription_that_cannot_work_is_refused(api: Api, change: dict[str, Any]) -> None:
    body = {"url": "http://127.0.0.1/", "secret": SECRET, "events": ["charge.due"]} | change
    call(api, "POST", "/subscriptions", 422, **body)


# --- charge.issued and charge.due


def told(customer: UUID, name: str) -> list[dict[str, Any]]:
    with transaction() as session:
        rows = session.scalars(
            select(EventRow)
            .where(EventRow.customer_id == customer, EventRow.name == name)
            .order_by(EventRow.happened_at)
        )
        return [row.data for row in rows]


def due(customer: UUID) -> list[dict[str, Any]]:
    return told(customer, "charge.due")


def test_a_charge_is_told_of_when_it_can_be_paid(client: BillingClient, maria: UUID) -> None:
    bare = client.issue_charge(maria, idempotency_key=key())
    offer = client.offers(maria).offers[1]
    agreement = client.agree(maria, offer.id, EVIDENCE, idempotency_key=key())
    assert agreement.charge is not None
    expected = [
        {"charge_id": str(charge.id), "amount": str(charge.amount), "due": charge.due.isoformat()}
        for charge in (bare, agreement.charge)
    ]
    expected[1]["agreement_id"] = str(agreement.id)
    assert told(maria, "charge.issued") == expected


def test_what_falls_due_is_announced_the_day_before_and_on_the_day_once_each(
    api: Api, client: BillingClient, maria: UUID, clock: FakeClock
) -> None:
    context: Context = api.app.extensions[EXTENSION]
    charge = client.issue_charge(maria, idempotency_key=key())  # due in two days
    counted = []
    for _ in range(4):
        counted += [announce(context), announce(context)]
        clock.pass_days(1)
    assert counted == [0, 0, 1, 0, 1, 0, 0, 0]
    assert [event["days_before"] for event in due(maria)] == ["1", "0"]
    assert due(maria)[0] == {
        "charge_id": str(charge.id),
        "amount": str(charge.amount),
        "due": charge.due.isoformat(),
        "days_before": "1",
    }


def test_an_instalment_without_a_charge_is_announced_as_well(
    api: Api, client: BillingClient, maria: UUID, clock: FakeClock
) -> None:
    offer = client.offers(maria).offers[1]
    agreement = client.agree(maria, offer.id, EVIDENCE, idempotency_key=key())
    context: Context = api.app.extensions[EXTENSION]
    second = agreement.parts[1]
    clock.pass_days((second.due - context.today()).days)
    assert announce(context) == 1
    [event] = due(maria)
    assert (event["installment"], event["agreement_id"]) == ("2", str(agreement.id))


def test_an_instalment_paid_in_part_falls_due_with_what_is_left(
    api: Api, client: BillingClient, maria: UUID, clock: FakeClock
) -> None:
    agreement = agree(client, maria, 2)
    pay_by_hand(client, maria, "100.00", agreement_id=agreement.id)
    context: Context = api.app.extensions[EXTENSION]
    first = agreement.parts[0]
    clock.pass_days((first.due - context.today()).days)
    announce(context)
    assert [event["amount"] for event in due(maria)] == [str(first.amount - 100)]
