"""The process `combinado simulator`: Meta's Cloud API and the customers' phones.

To the business it is Meta: it takes `POST /{version}/{phone_number_id}/messages` and media,
refuses what Meta refuses, and posts signed webhooks to `/webhooks/whatsapp` of `web`, again
with growing pauses (1 s to 60 s) until it gets a 200. To people it is a phone: the page at `/`.
All state is in memory: a restart or a reset starts afresh, with the demo customers.

Tests and benchmarks are customers by HTTP. `{phone}` is a phone with or without `+`,
punctuation or ninth digit, a business-scoped user id, or a key of `bot.simulator.customers`;
writing from a phone nobody has makes a new customer.

`GET /simulator/customers`
    Everyone: key, name, phone, wa_id, bsuid, unread, window_closes_at, last_message.
`POST /simulator/customers/{phone}/messages`
    Sends a signed webhook as that customer and answers 201 with the message at once; its
    `status` turns `delivered` when the webhook got its 200, `read` when the business says so.
    By `type`:
    `text` {text} · `tap` {id or title, message_id?}: taps a button or list row the business
    sent · `button_reply` `list_reply` {id, title}, `button` {payload, text}: such a tap,
    whether offered or not · `image` `audio` `video` `document` `sticker` {media_id, caption?,
    filename?} · `voice` {seconds?} · `location` {latitude, longitude, name?, address?} ·
    `contacts` {name, phone} · `reaction` {message_id, emoji} · `edit` {message_id, text} ·
    `revoke` {message_id} · `unsupported` · `raw` {message}: any entry of Meta's `messages[]`,
    whose own fields win.
    With any of them: `reply_to` (a wamid), `sent_ago` (seconds), `id_override` (a wamid).
`GET /simulator/customers/{phone}/messages`
    {customer, messages}: id, from (`customer` or `business`), type, content (the typed part
    as in the Cloud API), timestamp, status, statuses, reply_to, callback, visible (it reached
    the phone), reactions, edited, revoked.
`POST /simulator/customers/{phone}/read`
    The customer opens the chat: what arrived is read.
`POST /simulator/customers/{phone}/media`
    A file in `multipart/form-data`; answers {id, kind} for a message. `GET /simulator/media/{id}`.
`POST /simulator/customers/{phone}/actions`
    {action}: `change_number` (with `phone`, or one is made up), `stop_marketing`,
    `resume_marketing`, `close_window`.
`POST /simulator/faults`
    Any of: `duplicate` (times; `together` in one batch), `batch`, `reorder`, `backdate_hours`
    for the next message of a customer; `reject` {code, times?, by?, http?, retry_after?},
    `hold_response` (seconds), `reorder_statuses` for the next send; `slow_sends` (seconds)
    until cleared. `GET` shows what is armed, `DELETE` disarms all.
`POST /simulator/reset`
    Forgets messages, files, faults and undelivered webhooks.
`GET /simulator/events`
    Server-sent events: `message` {customer, message}, `customer`, `typing`, `faults`, `log`,
    `reset`. `GET /simulator/log` has the last entries of the log, `/simulator/codes` Meta's
    error codes.
"""

import signal
import threading
from types import FrameType

from flask import Flask, Response, jsonify, render_template

from bot import logs
from bot.settings import Settings, get_settings
from bot.simulator.business import load
from bot.simulator.business_side import BusinessSide, Pace
from bot.simulator.chats import Chats
from bot.simulator.cloud_api import CloudApi
from bot.simulator.control_api import ControlApi
from bot.simulator.customer_side import CustomerSide
from bot.simulator.events import Events
from bot.simulator.faults import Faults
from bot.simulator.media import MEGABYTE, MediaStore
from bot.simulator.scheduler import Scheduler
from bot.simulator.webhooks import Webhooks

_LARGEST_REQUEST = 101 * MEGABYTE
_CONTENT_POLICY = (
    "default-src 'self'; img-src 'self' data: blob: http: https:; media-src 'self' blob:; "
    "object-src 'none'; base-uri 'none'; frame-ancestors 'none'"
)


def create_app(settings: Settings | None = None, pace: Pace | None = None) -> Flask:
    """The simulator. Without arguments: as a process, with the settings of the environment."""
    if settings is None:
        settings = get_settings()
        logs.configure(settings, "simulator")
    app = Flask(__name__)
    app.config["MAX_CONTENT_LENGTH"] = _LARGEST_REQUEST
    app.json.sort_keys = False  # type: ignore[attr-defined]
    _add_simulator(app, settings, pace or Pace())
    app.add_url_rule("/healthz", view_func=_healthz)
    return app


def _add_simulator(app: Flask, settings: Settings, pace: Pace) -> None:
    business = load(settings)
    events, scheduler = Events(), Scheduler()
    chats, media, faults = Chats(events), MediaStore(), Faults(events)
    secret = settings.whatsapp_app_secret.get_secret_value()
    callback = f"http://127.0.0.1:{settings.web_port}/webhooks/whatsapp"
    webhooks = Webhooks(callback, secret, scheduler, events)
    customer_side = CustomerSide(business, chats, media, faults, webhooks)
    business_side = BusinessSide(business, chats, media, webhooks, scheduler, events, pace)

    def reset() -> None:
        webhooks.drop_pending()
        scheduler.clear()
        faults.clear()
        media.clear()
        chats.reset()
        events.clear_log()
        events.publish("reset", {})

    def page() -> Response:
        response = Response(render_template("page.html", business=business))
        response.headers["Content-Security-Policy"] = _CONTENT_POLICY
        response.headers["Referrer-Policy"] = "no-referrer"
        return response

    token = settings.whatsapp_access_token.get_secret_value()
    cloud = CloudApi(token, business.phone_number_id, business_side, faults, media, events)
    control = ControlApi(chats, customer_side, business_side, faults, media, events, reset)
    app.register_blueprint(cloud.blueprint())
    app.register_blueprint(control.blueprint())
    app.add_url_rule("/", view_func=page)
    _close_on_termination(events)


def _close_on_termination(events: Events) -> None:
    """Let SIGTERM end the open event streams, or gunicorn would wait for them."""
    if threading.current_thread() is not threading.main_thread():
        return
    previous = signal.getsignal(signal.SIGTERM)
    if not callable(previous):
        return

    def terminate(number: int, frame: FrameType | None) -> None:
        threading.Thread(target=events.close).start()
        previous(number, frame)

    signal.signal(signal.SIGTERM, terminate)


def _healthz() -> Response:
    """Always well: there is nothing this process waits for."""
    return jsonify(status="ok")
