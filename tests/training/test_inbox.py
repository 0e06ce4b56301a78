"""What people typed comes to the trainers: why it is worth a look, masked, grouped, judged once."""

from datetime import UTC, datetime, timedelta
from threading import Barrier, Thread
from typing import Any
from uuid import UUID, uuid4

import pytest

from bot.training import annotating, collecting, examples, inbox
from bot.training.annotating import AnnotatedMeanwhile, AnnotationError, Entity, Judgement
from bot.training.inbox import Filters, Group
from bot.training.models import State, Verdict
from bot.training.signals import Signal
from tests.training import talking
from tests.training.talking import hear
from tests.whatsapp.edge import clean as clean
from tests.whatsapp.edge import count, query
from tests.whatsapp.edge import quiet_database as quiet_database

UNSURE = ("nlu_fallback", ("propose_date", 0.5), ("ask_more_time", 0.4))
SURE = ("ask_debt", ("ask_debt", 0.98), ("ask_charges", 0.01))


@pytest.fixture(autouse=True)
def empty(clean: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """No item, no account, no job that remembers any."""
    query("TRUNCATE training.progress, training.items, desk.users RESTART IDENTITY CASCADE")
    monkeypatch.setattr(collecting, "_known", collecting.Known.nothing())


def _trainer(name: str = "Ana") -> UUID:
    email = f"{name.lower()}-{uuid4().hex[:6]}@example.com"
    # Not by `people.create`: its hash is slow, and nobody signs in here.
    id_ = uuid4()
    query(
        "INSERT INTO desk.users (id, email, name, role, team, password, active, fs_uniquifier,"
        " has_to_change_password, failed_logins)"
        " VALUES (:id, :email, :name, 'trainer', 'geral', '', true, :email, false, 0)",
        id=id_,
        email=email,
        name=name,
    )
    return id_


def _collect() -> int:
    return collecting.collect(datetime.now(UTC))


def _page(**filters: Any) -> list[Group]:
    return inbox.page(Filters(filters.pop("viewer", None) or _trainer(), **filters)).groups


def _signals(turn: UUID) -> list[str]:
    [(signals,)] = query("SELECT signals FROM training.items WHERE turn_id = :turn", turn=turn)
    return list(signals)


def test_what_was_typed_is_an_item_and_taps_and_pictures_are_none() -> None:
    """Each answered or failed turn with words, once."""
    hear("quanto eu devo?", *SURE)
    talking.tap("Sim", "/affirm")
    talking.picture()
    talking.fail("alguém aí?", phone="5521999991111")
    assert _collect() == 2
    assert _collect() == 0
    texts = {group.first.text for group in _page()}
    assert texts == {"quanto eu devo?", "alguém aí?"}


def test_personal_data_never_reaches_the_inbox() -> None:
    """Not the name of the profile either."""
    hear("sou a Zuleidy, cpf 111.444.777-35, rua das Acácias 45", *SURE, name="Zuleidy Kramer")
    hear("fala com kramer que ele paga", *SURE, name="Zuleidy Kramer")
    _collect()
    kept = str(query("SELECT text, plain, words FROM training.items"))
    for secret in ("uleidy", "ramer", "111", "cácias", "cacias"):
        assert secret not in kept
    [message] = [group.first for group in _page(words="cpf")]
    start, end, kind = message.spans[1]
    assert (message.text[start:end], kind) == ("123.456.789-09", "cpf")


def test_what_the_bot_was_unsure_of_comes_first() -> None:
    """Low confidence, a narrow margin, asked; and most of all asked twice."""
    sure = hear("quanto eu devo?", *SURE)
    first = hear("depois eu vejo", *UNSURE)
    second = hear("quando der eu pago", *UNSURE)
    _collect()
    assert _signals(sure) == []
    assert _signals(first) == ["asked_twice", "asked", "narrow_margin", "low_confidence"]
    assert _signals(second) == _signals(first)
    assert [group.first.text for group in _page()][-1] == "quanto eu devo?"


def test_a_correction_that_comes_later_marks_what_was_misheard() -> None:
    """The item is there already, and is judged again."""
    turn = hear("quero saber da conta", *SURE)
    _collect()
    assert _signals(turn) == []
    hear("não foi isso que eu perguntei", *SURE)
    _collect()
    assert _signals(turn) == ["corrected"]


def test_a_handover_marks_what_was_not_understood_but_not_the_wish_for_a_person() -> None:
    """Whoever asks for a person was understood."""
    misheard = hear("quero pagar metade", *SURE)
    asks = hear(
        "quero falar com um atendente", "ask_human", ("ask_human", 0.99), handoff="ask_human"
    )
    _collect()
    assert "handed_over" in _signals(misheard)
    assert "handed_over" not in _signals(asks)


def test_an_operator_who_resolves_otherwise_contradicts_what_was_heard() -> None:
    """Heard as a question about the debt, resolved as paid."""
    turn = hear("isso ai ja era", *SURE)
    right = hear(
        "já paguei semana passada", "already_paid", ("already_paid", 0.97), phone="5531988887777"
    )
    operator = _trainer("Operador")
    for each in (turn, right):
        query(
            "INSERT INTO desk.resolutions (id, conversation_id, operator, disposition)"
            " SELECT gen_random_uuid(), conversation_id, :operator, 'paid' FROM bot.turns WHERE id = :turn",
            operator=operator,
            turn=each,
        )
    _collect()
    assert "contradicted" in _signals(turn)
    assert "contradicted" not in _signals(right)


def test_words_the_training_data_never_had_are_drift() -> None:
    """The stand-ins of masking are not."""
    new = hear("quero pagar via blockchain estaquionado", *SURE)
    old = hear("sou a Wanderleia e quero pagar", *SURE)
    _collect()
    assert "drift" in _signals(new)
    assert "drift" not in _signals(old)


def test_what_was_said_while_the_job_was_down_is_caught_up() -> None:
    """Days of it, and a turn that was open while later ones were answered."""
    turn = hear("quanto eu devo?", *SURE)
    late = hear("qual o valor total?", *SURE, phone="5531988887777")
    query("UPDATE bot.turns SET created_at = now() - interval '9 days' WHERE id = :turn", turn=turn)
    query("UPDATE bot.turns SET state = 'open' WHERE id = :turn", turn=late)
    assert _collect() == 1
    query("UPDATE bot.turns SET state = 'answered' WHERE id = :turn", turn=late)
    assert collecting.collect(datetime.now(UTC) + timedelta(minutes=30)) == 1


def test_near_duplicates_are_one_group_and_a_no_is_another() -> None:
    """Also those that come in another run, or to another process."""
    for number, words in enumerate(
        ("Quero pagar dia 10", "quero pagar dia 25!!", "QUERO PAGAR DIA 7")
    ):
        hear(words, *SURE, phone=f"553198888000{number}")
    _collect()
    collecting._known = collecting.Known.nothing()
    hear("quero pagar no dia 12", *SURE)
    hear("nao quero pagar dia 10", *SURE)
    _collect()
    assert sorted(group.size for group in _page()) == [1, 4]


def test_the_list_is_filtered_searched_counted_and_paged(monkeypatch: pytest.MonkeyPatch) -> None:
    """By state, signal, intent, model, time and words, without accents."""
    monkeypatch.setattr(inbox, "PAGE", 2)
    hear("amanhã eu vejo isso aí", *UNSURE, model="aaa")
    hear("qual o código de barras", "ask_boleto", ("ask_boleto", 0.97), model="bbb")
    hear("cadê meu boleto", "ask_boleto", ("ask_boleto", 0.85), model="bbb")
    _collect()
    viewer = _trainer()
    assert len(_page(signal=Signal.ASKED)) == 1
    assert len(_page(intent="ask_boleto")) == 2
    assert len(_page(model="aaa")) == 1
    assert [group.first.text for group in _page(words="CODIGO barra")] == [
        "qual o código de barras"
    ]
    assert _page(since=datetime.now(UTC) + timedelta(hours=1)) == []
    assert _page(words="'; DROP") == []
    counts = inbox.counts(Filters(viewer, intent="ask_boleto"))
    assert counts.by_signal[Signal.LOW_CONFIDENCE] == 1
    assert counts.by_state[State.OPEN] == 2
    first = inbox.page(Filters(viewer))
    second = inbox.page(Filters(viewer), first.next)
    texts = [group.first.text for group in [*first.groups, *second.groups]]
    assert len(texts) == len(set(texts)) == 3
    assert second.next is None
    assert inbox.choices() == (["ask_boleto", "nlu_fallback"], ["bbb", "aaa"])


def test_neighbours_show_how_messages_like_it_are_labelled() -> None:
    """With the file and the line they stand on."""
    found = examples.neighbours("manda o boleto por favor", 3)
    assert found[0].intent == "ask_boleto"
    assert found[0].place.startswith("data/nlu/payment.yml:")
    assert found[0].likeness >= found[1].likeness


def test_a_verdict_is_about_the_whole_group_and_makes_one_example() -> None:
    """Who and when is recorded, and the values are marked."""
    hear("consigo pagar 150", *UNSURE)
    hear("consigo pagar 200", *UNSURE)
    _collect()
    ana = _trainer()
    [group] = _page()
    place = group.first.text.index("pagar ") + len("pagar ")
    verdict = Judgement(Verdict.RELABEL, "propose_amount", [Entity(place, place + 3, "amount")])
    assert annotating.annotate(ana, group.first.id, group.revision, verdict) == 2
    assert _page() == []
    assert len(_page(state=State.RELABELLED)) == 1
    [said] = inbox.history(group.first.id)
    assert (said.trainer, said.verdict, said.intent) == ("Ana", Verdict.RELABEL, "propose_amount")
    number = group.first.text[place : place + 3]
    assert query("SELECT intent, text FROM training.examples") == [
        ("propose_amount", f"consigo pagar [{number}](amount)")
    ]


def test_a_verdict_the_trainer_cannot_mean_is_refused() -> None:
    """In a sentence that says what to do."""
    hear("depois eu vejo", *UNSURE)
    _collect()
    [group] = _page()
    overlapping = [Entity(0, 6, "date"), Entity(3, 8, "date")]
    for judgement in (
        Judgement(Verdict.ACCEPT),
        Judgement(Verdict.RELABEL),
        Judgement(Verdict.RELABEL, "ask_later", overlapping),
        Judgement(Verdict.RELABEL, "ask_later", [Entity(90, 95, "date")]),
    ):
        with pytest.raises(AnnotationError):
            annotating.annotate(_trainer(), group.first.id, group.revision, judgement)
    assert count("training.annotations") == 0
    with pytest.raises(AnnotationError, match="999"):
        annotating.annotate(_trainer(), 999, 0, Judgement(Verdict.SKIP))


def test_two_trainers_on_one_group_do_not_overwrite_each_other() -> None:
    """The second is told who was first."""
    hear("depois eu vejo", *UNSURE)
    _collect()
    [group] = _page()
    both, told = Barrier(2), []

    def judges(trainer: UUID, intent: str) -> None:
        both.wait()
        try:
            annotating.annotate(
                trainer, group.first.id, group.revision, Judgement(Verdict.RELABEL, intent)
            )
        except AnnotatedMeanwhile as error:
            told.append(error.who)

    threads = [
        Thread(target=judges, args=(_trainer("Ana"), "ask_later")),
        Thread(target=judges, args=(_trainer("Bia"), "ask_more_time")),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    [said] = inbox.history(group.first.id)
    assert told == [said.trainer]


def test_a_second_opinion_is_asked_of_others() -> None:
    """And their verdict counts; how far both agree is shown."""
    ana, bia = _trainer("Ana"), _trainer("Bia")
    for number, (words, guess, verdict) in enumerate(
        (
            ("depois eu vejo isso", "ask_later", "ask_later"),
            ("meu patrão atrasou", "reason_cash_flow", "reason_cash_flow"),
            ("bota na conta do papa", "refuse_to_pay", "out_of_scope"),
        )
    ):
        hear(words, *UNSURE, phone=f"553198888000{number}")
        _collect()
        [group] = _page(viewer=ana)
        annotating.annotate(ana, group.first.id, group.revision, Judgement(Verdict.UNSURE, guess))
        assert _page(viewer=ana) == []
        [group] = _page(viewer=bia)
        assert inbox.counts(Filters(bia)).by_state[State.OPEN] == 1
        relabel = Judgement(Verdict.RELABEL, verdict)
        annotating.annotate(bia, group.first.id, group.revision, relabel)
    [agreement] = annotating.agreement()
    assert (agreement.messages, agreement.share, agreement.kappa) == (3, 0.6667, 0.5714)
    assert _page(viewer=bia) == []


def test_a_decided_message_may_get_a_second_verdict() -> None:
    """The newest counts, the earlier stays in the history, and there is one example."""
    hear("meu patrão atrasou", *SURE)
    _collect()
    [group] = _page()
    annotating.annotate(_trainer("Ana"), group.first.id, 0, Judgement(Verdict.ACCEPT))
    [group] = _page(state=State.ACCEPTED)
    other = Judgement(Verdict.RELABEL, "reason_cash_flow")
    annotating.annotate(_trainer("Bia"), group.first.id, group.revision, other)
    assert [said.trainer for said in inbox.history(group.first.id)] == ["Ana", "Bia"]
    assert query("SELECT intent FROM training.examples") == [("reason_cash_flow",)]


def test_brackets_in_a_message_are_no_marks() -> None:
    """A role is written as Rasa reads it."""
    text = annotating.marked("pago [tudo] 50", [Entity(12, 14, "amount", "monthly")])
    assert text == 'pago (tudo) [50]{"entity": "amount", "role": "monthly"}'
