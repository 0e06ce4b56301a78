"""Meta delivers twice, late and out of order; processes die. People get one answer."""

import threading
import time

import pytest

from tests.house import House, bubble_text

JOAO = "5521976543210"


def test_the_same_message_three_times_is_answered_once(house: House) -> None:
    """Three webhooks at once with the same wamid."""
    phone = house.phone()
    house.arm(duplicate=3)
    phone.says("oi")
    _quiet(house)
    assert len(phone.bubbles()) == 1


def test_the_same_message_three_times_in_one_batch_is_answered_once(house: House) -> None:
    """One webhook, three times the same wamid."""
    phone = house.phone()
    house.arm(duplicate=3, together=True)
    phone.says("oi")
    _quiet(house)
    assert len(phone.bubbles()) == 1


def test_a_batch_of_two_messages_loses_neither(house: House) -> None:
    """Both are stored, and answered as one turn."""
    phone = house.phone()
    house.arm(batch=True)
    phone.send(type="text", text="oi")
    phone.says("quanto eu devo?")
    assert house.query("SELECT count(*) FROM bot.messages") == [(2,)]
    assert len(phone.bubbles()) == 1


def test_a_burst_of_messages_is_answered_once_and_in_order(house: House) -> None:
    """Three short messages are one turn, read in the order they were written."""
    phone = house.phone()
    with house.frozen("worker"):  # however slow the machine, they are there within one burst
        for words in ("oi", "tudo bem?", "quero saber da minha conta"):
            phone.send(type="text", text=words)
        stored = "SELECT count(*) FROM bot.messages"
        house.wait_for(lambda: house.query(stored) == [(3,)], "three messages")
    phone.answer_after(0)
    _quiet(house)
    assert len(phone.bubbles()) == 1
    turns = house.query(
        "SELECT string_agg(text, '|' ORDER BY sent_at, received_at) FROM bot.messages GROUP BY turn_id"
    )
    assert turns == [("oi|tudo bem?|quero saber da minha conta",)]


def test_two_customers_at_once_do_not_mix(house: House) -> None:
    """Each hears only of their own bills."""
    maria, joao = house.phone(), house.phone(JOAO)
    answers = {}

    def talk(name: str, words: tuple[str, ...]) -> None:
        phone = maria if name == "maria" else joao
        answers[name] = [phone.says(said) for said in words]

    joao_digits = house.query(
        "SELECT left(document, 3) FROM billing.customers WHERE name LIKE 'João%'"
    )
    threads = [
        threading.Thread(target=talk, args=("maria", ("oi", "529"))),
        threading.Thread(target=talk, args=("joao", ("oi", joao_digits[0][0]))),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert "Maria" in answers["maria"][-1]
    assert "Maria" not in answers["joao"][-1]
    assert "João" in answers["joao"][-1]


@pytest.mark.parametrize("moment", [0.0, 0.35, 0.5])
@pytest.mark.parametrize("victim", ["worker", "rasa", "actions", "billing"])
def test_a_killed_process_costs_no_answer_and_doubles_none(
    house: House, victim: str, moment: float
) -> None:
    """`kill -9` at different moments of a turn; after the restart there is exactly one answer."""
    phone = house.phone()
    phone.says("oi")
    phone.send(type="text", text="529")
    time.sleep(moment)
    house.kill(victim)
    time.sleep(0.5)
    house.start(victim)
    answer = phone.answer_after(1)
    _quiet(house)
    assert len(phone.bubbles()) == 2
    assert "Encontrei 2 contas" in answer or house.owner() == ("queue", "billing_down")


def test_a_send_that_times_out_after_acceptance_is_not_sent_again(house: House) -> None:
    """Meta took it but the answer got lost: the status webhook settles it."""
    phone = house.phone()
    house.arm(hold_response=12)
    phone.send(type="text", text="oi")
    house.wait_for(phone.bubbles, "bubble")
    house.wait_for(
        lambda: house.query("SELECT 1 FROM bot.outbox WHERE state IN ('delivered', 'read')"),
        "delivered bubble",
        seconds=40,
    )
    time.sleep(12)
    assert len(phone.bubbles()) == 1


def test_a_refused_send_is_tried_again(house: House) -> None:
    """131000 is Meta's own trouble: again after a pause."""
    phone = house.phone()
    house.arm(reject={"code": 131000})
    assert "Horizonte" in phone.says("oi")


def test_a_send_refused_later_by_webhook_is_tried_again(house: House) -> None:
    """The response said yes and the status said no."""
    phone = house.phone()
    house.arm(reject={"code": 131000, "by": "webhook"})
    phone.send(type="text", text="oi")
    house.wait_for(phone.bubbles, "bubble")
    assert "Horizonte" in bubble_text(phone.bubbles()[0])


def test_what_cannot_be_delivered_is_shown_to_people_with_the_code(house: House) -> None:
    """131026 is final: the conversation goes to the queue."""
    phone = house.phone()
    house.arm(reject={"code": 131026})
    phone.send(type="text", text="oi")
    house.wait_for(
        lambda: house.query("SELECT 1 FROM bot.outbox WHERE state = 'failed'"), "failure"
    )
    assert house.owner() == ("queue", "undelivered")
    assert house.query("SELECT error_code FROM bot.outbox") == [(131026,)]


def test_when_the_window_is_closed_nothing_is_sent_in_vain(house: House) -> None:
    """A message that reaches us a day late is answered by a person, with a template."""
    phone = house.phone()
    house.arm(backdate_hours=25)
    phone.send(type="text", text="oi")
    house.wait_for(
        lambda: house.query("SELECT 1 FROM bot.outbox WHERE state = 'parked'"), "parking"
    )
    assert not phone.bubbles()
    assert house.owner() == ("queue", "undelivered")


def _quiet(house: House) -> None:
    """Wait long enough for a second answer to show up, if there were one."""
    time.sleep(1.5)
    house.wait_for(house.is_settled, "rest")


def test_without_billing_there_is_a_kind_word_and_a_person(house: House) -> None:
    """Nothing is lost, nothing is promised."""
    phone = house.phone()
    phone.says("oi")
    house.kill("billing")
    try:
        answer = phone.says("529")
    finally:
        house.start("billing")
    assert "Nada se perdeu" in answer
    assert house.owner() == ("queue", "billing_down")
