"""What somebody makes of the bot's answer, from its words and buttons alone. Pure.

The bot's own names for things are not looked at: whoever reads a message has only the message.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property

from bot.portuguese import normalise
from bot.rehearsal.people import Moment
from bot.rehearsal.phone import Bubble, Tap
from bot.rehearsal.values import amount_of, amounts_in, days_in

_MONEY = r"R\$\s*([\d.]+,\d\d|[\d.]+)"
_PLAN = re.compile(rf"(\d+)x de {_MONEY}")
_NUMBERED = re.compile(r"^\W*(\d{1,2})(?:[.)ª]|\ufe0f?\u20e3)\W*(.+)$")
_CODE = re.compile(r"^(?:\d{44,48}|000201.+)$", re.DOTALL)
_PART = re.compile(rf"\d+ª[^R\n]*{_MONEY}")

_TEAM = re.compile(r"\b(?:pessoas?|equipe|responsavel)\b")
_TAKES_OVER = re.compile(
    r"\b(?:atende|responde|continua|cuida|confere|conferid[ao]|ouca|olhar|avisad[ao]|decide"
    r"|(?:eu )?chamo|ve (?:o|com|isso)|fala com voce|vai (?:te|continuar)|entra em contato"
    r"|resposta\b.*\bvem)\b"
)
_CALLED = re.compile(r"\b(?:chamei|avisei|passei (?:sua|seu|voce)|vou (?:passar|chamar|pedir))\b")
_ONLY_IF = re.compile(
    r"\bse (?:preferir|quiser|precisar|nao|for)|querendo|e so (?:pedir|me)|\bpeca\b|quando quiser"
    r"|\bpedir\b|posso chamar|pode procurar|que eu (?:chamo|passo)|me avisa"
)
_STOPPED = re.compile(
    r"nao (?:(?:vamos|vou) mais|escrev\w+ mais|mand\w+ mais)|(?:paro|paramos) de escrever"
)
_IDENTITY = re.compile(r"primeiros (?:numeros|digitos)|data de nascimento|dia, mes e ano")
_REFUSED = re.compile(r"nao (?:batem|bateu|conferem)|nao consegui confirmar")
_REASON = re.compile(r"(?:o que (?:aconteceu|houve|fez)|por que|motivo|me conta)[^?]*atras[^?]*\?")
_AMOUNT = re.compile(
    r"quanto (?:voce )?(?:caberia|cabe|consegue|conseguiria|pode|poderia|da para|daria|fica bom)"
    r"|me (?:diz|diga|fala|conta) (?:um|o|quanto)[^.]*(?:valor|por mes|consegue)"
)
_DATE = re.compile(r"(?:para )?(?:que|qual) (?:dia|data)|quando (?:voce )?(?:consegue|pode|recebe)")
_CONFIRM = re.compile(
    r"\b(?:confirm\w+|fech\w+|certo|combinad\w)[^.!?\n]*\?|e so confirmar|falta so o seu sim"
)
_AGREED = re.compile(r"\bacordo\b[^\n]*\d{6}")
_AGREED_BEFORE = re.compile(
    r"\bja esta (?:feito|confirmado|fechado)|banco esta gerando|boleto (?:ainda )?esta saindo"
)
_STANDS = re.compile(rf"\d+ª[^R\n]*{_MONEY}, (?:vence|venceu|paga|cancelada)")
_NO_DEBT = re.compile(
    r"nao (?:encontrei|achei|ha|tem|existe)\w* nenhuma? (?:conta|pendencia|debito)"
)
_DOUBT = re.compile(
    r"nao (?:entendi|peguei|compreendi)|de outro jeito|outras palavras|(?:voce )?quis dizer"
    r"|pode me escrever|nao consigo ouvir"
)
_WHICH_BILL = re.compile(r"(?:qual|de qual) (?:delas|das contas)[^?]*(?:pag|certa|falando)[^?]*\?")
_CHECK = re.compile(r"em conferencia|passei seu comprovante|comprovante foi para a equipe")
_PROMISE = re.compile(r"posso anotar\?|esta bom assim\?")
_PROMISED = re.compile(r"\banotado\b|esta anotado|o combinado e voce pagar")
_MAY_SHOW = re.compile(r"posso te mostrar as opcoes\?|quer ver as opcoes\?")
_WHAT_HAPPENED = re.compile(r"o que (?:aconteceu|houve) com a sua compra")
_WHAT_TO_CHANGE = re.compile(r"o que voce quer mudar")
_NEW_DATE = re.compile(r"posso mudar\?")
_DATE_CHANGED = re.compile(r"parcela (?:agora )?(?:so )?vence em|regras do acordo")
_NEAREST = re.compile(
    r"nao consigo|mais perto|mais proxim|o menor|chego a|ainda nao|so da|nao da para"
)


@dataclass(frozen=True)
class SeenOffer:
    """A way to pay as it is shown; `number` is the one to answer with, `tap` the button."""

    number: int
    count: int
    highest: Decimal
    """The most that any regular part costs; of payment at once, all of it."""
    down_payment: Decimal | None
    words: str
    tap: Tap | None = None


@dataclass(frozen=True)
class Reading:
    """One answer of the bot, all its bubbles together."""

    bubbles: Sequence[Bubble]

    @cached_property
    def words(self) -> str:
        """The text, as it is shown."""
        return "\n".join(bubble.text for bubble in self.bubbles)

    @cached_property
    def plain(self) -> str:
        """The text in one spelling, for patterns."""
        return normalise(self.words.replace("*", ""))

    @cached_property
    def taps(self) -> tuple[Tap, ...]:
        """What can be tapped in the newest bubble that offers anything."""
        return next((bubble.taps for bubble in reversed(self.bubbles) if bubble.taps), ())

    @property
    def leaves_a_way_on(self) -> bool:
        """Whether there is a question, something to choose, or a person."""
        asks = self.moment is not Moment.TALK or "?" in self.words
        return asks or bool(self.taps) or "pessoa" in self.plain

    @property
    def is_nearest(self) -> bool:
        """Whether the bot says that what was wished cannot be had as wished."""
        return bool(_NEAREST.search(self.plain))

    @cached_property
    def offers(self) -> tuple[SeenOffer, ...]:
        """The ways to pay that are shown, as numbered lines or as buttons."""
        return tuple(self._listed()) or tuple(self._tappable())

    def _listed(self) -> list[SeenOffer]:
        found = []
        for line in self.words.splitlines():
            numbered = _NUMBERED.match(line)
            if numbered and (offer := _offer(int(numbered[1]), numbered[2].replace("*", ""))):
                found.append(offer)
        taps = {offer.number: offer.tap for offer in self._tappable()}
        return [_with_tap(offer, taps.get(offer.number)) for offer in found]

    def _tappable(self) -> list[SeenOffer]:
        return [
            _with_tap(offer, tap)
            for number, tap in enumerate(self.taps, 1)
            if (offer := _offer(number, tap.words))
        ]

    @cached_property
    def parts(self) -> list[Decimal]:
        """The amounts of the parts in a summary."""
        numbered = [amount_of(found) for found in _PART.findall(self.words.replace("*", ""))]
        plans = [
            amount for count, written in _PLAN.findall(self.words)
            for amount in [amount_of(written)] * int(count)
        ]  # fmt: skip
        return numbered or plans or sorted(amounts_in(self.words))[-1:]

    @cached_property
    def days(self) -> set[date]:
        """The dates in it."""
        return days_in(self.words)

    @cached_property
    def moment(self) -> Moment:
        """Where the conversation stands after this answer."""
        return next((moment for moment, is_here in self._signs() if is_here), Moment.TALK)

    def _signs(self) -> list[tuple[Moment, object]]:
        """What tells each moment, the most telling first."""
        plain, asks = self.plain, "?" in self.words
        return [
            (Moment.SILENCE, not self.bubbles),
            (Moment.DATE_CHANGED, _DATE_CHANGED.search(plain)),
            (Moment.AGREED, self._has_agreed()),
            (Moment.CODES, self._codes),
            (Moment.WHICH_BILL, _WHICH_BILL.search(plain)),
            (Moment.CHECK, _CHECK.search(plain)),
            (Moment.STOPPED, _STOPPED.search(plain) and not asks),
            (Moment.PERSON, self._has_called_somebody()),
            (Moment.SUMMARY, "total" in plain and _CONFIRM.search(plain)),
            (Moment.PROMISE, _PROMISE.search(plain)),
            (Moment.NEW_DATE, _NEW_DATE.search(plain)),
            (Moment.PROMISED, _PROMISED.search(plain)),
            (Moment.OFFERS, self.offers),
            (Moment.MAY_SHOW, _MAY_SHOW.search(plain)),
            (Moment.WHAT_HAPPENED, _WHAT_HAPPENED.search(plain)),
            (Moment.WHAT_TO_CHANGE, _WHAT_TO_CHANGE.search(plain)),
            (Moment.IDENTITY, _IDENTITY.search(plain) or self.refused_digits),
            (Moment.REASON, _REASON.search(plain)),
            (Moment.STATUS, _STANDS.search(self.words)),
            (Moment.NO_DEBT, _NO_DEBT.search(plain)),
            (Moment.WAY_OUT, any("pessoa" in normalise(tap.title) for tap in self.taps)),
            (Moment.AMOUNT, _AMOUNT.search(plain)),
            (Moment.DATE, _DATE.search(plain) and asks),
            (Moment.DOUBT, _DOUBT.search(plain)),
        ]

    @cached_property
    def _codes(self) -> list[Bubble]:
        return [bubble for bubble in self.bubbles if _CODE.match(bubble.text.strip())]

    def _has_agreed(self) -> bool:
        """Whether there is an agreement with a number and codes, or one that is made already."""
        is_new = bool(self._codes and _AGREED.search(self.plain))
        return is_new or bool(_AGREED_BEFORE.search(self.plain))

    def _has_called_somebody(self) -> bool:
        """Whether a person takes over; not while the answer ends in a question or in choices."""
        if self.taps or self.words.rstrip().endswith("?") or not _TEAM.search(self.plain):
            return False
        sentences = [s for s in re.split(r"[.!?]", self.plain) if not _ONLY_IF.search(s)]
        return any(
            _CALLED.search(sentence) or (_TEAM.search(sentence) and _TAKES_OVER.search(sentence))
            for sentence in sentences
        )

    @property
    def refused_digits(self) -> bool:
        """Whether the digits did not match."""
        return bool(_REFUSED.search(self.plain))


def _offer(number: int, words: str) -> SeenOffer | None:
    plans = [(int(count), amount_of(amount)) for count, amount in _PLAN.findall(words)]
    amounts = [amount_of(found) for found in re.findall(_MONEY, words)]
    if plans:
        parts = max(amount for _, amount in plans)
        count = sum(count for count, _ in plans)
        down = re.match(rf"\W*(?:entrada de )?{_MONEY}\W*(?:de entrada )?(?:\+|mais|e) ", words)
        return SeenOffer(number, count, parts, amount_of(down[1]) if down else None, words)
    if amounts and re.search(r"vista|de uma vez", normalise(words)):
        return SeenOffer(number, 1, amounts[0], None, words)
    return None


def _with_tap(offer: SeenOffer, tap: Tap | None) -> SeenOffer:
    return SeenOffer(offer.number, offer.count, offer.highest, offer.down_payment, offer.words, tap)
