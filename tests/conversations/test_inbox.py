"""What arrives is kept once, under the right person, and wakes the right conversation."""

import threading
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest

from bot.conversations import answers, turns
from bot.conversations.asking import Answered, OpenTurn
from tests.whatsapp.edge import (
    MARIA,
    MARIA_ID,
    Json,
    arrive,
    change,
    contact,
    count,
    message,
    query,
    says,
)
from tests.whatsapp.edge import clean as clean
from tests.whatsapp.edge import quiet_database as quiet_database

pytestmark = pytest.mark.usefixtures("clean")

OLD_FORM = "551187654321"
NEW_NUMBER = "5511955554444"


def hears(*messages: Json, people: list[Json] | None = None, **more: Any) -> None:
    """A webhook with messages."""
    arrive(change(messages=list(messages), contacts=people or [], **more))


def hears_phone(phone: str, words: str = "oi") -> None:
    """A message of somebody known by phone alone."""
    hears(says(words, sender=phone), people=[contact(phone)])


def hears_user(user_id: str, words: str = "oi") -> None:
    """A message of somebody known by user id alone."""
    hears(says(words, sender=None, from_user_id=user_id), people=[contact(None, user_id)])


def hears_both(phone: str, user_id: str, words: str = "oi") -> None:
    """A message with both identifiers."""
    hears(says(words, sender=phone, from_user_id=user_id), people=[contact(phone, user_id)])


def hears_change(node: Json, **sender: Any) -> None:
    """A system message about a person; there is no contact beside it."""
    arrive(change(messages=[message("system", node, **sender)]))


def prefers(value: str, **person: str) -> None:
    """A choice about marketing made in WhatsApp."""
    arrive(change("user_preferences", user_preferences=[{"value": value, **person}]))


def people() -> int:
    """How many contacts can still be reached."""
    [(number,)] = query("SELECT count(DISTINCT contact_id) FROM bot.contact_aliases")
    return int(number)


def owner_of(value: str) -> UUID:
    """The contact an identifier leads to."""
    [(contact_id,)] = query(
        "SELECT contact_id FROM bot.contact_aliases WHERE value = :value", value=value
    )
    assert isinstance(contact_id, UUID)
    return contact_id


def dialogue_of(value: str) -> UUID:
    """The dialogue Rasa has with whom an identifier leads to."""
    [(dialogue_id,)] = query(
        "SELECT dialogue_id FROM bot.conversations WHERE contact_id = :id", id=owner_of(value)
    )
    assert isinstance(dialogue_id, UUID)
    return dialogue_id


def texts_of(value: str) -> list[str]:
    """What a person has said, as far as it leads to them."""
    rows = query(
        "SELECT text FROM bot.messages JOIN bot.conversations c ON c.id = conversation_id"
        " WHERE contact_id = :id ORDER BY received_at",
        id=owner_of(value),
    )
    return [text for (text,) in rows]


def stops_marketing(value: str) -> bool:
    """Whether a person may not get marketing."""
    [(stopped,)] = query(
        "SELECT marketing_stopped FROM bot.contacts WHERE id = :id", id=owner_of(value)
    )
    return bool(stopped)


def edit_of(original: Json, words: str) -> Json:
    """The person corrects a message."""
    edited = {"type": "text", "text": {"body": words}}
    return message("edit", {"original_message_id": original["id"], "message": edited})


def fails(*_: object) -> None:
    """Stand in for a queue that is broken."""
    raise RuntimeError("no queue")


def take() -> OpenTurn:
    """The turn of the only conversation."""
    [(conversation_id,)] = query("SELECT id FROM bot.conversations")
    turn = turns.take(conversation_id, burst_seconds=0)
    assert isinstance(turn, OpenTurn)
    return turn


def test_the_same_message_three_times_is_one_message() -> None:
    """In one batch or apart, and it wakes once."""
    once = says("oi")
    hears(once, once)
    hears(once)
    assert count("bot.messages") == 1
    assert count("bot.raw_events") == 2
    assert count("procrastinate.procrastinate_jobs") == 1


def test_the_same_words_twice_are_two_messages() -> None:
    """Who says "sim" twice says it twice."""
    hears(says("sim"), says("sim"))
    assert count("bot.messages") == 2


def test_a_phone_with_and_without_the_ninth_digit_is_one_person() -> None:
    """In whichever order the two forms come, and no identity is lost by that."""
    hears_phone(OLD_FORM, "oi")
    before = dialogue_of(MARIA)
    hears_phone(MARIA, "sou eu")
    hears(says("de novo", sender=MARIA), people=[contact(OLD_FORM)])
    assert people() == 1
    assert texts_of(MARIA) == ["oi", "sou eu", "de novo"]
    assert dialogue_of(MARIA) == before


