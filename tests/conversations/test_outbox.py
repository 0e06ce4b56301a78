"""What we say goes out once, in order, and ends where somebody sees it when it cannot."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot import db
from bot.conversations import outbox, tasks
from bot.conversations.models import OutboxRow
from bot.whatsapp.client import Accepted, Refused, Result, Unknown
from tests.whatsapp.edge import MARIA, Json, arrive, change, contact, message, query, says, status
from tests.whatsapp.edge import clean as clean
from tests.whatsapp.edge import quiet_database as quiet_database
from tests.whatsapp.fake import FakeWhatsApp

pytestmark = pytest.mark.usefixtures("clean")

in_any_order = settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=25
)
JOAO = "5521976543210"


class Chat:
    """A conversation with something to say, and what becomes of it."""

    def __init__(self, *words: str, phone: str = MARIA, **more: Any) -> None:
        arrive(change(messages=[says("oi", sender=phone, **more)], contacts=[contact(phone)]))
        query("UPDATE bot.messages SET answerable = false")
        [(self.id,)] = query("SELECT id FROM bot.conversations ORDER BY created_at DESC LIMIT 1")
        self.rows = [self.say(each) for each in words]

    def say(self, words: str) -> UUID:
        """Write a bubble to the outbox."""
        return self.put({"type": "text", "text": {"body": words, "preview_url": False}})

    def put(self, content: Json) -> UUID:
        """Write any message to the outbox."""
        row = OutboxRow(id=uuid4(), conversation_id=self.id, content=content)
        with db.transaction() as session:
            session.add(row)
        return row.id

    def deliver(self, *answers: Result) -> FakeWhatsApp:
        """Send what may go; Meta's first answers are given."""
        whatsapp = FakeWhatsApp(*answers)
        outbox.deliver(whatsapp, self.id)
        return whatsapp

    def states(self) -> list[str]:
        """The states, in order."""
        rows = query(
            "SELECT state FROM bot.outbox WHERE conversation_id = :id ORDER BY position", id=self.id
        )
        return [state for (state,) in rows]

    def errors(self) -> list[tuple[int | None, str | None]]:
        """Codes and details, in order."""
        rows = query(
            "SELECT error_code, error_detail FROM bot.outbox WHERE conversation_id = :id"
            " ORDER BY position",
            id=self.id,
        )
        return [(code, detail) for code, detail in rows]

    def owner(self) -> tuple[str, str | None]:
        """Who owns it, and why it was handed over."""
        [(owner, reason)] = query(
            "SELECT owner, handoff_reason FROM bot.conversations WHERE id = :id", id=self.id
        )
        return owner, reason

    def hears(self, name: str, code: int | None = None, wamid: str = "", row: int = 0) -> None:
        """A status with our id on it."""
        told = status(wamid or self.wamid(row), name, code)
        arrive(change(statuses=[{**told, "biz_opaque_callback_data": str(self.rows[row])}]))

    def wamid(self, row: int = 0) -> str:
        """Meta's id of a bubble, or one it may have."""
        [(wamid,)] = query("SELECT wamid FROM bot.outbox WHERE id = :id", id=self.rows[row])
        return wamid or f"wamid.of.{self.rows[row]}"


QUEUE = ("queue", "undelivered")
BOT = ("bot", None)
CONGESTED = Refused(131000, "Something went wrong", 500)


def refused(code: int, **more: Any) -> Refused:
    """Meta says no."""
    return Refused(code, f"details of {code}", 400, **more)


def hears_bare(wamid: str, name: str, code: int | None = None) -> None:
    """A status without our id."""
    arrive(change(statuses=[status(wamid, name, code)]))


def new_phone() -> str:
    """A mobile nobody has written from."""
    return f"55119{uuid4().int % 10**8:08}"


def time_passes(seconds: float) -> None:
    """Everything that waits has waited so much longer."""
    for table, column in (
        ("outbox", "next_attempt_at"),
        ("outbox", "sent_at"),
        ("channel_pauses", "until"),
    ):
        query(f"UPDATE bot.{table} SET {column} = {column} - make_interval(secs => :s)", s=seconds)


