"""The customer beside the conversation: what they owe, what may be offered, what is agreed."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4, uuid5

from flask import g, render_template, request
from sqlalchemy import select

from bot import db
from bot.billing.client import (
    BillingClient,
    Charge,
    DisputeKind,
    Evidence,
    Reason,
    Wish,
    get_client,
)
from bot.conversations import handoff, speaking
from bot.conversations.models import ContactAlias, Conversation, Message
from bot.desk import customers
from bot.desk.models import AuthorityRequest, RequestStatus, User
from bot.desk.roles import May
from bot.desk.views import Refused, blueprint, me, needs
from bot.portuguese import format_date, parse_amount, parse_date
from bot.whatsapp.content import Say, fit

DISPUTES = {
    DisputeKind.ALREADY_PAID: "Diz que já pagou",
    DisputeKind.WRONG_AMOUNT: "Valor errado",
    DisputeKind.NOT_MINE: "Não reconhece",
    DisputeKind.NOT_RECEIVED: "Não recebeu o produto",
    DisputeKind.DISSATISFIED: "Insatisfação com o produto",
    DisputeKind.DECEASED: "Falecimento",
    DisputeKind.FRAUD: "Fraude",
}


def billing() -> BillingClient:
    """Billing, asked in the name of whoever is signed in."""
    return get_client().acting_for(me().actor)


def customer_id() -> UUID:
    """Who the person is, once confirmed."""
    found: UUID | None = g.conversation.customer_id
    if found is None:
        raise Refused("Confirme antes quem é a pessoa.")
    return found


@blueprint.get("/c/<uuid:conversation_id>/panel")
@needs(May.READ)
def panel(conversation_id: UUID) -> str:
    """The customer; of somebody not confirmed nothing but a way to confirm them."""
    return render_template("desk/_panel.html", **_panel(conversation_id))


def _panel(conversation_id: UUID, **more: Any) -> dict[str, Any]:
    with db.transaction() as session:
        conversation = session.get_one(Conversation, conversation_id)
        known = customers.learnt(session, conversation)
        phone = _phone(session, conversation.contact_id)
    customer = None
    if conversation.customer_id:
        customer = customers.look(billing(), conversation.customer_id)
        with db.transaction() as session:
            customers.remember(session, conversation_id, customer.details)
    return {
        "conversation": conversation,
        "customer": customer,
        "learnt": known,
        "phone": phone,
        "is_mine": conversation.operator_id == me().id,
        "disputes": DISPUTES,
        "requests": _requests(conversation_id),
        "key": uuid4(),
        "today": datetime.now(UTC).date(),
        **more,
    }


def _phone(session: Any, contact_id: UUID) -> str:
    query = select(ContactAlias.value).filter_by(contact_id=contact_id, kind="phone")
    return session.scalar(query) or ""


def _requests(conversation_id: UUID) -> list[tuple[AuthorityRequest, str]]:
    query = (
        select(AuthorityRequest, User.name)
        .join(User, User.id == AuthorityRequest.asked_by)
        .where(AuthorityRequest.conversation_id == conversation_id)
        .order_by(AuthorityRequest.asked_at.desc())
        .limit(5)
    )
    with db.transaction() as session:
        return [(asked, name) for asked, name in session.execute(query)]


@blueprint.post("/c/<uuid:conversation_id>/reveal")
@needs(May.ACT)
def reveal(conversation_id: UUID) -> str:
    """Show CPF and phone in full; who looked is noted."""
    with db.transaction() as session:
        handoff.record(session, conversation_id, me().who, "revealed", shown="CPF, phone")
        phone = _phone(session, g.conversation.contact_id)
    known = g.conversation.customer_id
    details = billing().customer(known) if known else None
    return render_template("desk/_revealed.html", details=details, phone=phone)


@blueprint.post("/c/<uuid:conversation_id>/identify")
@needs(May.ACT)
def identify(conversation_id: UUID) -> str:
    """Confirm who it is by what the person told, counted by billing like the bot's tries."""
    said = request.form.get("said", "").strip()
    digits = "".join(filter(str.isalnum, said))
    born = parse_date(said, datetime.now(UTC).date()) if "/" in said else None
    with db.transaction() as session:
        handoff.held(session, conversation_id, me().id)
        phone = _phone(session, g.conversation.contact_id) or None
    answer = billing().identify(
        phone, None if born else digits, born, idempotency_key=_key("identify")
    )
    if answer.status != "confirmed" or answer.customer is None:
        raise Refused(f"Não confere com o cadastro. Tentativas que restam: {answer.attempts_left}.")
    with db.transaction() as session:
        held = handoff.held(session, conversation_id, me().id)
        held.customer_id = answer.customer.id
        handoff.record(session, conversation_id, me().who, "identity confirmed")
    return render_template("desk/_panel.html", **_panel(conversation_id))