def test_a_landline_is_not_given_a_ninth_digit() -> None:
    """Only mobiles have one."""
    hears_phone("551133334444")
    hears_phone("5511933334444")
    assert people() == 2


def test_a_person_with_only_a_user_id_is_one_person() -> None:
    """Usernames have no phone."""
    hears_user(MARIA_ID, "oi")
    hears_user(MARIA_ID, "tudo bem?")
    assert people() == 1
    assert texts_of(MARIA_ID) == ["oi", "tudo bem?"]


def test_a_user_id_learned_later_is_added_to_the_person() -> None:
    """Whoever was known by phone goes on talking; nothing has to be confirmed again."""
    hears_phone(MARIA)
    before = dialogue_of(MARIA)
    hears_both(MARIA, MARIA_ID)
    hears_user(MARIA_ID)
    assert owner_of(MARIA) == owner_of(MARIA_ID)
    assert len(texts_of(MARIA)) == 3
    assert dialogue_of(MARIA) == before


def test_two_contacts_that_prove_to_be_one_are_merged() -> None:
    """Phone and user id seen apart, then together: from then on one, who confirms identity again."""
    hears_phone(MARIA)
    hears_user(MARIA_ID)
    before = dialogue_of(MARIA_ID)
    hears_both(MARIA, MARIA_ID)
    assert owner_of(MARIA) == owner_of(MARIA_ID)
    assert dialogue_of(MARIA) != before
    hears_phone(MARIA)
    hears_user(MARIA_ID)
    assert people() == 1


@pytest.mark.parametrize("first", [{"wa_id": MARIA}, {"user_id": MARIA_ID}])
def test_a_wish_not_to_be_written_to_survives_the_merge(first: dict[str, str]) -> None:
    """Whichever of the two contacts it was said to."""
    hears_phone(MARIA)
    hears_user(MARIA_ID)
    prefers("stop", **first)
    hears_both(MARIA, MARIA_ID)
    assert stops_marketing(MARIA)


def test_a_phone_with_another_user_id_has_to_confirm_identity() -> None:
    """A recycled number sees nobody else's debt."""
    hears_both(MARIA, MARIA_ID)
    before = dialogue_of(MARIA)
    hears_both(MARIA, "BR.2002", "quanto eu devo?")
    assert dialogue_of(MARIA) != before
    assert owner_of("BR.2002") == owner_of(MARIA)


def test_a_replaced_user_id_leads_nowhere_any_more() -> None:
    """Who comes back with it is a new person, not the new owner of the phone."""
    hears_both(MARIA, MARIA_ID)
    hears_both(MARIA, "BR.2002")
    hears_user(MARIA_ID)
    assert owner_of(MARIA_ID) != owner_of(MARIA)


def test_a_user_id_with_another_phone_has_to_confirm_identity() -> None:
    """The person stays, is answered at the new number, and proves again who they are."""
    hears_both(MARIA, MARIA_ID)
    before = dialogue_of(MARIA)
    hears_both(NEW_NUMBER, MARIA_ID)
    assert owner_of(NEW_NUMBER) == owner_of(MARIA_ID)
    assert dialogue_of(NEW_NUMBER) != before
    phones = query("SELECT address FROM bot.contact_aliases WHERE kind = 'phone'")
    assert phones == [(NEW_NUMBER,)]


def test_a_phone_taken_over_by_a_known_person_has_to_be_confirmed() -> None:
    """Both were known, with other user ids: the phone goes to who writes now."""
    hears_both(MARIA, MARIA_ID)
    hears_both(NEW_NUMBER, "BR.2002")
    before = dialogue_of("BR.2002")
    prefers("stop", user_id=MARIA_ID)
    hears_both(MARIA, "BR.2002")
    assert owner_of(MARIA) == owner_of("BR.2002") != owner_of(MARIA_ID)
    assert dialogue_of("BR.2002") != before
    assert not stops_marketing("BR.2002")


def test_the_same_identifiers_again_change_nothing() -> None:
    """Nobody confirms identity twice for writing twice."""
    hears_both(MARIA, MARIA_ID)
    before = dialogue_of(MARIA)
    for _ in range(3):
        hears_both(MARIA, MARIA_ID)
        hears_phone(OLD_FORM)
    assert dialogue_of(MARIA) == before


@pytest.mark.parametrize("field", ["wa_id", "new_wa_id"])
def test_after_a_changed_number_the_person_stays_and_the_dialogue_begins_anew(field: str) -> None:
    """The contact keeps its history; identity is asked again."""
    hears_phone(MARIA)
    person, before = owner_of(MARIA), dialogue_of(MARIA)
    hears_change({"type": "user_changed_number", field: NEW_NUMBER})
    assert owner_of(NEW_NUMBER) == person
    assert dialogue_of(NEW_NUMBER) != before
    hears_phone(NEW_NUMBER, "sou eu")
    assert [words for words in texts_of(NEW_NUMBER) if words] == ["oi", "sou eu"]