def pause_of(row: UUID) -> float:
    """Seconds until a row is tried again."""
    [(at,)] = query("SELECT next_attempt_at FROM bot.outbox WHERE id = :id", id=row)
    return float((at - datetime.now(UTC)).total_seconds())


def worker_dies_while_sending(chat: Chat) -> None:
    """Leave the first row as a killed worker does: claimed, never recorded."""
    assert outbox._claim_first(chat.id)


def test_bubbles_go_out_in_the_order_they_were_written() -> None:
    """Each with our id, to the address Meta gave."""
    chat = Chat("um", "dois", "três")
    whatsapp = chat.deliver()
    assert whatsapp.bubbles == ["um", "dois", "três"]
    assert [callback for _, _, callback in whatsapp.sent] == [str(row) for row in chat.rows]
    assert {to["to"] for to, _, _ in whatsapp.sent} == {MARIA}
    assert chat.states() == ["accepted"] * 3


def test_what_was_sent_is_not_sent_again() -> None:
    """However often the conversation is woken."""
    chat = Chat("um")
    chat.deliver()
    assert chat.deliver().sent == []


def test_a_person_without_a_phone_is_written_to_by_user_id() -> None:
    """The only address there is."""
    arrive(change(messages=[says("oi", sender=None, from_user_id="BR.7")]))
    chat = Chat.__new__(Chat)
    [(chat.id,)] = query("SELECT id FROM bot.conversations")
    chat.say("um")
    [(to, _, _)] = chat.deliver().sent
    assert to == {"recipient": "BR.7"}


def test_the_address_is_as_meta_gave_it() -> None:
    """Without the ninth digit when Meta's is without."""
    [(to, _, _)] = Chat("um", phone="551187654321").deliver().sent
    assert to == {"to": "551187654321"}


def test_what_waits_for_a_person_who_became_another_contact_is_shown_to_people() -> None:
    """The new owner of a number does not get what was meant for the old one."""
    chat = Chat("sua dívida")
    arrive(
        change(messages=[says("oi", sender=None, from_user_id="BR.7")]),
        change(messages=[says("oi", from_user_id="BR.7")]),
    )
    assert chat.deliver().sent == []
    assert (chat.states(), chat.owner()) == (["failed"], QUEUE)


ONWARD = ["accepted", "sent", "delivered", "read"]


@pytest.mark.parametrize("name", ["sent", "delivered", "read"])
def test_a_status_moves_a_bubble_on(name: str) -> None:
    """As far as it says, also when steps before it never come."""
    chat = Chat("um")
    chat.deliver()
    chat.hears(name)
    assert chat.states() == [name]


def test_a_voice_message_played_has_been_read() -> None:
    """`played` is Meta's word for more than read."""
    chat = Chat("um")
    chat.deliver()
    chat.hears("played")
    assert chat.states() == ["read"]


def test_a_status_meta_invents_changes_nothing() -> None:
    """It is kept."""
    chat = Chat("um")
    chat.deliver()
    chat.hears("evaporated")
    assert chat.states() == ["accepted"]
    assert query("SELECT status FROM bot.statuses") == [("evaporated",)]


@in_any_order
@given(
    st.lists(st.sampled_from(["sent", "delivered", "read", "played"]), min_size=1, max_size=6),
    st.integers(min_value=0, max_value=6),
    st.booleans(),
)
def test_statuses_in_any_order_end_at_the_furthest(
    names: list[str], before: int, has_callback: bool
) -> None:
    """Some of them before the answer to the send was stored, any of them twice."""
    chat = Chat("um", phone=new_phone())
    wamid = f"wamid.{uuid4()}"

    def hear(names: list[str]) -> None:
        for name in names:
            chat.hears(name, wamid=wamid) if has_callback else hears_bare(wamid, name)

    whatsapp = FakeWhatsApp(Accepted(wamid))
    whatsapp.meanwhile = lambda _callback, _wamid: hear(names[:before])
    outbox.deliver(whatsapp, chat.id)
    hear(names[before:])
    furthest = max(ONWARD.index("read" if name == "played" else name) for name in names)
    assert chat.states() == [ONWARD[furthest]]
    assert len(whatsapp.sent) == 1