def _key(purpose: str) -> str:
    """The same form sent twice does its work once."""
    try:
        return str(uuid5(UUID(request.form.get("key", "")), purpose))
    except ValueError:
        raise Refused("Recarregue a página e tente de novo.") from None


def _hold(conversation_id: UUID) -> None:
    with db.transaction() as session:
        handoff.held(session, conversation_id, me().id)


def _send(conversation_id: UUID, says: list[Say], purpose: str) -> None:
    contents = [content for say in says for content in fit(say)]
    with db.transaction() as session:
        speaking.say(session, conversation_id, me().id, contents, UUID(_key(purpose)))


@blueprint.post("/c/<uuid:conversation_id>/charge")
@needs(May.ACT)
def charge(conversation_id: UUID) -> tuple[str, int]:
    """Issue what is to be paid and send it: the page with the boleto, then the code to copy."""
    _hold(conversation_id)
    which, _, id_ = request.form.get("of", "").partition(":")
    target = {f"{which}_id": UUID(id_)} if which in ("invoice", "agreement") else {}
    issued = billing().issue_charge(customer_id(), **target, idempotency_key=_key("issue"))
    is_pix = request.form.get("as") == "pix"
    _send(conversation_id, _say_charge(issued, is_pix=is_pix), "send")
    with db.transaction() as session:
        handoff.record(session, conversation_id, me().who, "charge sent", charge=str(issued.id))
    return _done("Cobrança enviada.")


def _say_charge(issued: Charge, *, is_pix: bool) -> list[Say]:
    what, code = (
        ("Pix copia e cola", issued.pix_copy_paste)
        if is_pix
        else ("código do boleto", issued.linha_digitavel)
    )
    words = render_template("desk/said/charge.txt", charge=issued, what=what).strip()
    return [Say(words, link=("Ver boleto e Pix", issued.url)), Say(code)]


@blueprint.post("/c/<uuid:conversation_id>/document")
@needs(May.ACT)
def document(conversation_id: UUID) -> tuple[str, int]:
    """Send one of the customer's documents."""
    wanted = request.form.get("url", "")
    found = next((d for d in billing().documents(customer_id()) if d.url == wanted), None)
    if found is None:
        raise Refused("Este documento não existe mais. Recarregue o painel.")
    _send(conversation_id, [Say(f"{found.title}: {found.about}", link=("Abrir", found.url))], "doc")
    return _done("Documento enviado.")


def _done(message: str) -> tuple[str, int]:
    return render_template("desk/_done.html", message=message), 200


@blueprint.post("/c/<uuid:conversation_id>/offers")
@needs(May.ACT)
def offers(conversation_id: UUID) -> str:
    """What the bot may offer, and what I may grant; billing decides both."""
    reason, wish = _reason(), _wish()
    of_bot = get_client().offers(customer_id(), reason, wish)
    mine = billing().offers(customer_id(), reason, wish)
    return render_template(
        "desk/_offers.html",
        conversation=g.conversation,
        of_bot=of_bot,
        mine=mine,
        key=uuid4(),
        form=request.form,
        is_mine=g.conversation.operator_id == me().id,
    )


def _reason() -> Reason:
    try:
        return Reason(request.form.get("reason", Reason.UNKNOWN.value))
    except ValueError:
        return Reason.UNKNOWN


def _wish() -> Wish | None:
    """What was typed, as the person would say it. Raises Refused naming the field."""
    given: dict[str, Any] = {}
    for name, label in (("monthly", "parcela"), ("down_payment", "entrada"), ("total", "total")):
        if words := request.form.get(name, "").strip():
            given[name] = _amount(words, label)
    for name in ("installments", "percent"):
        if words := request.form.get(name, "").strip():
            given[name] = words
    if words := request.form.get("first_due", "").strip():
        given["first_due"] = _date(words)
    if not given:
        return None
    try:
        return Wish(**given)
    except ValueError:
        raise Refused("Algum valor da proposta não faz sentido.") from None


def _amount(words: str, label: str) -> Decimal:
    amount = parse_amount(words)
    if amount is None:
        raise Refused(f"Não entendi o valor de {label}: {words}")
    return amount


