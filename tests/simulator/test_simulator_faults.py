"""Faults do what they say: once, to the next message or send."""

import time
from typing import Any

import pytest
import requests

from tests.simulator.running import MARIA, Running, text, wait_for

Json = dict[str, Any]


def test_a_message_is_duplicated_apart(simulator: Running) -> None:
    """Three webhooks with one wamid; the next message comes once."""
    simulator.post("/faults", duplicate=3)
    wamid = simulator.say(type="text", text="oi")["id"]
    wait_for(lambda: len(simulator.receiver.posts) == 3, "three webhooks")
    assert {message["id"] for message in simulator.receiver.messages()} == {wamid}
    assert len({body for _, body in simulator.receiver.posts}) == 1
    simulator.inbound(type="text", text="depois")
    assert len(simulator.receiver.posts) == 4


def test_a_message_is_duplicated_in_one_batch(simulator: Running) -> None:
    """One webhook, three entries."""
    simulator.post("/faults", duplicate=3, together=True)
    wamid = simulator.inbound(type="text", text="oi")["id"]
    [body] = simulator.receiver.bodies()
    assert len(body["entry"]) == 3
    assert [message["id"] for message in simulator.receiver.messages()] == [wamid] * 3


def test_a_message_waits_for_the_next_in_one_batch(simulator: Running) -> None:
    """Kept back, then both in one webhook."""
    simulator.post("/faults", batch=True)
    simulator.say(type="text", text="primeira")
    assert _faults(simulator)["kept_back"] == 1
    simulator.inbound(type="text", text="segunda")
    assert len(simulator.receiver.posts) == 1
    assert _texts(simulator) == ["primeira", "segunda"]
    assert _faults(simulator)["kept_back"] == 0


def test_a_message_comes_after_the_next(simulator: Running) -> None:
    """Two webhooks in the wrong order; the timestamps tell the right one."""
    simulator.post("/faults", reorder=True)
    simulator.say(type="text", text="primeira", sent_ago=2)
    simulator.say(type="text", text="segunda")
    wait_for(lambda: len(simulator.receiver.posts) == 2, "both webhooks")
    assert _texts(simulator) == ["segunda", "primeira"]
    later, earlier = (int(message["timestamp"]) for message in simulator.receiver.messages())
    assert earlier < later


def test_a_message_is_late_by_days(simulator: Running) -> None:
    """Its timestamp is old; the window stays closed."""
    simulator.post("/faults", backdate_hours=72)
    message = simulator.inbound(type="text", text="Aceito")
    assert int(message["timestamp"]) < time.time() - 71 * 3600
    simulator.wait_for_status(simulator.sent(text("oi")), "failed")


def test_disarming_delivers_what_was_kept_back(simulator: Running) -> None:
    """Nothing is lost."""
    simulator.post("/faults", reorder=True)
    wamid = simulator.say(type="text", text="oi")["id"]
    requests.delete(f"{simulator.url}/simulator/faults", timeout=5)
    assert simulator.received(wamid)


def test_a_send_is_refused_with_a_chosen_code(open_window: Running) -> None:
    """As often as ordered, with Retry-After when asked; nothing reaches the phone."""
    open_window.post("/faults", reject={"code": 130429, "times": 2, "retry_after": 4})
    for _ in range(2):
        response = open_window.send(text("oi"))
        assert response.json()["error"]["code"] == 130429
        assert response.headers["Retry-After"] == "4"
    assert len(open_window.chat()) == 1
    assert open_window.send(text("oi")).status_code == 200


@pytest.mark.parametrize(("code", "http"), [(190, 401), (131000, 500), (2, 503), (131026, 400)])
def test_a_code_has_its_http_status(open_window: Running, code: int, http: int) -> None:
    """Meta's table."""
    open_window.post("/faults", reject={"code": code})
    assert open_window.send(text("oi")).status_code == http


def test_a_send_is_refused_later_by_webhook(open_window: Running) -> None:
    """Accepted first, then `failed` with the code."""
    open_window.post("/faults", reject={"code": 131049, "by": "webhook"})
    wamid = open_window.sent(text("oi"))
    message = open_window.wait_for_status(wamid, "failed")
    assert message["statuses"][-1]["error"]["code"] == 131049
    [status] = wait_for(open_window.receiver.statuses, "status")
    assert status["errors"][0]["code"] == 131049


def test_a_send_is_accepted_without_an_answer(open_window: Running) -> None:
    """The client times out; the message is delivered all the same, with its callback data."""
    open_window.post("/faults", hold_response=1.5)
    message = {"messaging_product": "whatsapp", "to": MARIA, "biz_opaque_callback_data": "o-1"}
    with pytest.raises(requests.ReadTimeout):
        requests.post(
            f"{open_window.api}/messages",
            json={**message, **text("oi")},
            headers=open_window.headers,
            timeout=0.3,
        )
    [sent, _] = wait_for(lambda: _both(open_window.receiver.statuses()), "statuses")
    assert sent["biz_opaque_callback_data"] == "o-1"
    assert [m["from"] for m in open_window.chat()] == ["customer", "business"]


def test_sends_are_slow_until_told_otherwise(open_window: Running) -> None:
    """Every send, not only the next."""
    open_window.post("/faults", slow_sends=0.3)
    for _ in range(2):
        started = time.monotonic()
        open_window.sent(text("oi"))
        assert time.monotonic() - started >= 0.3
    open_window.post("/faults", slow_sends=0)
    started = time.monotonic()
    open_window.sent(text("oi"))
    assert time.monotonic() - started < 0.3


def test_statuses_come_out_of_order(open_window: Running) -> None:
    """`delivered` before `sent`, and even before the response."""
    open_window.post("/faults", reorder_statuses=True)
    open_window.sent(text("oi"))
    assert open_window.receiver.status_names()[0] == "delivered"
    wait_for(lambda: len(open_window.receiver.statuses()) == 2, "both statuses")
    assert open_window.receiver.status_names() == ["delivered", "sent"]
    assert open_window.chat()[-1]["status"] == "delivered"


@pytest.mark.parametrize("wrong", [{"explode": True}, {"duplicate": -1}, {"reject": {}}])
def test_an_unknown_fault_is_explained(simulator: Running, wrong: Json) -> None:
    """400 with what was wrong."""
    response = simulator.post("/faults", **wrong)
    assert response.status_code == 400
    assert next(iter(wrong)) in response.json()["detail"]


def test_a_reset_forgets_everything(open_window: Running) -> None:
    """Messages, faults, changed numbers and webhooks not yet delivered."""
    open_window.receiver.answers = [500]
    open_window.say(type="text", text="perdida")
    open_window.post("/faults", duplicate=3)
    open_window.post(f"/customers/{MARIA}/actions", action="change_number")
    wait_for(lambda: not open_window.receiver.answers, "refused webhook")
    customers = open_window.post("/reset").json()
    assert customers[0]["phone"] == MARIA
    assert _faults(open_window)["duplicate"] == 0
    assert open_window.chat() == []


def _faults(simulator: Running) -> Json:
    faults: Json = requests.get(f"{simulator.url}/simulator/faults", timeout=5).json()
    return faults


def _texts(simulator: Running) -> list[str]:
    return [message["text"]["body"] for message in simulator.receiver.messages()]


def _both(statuses: list[Json]) -> list[Json] | None:
    return statuses if len(statuses) == 2 else None