@in_any_order
@given(
    st.permutations(["accepted by response", "sent", "failed"]),
    st.booleans(),
    st.sampled_from([(131000, "pending", BOT), (131026, "failed", QUEUE)]),
)
def test_a_failure_is_not_lost_in_whatever_order_it_comes(
    order: list[str], has_callback: bool, wanted: tuple[int, str, tuple[str, str | None]]
) -> None:
    """Before the answer to the send, between, or after `sent`: tried again or shown to people."""
    code, state, owner = wanted
    chat = Chat("um", phone=new_phone())
    wamid = f"wamid.{uuid4()}"
    cut = order.index("accepted by response")

    def hear(names: list[str]) -> None:
        for name in names:
            failed = code if name == "failed" else None
            if has_callback:
                chat.hears(name, failed, wamid=wamid)
            else:
                hears_bare(wamid, name, failed)

    whatsapp = FakeWhatsApp(Accepted(wamid))
    whatsapp.meanwhile = lambda _callback, _wamid: hear(order[:cut])
    outbox.deliver(whatsapp, chat.id)
    hear(order[cut + 1 :])
    assert (chat.states(), chat.owner()) == ([state], owner)
    assert chat.errors() == [(code, f"details of {code}")]
    assert len(whatsapp.sent) == 1


@pytest.mark.parametrize("has_callback", [True, False])
def test_a_status_before_the_answer_to_the_send_counts(has_callback: bool) -> None:
    """Meta's webhook may overtake its response."""
    chat = Chat("um")
    whatsapp = FakeWhatsApp(Accepted("wamid.early"))
    whatsapp.meanwhile = lambda _callback, wamid: (
        chat.hears("delivered", wamid=wamid) if has_callback else hears_bare(wamid, "delivered")
    )
    outbox.deliver(whatsapp, chat.id)
    assert chat.states() == ["delivered"]


@pytest.mark.parametrize("answer", [Unknown("ReadTimeout"), CONGESTED, refused(131026)])
def test_a_status_before_a_bad_answer_knows_better(answer: Result) -> None:
    """The person has it: it does not go out again and no person is called."""
    chat = Chat("um")
    whatsapp = FakeWhatsApp(answer)
    whatsapp.meanwhile = lambda _callback, _wamid: chat.hears("delivered")
    outbox.deliver(whatsapp, chat.id)
    time_passes(60)
    assert chat.deliver().sent == []
    assert (chat.states(), chat.owner()) == (["delivered"], BOT)


def test_a_failure_after_delivery_sends_nothing_twice() -> None:
    """A second device may fail where the first one has it."""
    chat = Chat("um")
    chat.deliver()
    chat.hears("delivered")
    chat.hears("failed", 131000)
    time_passes(60)
    assert chat.deliver().sent == []
    assert chat.states() == ["delivered"]


def test_the_same_failure_twice_counts_once() -> None:
    """Duplicated webhooks do not use up tries."""
    chat = Chat("um")
    chat.deliver()
    for _ in range(3):
        chat.hears("failed", 131000, wamid="wamid.first")
    time_passes(60)
    assert len(chat.deliver().sent) == 1
    assert chat.states() == ["accepted"]


def test_a_failure_told_by_response_and_by_webhook_is_handled_once() -> None:
    """Both name the same message."""
    chat = Chat("um")
    chat.deliver(refused(131026))
    chat.hears("failed", 131026)
    assert chat.states() == ["failed"]
    assert query("SELECT count(*) FROM bot.audit WHERE what = 'handed over'") == [(1,)]


def test_a_failure_by_webhook_that_may_pass_wakes_the_conversation() -> None:
    """Or nobody would try again."""
    chat = Chat("um")
    chat.deliver()
    query("TRUNCATE procrastinate.procrastinate_jobs CASCADE")
    chat.hears("failed", 131000)
    jobs = query("SELECT lock FROM procrastinate.procrastinate_jobs")
    assert jobs == [(str(chat.id),)]