def _date(words: str) -> date:
    try:
        return date.fromisoformat(words)
    except ValueError:
        found = parse_date(words, datetime.now(UTC).date())
    if found is None:
        raise Refused(f"Não entendi a data: {words}")
    return found


@blueprint.post("/c/<uuid:conversation_id>/propose")
@needs(May.ACT)
def propose(conversation_id: UUID) -> tuple[str, int]:
    """Write an offer to the person, with every part, and ask for the yes."""
    offer = billing().offer(customer_id(), request.form.get("offer_id", ""))
    _send(conversation_id, [Say(render_template("desk/said/offer.txt", offer=offer).strip())], "p")
    return _done("Proposta enviada. Quando a pessoa disser sim, registre o acordo.")


@blueprint.post("/c/<uuid:conversation_id>/agree")
@needs(May.ACT)
def agree(conversation_id: UUID) -> str:
    """Make the agreement; the person's own last message is the yes it rests on."""
    _hold(conversation_id)
    with db.transaction() as session:
        said = _last_words(session, conversation_id)
    made = billing().agree(
        customer_id(), request.form.get("offer_id", ""), said, idempotency_key=_key("agree")
    )
    with db.transaction() as session:
        handoff.record(session, conversation_id, me().who, "agreed", agreement=made.number)
    return render_template(
        "desk/_panel.html", **_panel(conversation_id, told=f"Acordo nº {made.number} registrado.")
    )


def _last_words(session: Any, conversation_id: UUID) -> Evidence:
    query = (
        select(Message)
        .where(Message.conversation_id == conversation_id, Message.answerable)
        .order_by(Message.received_at.desc())
        .limit(1)
    )
    message = session.scalar(query)
    if message is None:
        raise Refused("A pessoa ainda não escreveu nada.")
    return Evidence(
        message_id=message.wamid[:200], text=message.text[:4096], said_at=message.sent_at
    )


@blueprint.post("/c/<uuid:conversation_id>/ask")
@needs(May.ACT)
def ask(conversation_id: UUID) -> str:
    """Ask the supervisor for more than I may grant; the answer appears in this place."""
    _hold(conversation_id)
    wish = _wish()
    if wish is None:
        raise Refused("Diga o que a pessoa propõe: parcela, entrada, total ou desconto.")
    with db.transaction() as session:
        session.add(
            AuthorityRequest(
                conversation_id=conversation_id,
                asked_by=me().id,
                wish=wish.model_dump(mode="json", exclude_defaults=True),
                reason=_reason().value,
                note=request.form.get("note", "").strip()[:1000],
                status=RequestStatus.OPEN,
            )
        )
        handoff.record(session, conversation_id, me().who, "asked supervisor")
    return render_template("desk/_panel.html", **_panel(conversation_id, told="Pedido enviado."))


@blueprint.post("/c/<uuid:conversation_id>/promise")
@needs(May.ACT)
def promise(conversation_id: UUID) -> str:
    """Write down when the person says they will pay."""
    _hold(conversation_id)
    amount = request.form.get("amount", "").strip()
    with db.transaction() as session:
        said = _last_words(session, conversation_id)
    made = billing().promise(
        customer_id(),
        _date(request.form.get("day", "").strip()),
        said,
        amount=_amount(amount, "promessa") if amount else None,
        idempotency_key=_key("promise"),
    )
    with db.transaction() as session:
        handoff.record(session, conversation_id, me().who, "promise taken", promise=str(made.id))
    told = f"Promessa para {format_date(made.promised_for)} registrada."
    return render_template("desk/_panel.html", **_panel(conversation_id, told=told))


@blueprint.post("/c/<uuid:conversation_id>/dispute")
@needs(May.ACT)
def dispute(conversation_id: UUID) -> str:
    """Write down what the person says is wrong, or paid; collecting it stops."""
    _hold(conversation_id)
    kind = request.form.get("kind", "")
    if kind not in DISPUTES:
        raise Refused("Escolha o que está errado.")
    invoice = request.form.get("invoice", "")
    made = billing().dispute(
        customer_id(),
        kind,
        request.form.get("statement", "").strip() or DISPUTES[DisputeKind(kind)],
        invoice_ids=[UUID(invoice)] if invoice else (),
        idempotency_key=_key("dispute"),
    )
    with db.transaction() as session:
        handoff.record(session, conversation_id, me().who, "dispute opened", dispute=str(made.id))
    told = f"Registrado. Responder até {format_date(made.answer_by)}."
    return render_template("desk/_panel.html", **_panel(conversation_id, told=told))