def test_after_a_changed_number_the_old_one_belongs_to_nobody() -> None:
    """Its next owner is a stranger to us."""
    hears_phone(MARIA)
    hears_change({"type": "user_changed_number", "wa_id": NEW_NUMBER})
    hears_phone(MARIA)
    assert owner_of(MARIA) != owner_of(NEW_NUMBER)


def test_after_a_changed_user_id_the_person_stays_and_the_dialogue_begins_anew() -> None:
    """For somebody without a phone, too."""
    hears_user(MARIA_ID)
    person, before = owner_of(MARIA_ID), dialogue_of(MARIA_ID)
    node = {"type": "user_changed_user_id", "previous_user_id": MARIA_ID, "user_id": "BR.2002"}
    hears_change(node, sender=None, from_user_id=MARIA_ID)
    assert owner_of("BR.2002") == person
    assert dialogue_of("BR.2002") != before
    assert people() == 1


def test_a_changed_device_makes_identity_be_asked_again() -> None:
    """The number is the same, who holds it may not be."""
    hears_phone(MARIA)
    person, before = owner_of(MARIA), dialogue_of(MARIA)
    hears_change({"type": "customer_identity_changed", "body": "changed"})
    assert owner_of(MARIA) == person
    assert dialogue_of(MARIA) != before


def test_a_changed_number_that_somebody_else_had_goes_to_the_person() -> None:
    """Meta says whose it is now."""
    hears_phone(MARIA)
    hears_phone(NEW_NUMBER)
    person = owner_of(MARIA)
    hears_change({"type": "user_changed_number", "wa_id": NEW_NUMBER})
    assert owner_of(NEW_NUMBER) == person
    assert people() == 1


@pytest.mark.parametrize("sender", [None, MARIA])
def test_a_change_of_nobody_we_know_is_passed_over(sender: str | None) -> None:
    """With no identifier at all, or with one never seen."""
    hears_change({"type": "user_changed_number", "wa_id": NEW_NUMBER}, sender=sender)
    assert count("bot.contacts") == 0
    assert count("bot.raw_events") == 1


def test_what_happened_to_identity_can_be_read_later() -> None:
    """Each reset leaves a line with its reason."""
    hears_both(MARIA, MARIA_ID)
    hears_change({"type": "user_changed_number", "wa_id": NEW_NUMBER})
    lines = query("SELECT what, details->>'why' FROM bot.audit")
    assert lines == [("identity reset", "number changed")]


def test_two_strangers_in_one_batch_are_two_people() -> None:
    """Each with their own words."""
    hears(
        says("sou a Maria", sender=MARIA),
        says("sou o João", sender="5521976543210"),
        people=[contact(MARIA), contact("5521976543210", name="João")],
    )
    assert texts_of(MARIA) == ["sou a Maria"]
    assert texts_of("5521976543210") == ["sou o João"]


def test_webhooks_at_once_make_one_person_of_somebody_new() -> None:
    """One contact, one conversation, every message, and no error."""
    together = threading.Barrier(8)
    errors: list[BaseException] = []

    def send(n: int) -> None:
        together.wait()
        try:
            hears_both(MARIA if n % 2 else OLD_FORM, MARIA_ID, f"mensagem {n}")
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=send, args=(n,)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert (count("bot.contacts"), count("bot.conversations")) == (1, 1)
    assert sorted(texts_of(MARIA)) == [f"mensagem {n}" for n in range(8)]