@pytest.mark.parametrize("by", ["response", "webhook"])
@pytest.mark.parametrize(
    ("code", "state", "owner", "is_paused"),
    [
        (131000, "pending", BOT, False),
        (130429, "pending", BOT, True),
        (131056, "pending", BOT, False),
        (190, "pending", BOT, True),
        (131042, "pending", BOT, True),
        (131047, "parked", QUEUE, False),
        (131026, "failed", QUEUE, False),
        (131049, "failed", QUEUE, False),
        (131050, "failed", QUEUE, False),
        (100, "failed", QUEUE, False),
        (132001, "failed", QUEUE, False),
        (137000, "failed", QUEUE, False),
    ],
)
def test_each_error_gets_what_it_asks_for(
    code: int, state: str, owner: tuple[str, str | None], is_paused: bool, by: str
) -> None:
    """Told by the response or by webhook; Meta's code and words stay to be read."""
    chat = Chat("um")
    if by == "response":
        chat.deliver(refused(code))
    else:
        chat.deliver()
        chat.hears("failed", code)
    assert (chat.states(), chat.owner()) == ([state], owner)
    assert chat.errors() == [(code, f"details of {code}")]
    assert bool(query("SELECT 1 FROM bot.channel_pauses")) == is_paused


def test_after_an_identity_change_the_dialogue_begins_anew() -> None:
    """137000: another device answers on this number."""
    chat = Chat("um")
    [before] = query("SELECT dialogue_id FROM bot.conversations")
    chat.deliver(refused(137000))
    assert query("SELECT dialogue_id FROM bot.conversations") != [before]


def test_a_retry_that_succeeds_leaves_no_error() -> None:
    """The bubble arrives once, its trouble is over."""
    chat = Chat("um")
    chat.deliver(CONGESTED)
    time_passes(60)
    assert chat.deliver().bubbles == ["um"]
    assert (chat.states(), chat.errors()) == (["accepted"], [(None, None)])


def test_a_retry_waits_longer_each_time_and_ends_with_people() -> None:
    """Five tries, then an operator sees it."""
    chat = Chat("um")
    pauses = []
    for _ in range(4):
        assert len(chat.deliver(CONGESTED).sent) == 1
        assert chat.deliver().sent == []
        pauses.append(pause_of(chat.rows[0]))
        time_passes(60)
    chat.deliver(CONGESTED)
    assert all(2 ** (n - 1) - 1 < pause <= 2**n for n, pause in enumerate(pauses, 1))
    assert (chat.states(), chat.owner()) == (["failed"], QUEUE)
    time_passes(3600)
    assert chat.deliver().sent == []


@pytest.mark.parametrize("http_status", [None, 500, 503])
def test_meta_out_of_reach_is_tried_again(http_status: int | None) -> None:
    """No connection, or an error without a code."""
    chat = Chat("um")
    chat.deliver(Refused(None, "could not connect", http_status))
    assert chat.states() == ["pending"]
    time_passes(60)
    assert chat.deliver().bubbles == ["um"]


def test_an_unknown_code_that_will_pass_is_tried_again() -> None:
    """Meta's own hint decides where the table says nothing."""
    passing, lasting = Chat("um"), Chat("um", phone=JOAO)
    passing.deliver(refused(999999, is_transient=True))
    lasting.deliver(refused(999999))
    assert (passing.states(), lasting.states()) == (["pending"], ["failed"])


def test_what_follows_waits_for_what_is_tried_again() -> None:
    """Order is kept: the second bubble never overtakes the first."""
    chat = Chat("um", "dois", "três")
    assert chat.deliver(Accepted("wamid.1"), CONGESTED).bubbles == ["um", "dois"]
    assert chat.deliver().sent == []
    time_passes(60)
    assert chat.deliver().bubbles == ["dois", "três"]


def test_what_follows_something_undeliverable_still_goes() -> None:
    """A broken document does not silence the rest."""
    chat = Chat("um", "dois")
    assert chat.deliver(refused(131053)).bubbles == ["um", "dois"]
    assert chat.states() == ["failed", "accepted"]


def test_a_document_whatsapp_cannot_fetch_comes_as_a_link() -> None:
    """Once: a link that is refused, too, is set aside for a person."""
    chat = Chat()
    document = {"link": "https://loja.example/recibo", "filename": "recibo.pdf", "caption": "Aqui"}
    chat.put({"type": "document", "document": document})
    sent = chat.deliver(refused(131052)).sent
    assert [content.get("text", {}).get("body") for _, content, _ in sent[1:]] == [
        "Aqui\n\nrecibo.pdf: https://loja.example/recibo"
    ]
    assert chat.states() == ["accepted"]


def test_a_message_left_by_a_dead_worker_is_not_sent_again() -> None:
    """It may have been taken; what follows goes on."""
    chat = Chat("um", "dois")
    worker_dies_while_sending(chat)
    assert chat.deliver().bubbles == ["dois"]
    assert chat.states() == ["unknown", "accepted"]


def test_a_message_left_by_a_dead_worker_is_seen_even_while_the_rest_waits() -> None:
    """The pause of the others does not hide it."""
    chat = Chat("um", "dois")
    worker_dies_while_sending(chat)
    query(
        "UPDATE bot.outbox SET next_attempt_at = now() + interval '1 hour' WHERE state = 'pending'"
    )
    assert chat.deliver().sent == []
    assert chat.states() == ["unknown", "pending"]


def test_an_ambiguous_timeout_is_unknown_and_not_sent_again() -> None:
    """No second bubble."""
    chat = Chat("um", "dois")
    assert chat.deliver(Unknown("ReadTimeout")).bubbles == ["um", "dois"]
    time_passes(60)
    assert chat.deliver().sent == []
    assert (chat.states(), chat.errors()[0]) == (["unknown", "accepted"], (None, "ReadTimeout"))


@pytest.mark.parametrize("name", ["sent", "delivered", "read"])
def test_an_unknown_message_is_settled_by_a_later_status(name: str) -> None:
    """By our own id: Meta's was never told."""
    chat = Chat("um")
    chat.deliver(Unknown("ReadTimeout"))
    chat.hears(name, wamid="wamid.late")
    time_passes(600)
    tasks._wake_forgotten()
    assert (chat.states(), chat.owner()) == ([name], BOT)
    assert chat.wamid() == "wamid.late"


def test_an_unknown_message_that_failed_is_tried_again() -> None:
    """Now we know: it did not arrive."""
    chat = Chat("um")
    chat.deliver(Unknown("ReadTimeout"))
    chat.hears("failed", 131000, wamid="wamid.late")
    time_passes(60)
    assert chat.deliver().bubbles == ["um"]


def test_a_message_unknown_for_too_long_is_shown_to_people() -> None:
    """Not before five minutes, and not again after."""
    chat = Chat("um")
    chat.deliver(Unknown("ReadTimeout"))
    time_passes(4 * 60)
    tasks._wake_forgotten()
    assert (chat.states(), chat.owner()) == (["unknown"], BOT)
    time_passes(2 * 60)
    tasks._wake_forgotten()
    assert (chat.states(), chat.owner()) == (["failed"], QUEUE)
    assert chat.errors() == [(None, "ReadTimeout")]


def test_a_message_given_up_that_arrived_after_all_is_shown_as_arrived() -> None:
    """An operator does not write it a second time."""
    chat = Chat("um")
    chat.deliver(Unknown("ReadTimeout"))
    time_passes(6 * 60)
    tasks._wake_forgotten()
    chat.hears("delivered", wamid="wamid.late")
    assert chat.states() == ["delivered"]


def test_outside_the_window_nothing_is_sent_in_vain() -> None:
    """Parked where people see it, with Meta's code, and not tried later."""
    yesterday = str(int(datetime.now(UTC).timestamp()) - 25 * 3600)
    chat = Chat("um", "dois", timestamp=yesterday)
    assert chat.deliver().sent == []
    assert (chat.states(), chat.owner()) == (["parked", "parked"], QUEUE)
    assert [code for code, _ in chat.errors()] == [131047, 131047]
    assert chat.deliver().sent == []


def test_outside_the_window_a_template_goes() -> None:
    """The only thing that may."""
    yesterday = str(int(datetime.now(UTC).timestamp()) - 25 * 3600)
    chat = Chat(timestamp=yesterday)
    chat.put({"type": "template", "template": {"name": "aviso"}})
    assert len(chat.deliver().sent) == 1