def test_the_same_message_at_once_is_one_message() -> None:
    """Meta retries while the first delivery is still being stored."""
    once, together = says("oi"), threading.Barrier(6)

    def send() -> None:
        together.wait()
        hears(once)

    threads = [threading.Thread(target=send) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (count("bot.messages"), count("bot.raw_events")) == (1, 6)
    assert count("procrastinate.procrastinate_jobs") == 1


def test_two_batches_of_the_same_people_in_another_order_do_not_block_each_other() -> None:
    """No deadlock, whatever the order."""
    numbers = [f"55119{n:08}" for n in range(30)]
    errors: list[BaseException] = []

    def send(phones: list[str]) -> None:
        try:
            hears(*(says("oi", sender=phone) for phone in phones))
        except BaseException as error:
            errors.append(error)

    orders = [numbers, numbers[::-1], numbers[15:] + numbers[:15]]
    threads = [threading.Thread(target=send, args=(order,)) for order in orders]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert (count("bot.contacts"), count("bot.messages")) == (30, 90)


def test_marketing_stops_and_resumes_as_the_person_wishes() -> None:
    """By phone or by user id."""
    hears_both(MARIA, MARIA_ID)
    prefers("stop", wa_id=OLD_FORM)
    assert stops_marketing(MARIA)
    prefers("resume", user_id=MARIA_ID)
    assert not stops_marketing(MARIA)


def test_a_stop_of_somebody_we_never_heard_of_is_kept() -> None:
    """They may be a customer we have not written to yet."""
    prefers("stop", wa_id=MARIA, user_id=MARIA_ID)
    hears_phone(MARIA)
    assert stops_marketing(MARIA)


def test_an_unknown_preference_does_not_undo_a_stop() -> None:
    """Only "resume" does."""
    prefers("stop", wa_id=MARIA)
    prefers("pause", wa_id=MARIA)
    assert stops_marketing(MARIA)


def test_a_message_edited_before_its_answer_counts_as_edited() -> None:
    """The correction is not answered a second time."""
    first = says("dia 10")
    hears(first)
    hears(edit_of(first, "dia 15"))
    assert take().message == "dia 15"
    assert query("SELECT count(*) FROM bot.messages WHERE turn_id IS NULL AND answerable") == [(0,)]


def test_an_edit_delivered_again_after_the_answer_is_not_answered() -> None:
    """Meta delivers at least once."""
    first = says("dia 10")
    edit = edit_of(first, "dia 15")
    hears(first)
    hears(edit)
    answered(take())
    hears(edit)
    assert query("SELECT count(*) FROM bot.messages WHERE turn_id IS NULL AND answerable") == [(0,)]


def test_a_message_edited_after_its_answer_is_answered_itself() -> None:
    """What was answered stays; the correction is new."""
    first = says("dia 10")
    hears(first)
    answered(take())
    hears(edit_of(first, "dia 15"))
    assert take().message == "dia 15"


@pytest.mark.parametrize("kind", ["reaction", "revoke"])
def test_what_asks_for_no_answer_is_kept_and_wakes_nobody(kind: str) -> None:
    """A heart under our message."""
    hears(message(kind, {"message_id": "wamid.ours"}))
    assert query("SELECT type, answerable FROM bot.messages") == [(kind, False)]
    assert count("procrastinate.procrastinate_jobs") == 0


def test_two_business_numbers_are_two_conversations_with_one_person() -> None:
    """What is said to one is not answered by the other."""
    hears(says("aqui"), number="1")
    hears(says("e ali"), number="2")
    assert count("bot.contacts") == 1
    rows = query(
        "SELECT phone_number_id, text FROM bot.messages JOIN bot.conversations c"
        " ON c.id = conversation_id ORDER BY phone_number_id"
    )
    assert rows == [("1", "aqui"), ("2", "e ali")]
    assert len(query("SELECT DISTINCT lock FROM procrastinate.procrastinate_jobs")) == 2


def test_messages_delivered_out_of_order_are_read_in_the_order_they_were_written() -> None:
    """By Meta's timestamps."""
    hears(says("depois", timestamp="1793000002"))
    hears(says("antes", timestamp="1793000001"))
    assert take().message == "antes\ndepois"


def test_the_window_is_open_from_the_newest_message_by_metas_clock() -> None:
    """A late old message does not close it, nor does its arrival reopen it."""
    hears(says("agora", timestamp="1793000000"))
    hears(says("velha", timestamp="1792000000"))
    [(last,)] = query("SELECT last_inbound_at FROM bot.conversations")
    assert last == datetime.fromtimestamp(1793000000, UTC)


def test_nothing_of_a_webhook_is_kept_when_one_part_of_it_fails(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """All of it is delivered again."""
    monkeypatch.setattr("bot.conversations.tasks.wake", fails)
    with pytest.raises(RuntimeError):
        hears(says("oi"))
    assert (count("bot.raw_events"), count("bot.messages"), count("bot.contacts")) == (0, 0, 0)


def test_a_profile_name_is_only_a_name() -> None:
    """Two people of one name stay two; the newest name is shown."""
    hears(says("oi", sender=MARIA), people=[contact(MARIA, name="Maria")])
    hears(says("oi", sender=NEW_NUMBER), people=[contact(NEW_NUMBER, name="Maria")])
    hears(says("oi", sender=MARIA), people=[contact(MARIA, name="Mari")])
    names = query("SELECT profile_name FROM bot.contacts ORDER BY profile_name")
    assert names == [("Mari",), ("Maria",)]


def answered(turn: OpenTurn) -> None:
    """Give a turn an answer."""
    [(dialogue_id,)] = query(
        "SELECT dialogue_id FROM bot.conversations WHERE id = :id", id=turn.conversation_id
    )
    answers.answer(turn, Answered(dialogue_id, [{"text": "Combinado."}]))