def test_a_message_of_the_person_opens_the_window_again() -> None:
    """What is said from then on goes."""
    yesterday = str(int(datetime.now(UTC).timestamp()) - 25 * 3600)
    chat = Chat(timestamp=yesterday)
    arrive(change(messages=[says("oi de novo")]))
    chat.say("um")
    assert chat.deliver().bubbles == ["um"]


def test_a_recipient_who_got_too_many_waits_alone() -> None:
    """131056: everybody else goes on; the wait grows by four."""
    maria, joao = Chat("um"), Chat("um", phone=JOAO)
    maria.deliver(refused(131056))
    assert joao.deliver().bubbles == ["um"]
    assert maria.deliver().sent == []
    assert 3 < pause_of(maria.rows[0]) <= 4
    time_passes(4)
    maria.deliver(refused(131056))
    assert 15 < pause_of(maria.rows[0]) <= 16
    time_passes(16)
    assert maria.deliver().bubbles == ["um"]


@pytest.mark.parametrize("code", [130429, 190])
def test_a_pause_of_the_channel_stops_everybody_on_that_number(code: int) -> None:
    """And nobody on another; afterwards all goes out."""
    maria, joao = Chat("um"), Chat("um", phone=JOAO)
    other = Chat("um", phone="5531966666666")
    query("UPDATE bot.conversations SET phone_number_id = '2' WHERE id = :id", id=other.id)
    maria.deliver(refused(code))
    assert joao.deliver().sent == []
    assert other.deliver().bubbles == ["um"]
    assert joao.owner() == maria.owner() == BOT
    time_passes(301)
    assert joao.deliver().bubbles == ["um"]
    assert maria.deliver().bubbles == ["um"]


def test_the_pause_meta_asks_for_is_kept() -> None:
    """`Retry-After`, in seconds, but an hour at most."""
    chat = Chat("um")
    chat.deliver(refused(130429, retry_after=30.0))
    assert 29 < pause_of(chat.rows[0]) <= 30
    time_passes(30)
    chat.deliver(refused(130429, retry_after=1e18))
    assert 3599 < pause_of(chat.rows[0]) <= 3600


def test_a_short_pause_does_not_end_a_long_one() -> None:
    """A refused token is not forgotten for a rate limit told later."""
    maria, joao = Chat("um"), Chat("um", phone=JOAO)
    joao.deliver()
    maria.deliver(refused(190))
    joao.hears("failed", 130429)
    time_passes(60)
    assert Chat("um", phone="5531966666666").deliver().sent == []


def test_what_is_due_and_forgotten_is_woken() -> None:
    """A lost job loses nothing; a row that waits is left to wait."""
    due, waiting = Chat("um"), Chat("um", phone=JOAO)
    waiting.deliver(CONGESTED)
    query("TRUNCATE procrastinate.procrastinate_jobs CASCADE")
    tasks._wake_forgotten()
    tasks._wake_forgotten()
    assert query("SELECT lock FROM procrastinate.procrastinate_jobs") == [(str(due.id),)]


def test_a_status_of_a_message_that_is_not_ours_is_kept() -> None:
    """Another system may send from the same number."""
    hears_bare("wamid.theirs", "delivered")
    arrive(change(statuses=[status("wamid.x", "failed", 131000, biz_opaque_callback_data="odd")]))
    arrive(change(statuses=[status("wamid.y", "sent", biz_opaque_callback_data=str(uuid4()))]))
    assert query("SELECT count(*) FROM bot.statuses") == [(3,)]


def test_a_reaction_of_the_person_opens_no_turn_but_the_bubble_stays_delivered() -> None:
    """Statuses and reactions in one webhook."""
    chat = Chat("um")
    chat.deliver()
    told = status(chat.wamid(), "delivered", biz_opaque_callback_data=str(chat.rows[0]))
    heart = message("reaction", {"message_id": chat.wamid(), "emoji": "❤️"})
    arrive(change(statuses=[told]), change(messages=[heart]))
    assert chat.states() == ["delivered"]
