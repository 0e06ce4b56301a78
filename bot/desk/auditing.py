"""Reading the audit: who saw and did what. Rows are only ever added; the database sees to it."""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select

from bot import db
from bot.business_hours import SAO_PAULO
from bot.conversations.models import Audit

PAGE = 200
WORDS = {
    "account changed": "mudou uma conta",
    "account locked": "conta bloqueada",
    "account made": "criou uma conta",
    "absence told": "mensagem de ausência",
    "agreed": "registrou um acordo",
    "asked supervisor": "pediu alçada",
    "audit exported": "baixou a auditoria",
    "charge sent": "enviou uma cobrança",
    "contact stopped": "contato encerrado",
    "dispute opened": "registrou uma contestação",
    "escalated": "supervisão chamada",
    "file sent": "enviou um arquivo",
    "files forgotten": "arquivos enviados apagados",
    "given back": "devolveu ao bot",
    "guest invited": "convidou para testar um modelo",
    "handed over": "foi para a fila",
    "hours changed": "mudou os horários",
    "identity confirmed": "confirmou a identidade",
    "identity reset": "identidade a confirmar",
    "model promoted": "promoveu um modelo",
    "model rolled_back": "voltou ao modelo anterior",
    "model tried": "testou um modelo com uma parte",
    "noted": "escreveu uma nota",
    "password reset": "criou senha nova",
    "people told": "o bot avisou a equipe",
    "promise taken": "registrou uma promessa",
    "put back": "voltou para a fila",
    "reassigned": "passou a conversa",
    "replied": "respondeu",
    "request approved": "aprovou alçada",
    "request refused": "recusou alçada",
    "resolved": "encerrou",
    "revealed": "viu CPF e telefone",
    "reviewed": "avaliou",
    "sent again": "reenviou",
    "signed in": "entrou",
    "snoozed": "adiou",
    "taken over": "assumiu",
    "team made": "criou uma equipe",
    "templates read": "leu os modelos da Meta",
    "text deleted": "apagou um texto",
    "text saved": "guardou um texto",
    "transferred": "transferiu",
    "trial ended": "encerrou o teste de um modelo",
    "viewed": "abriu a conversa",
}
"""What was done, as people read it."""
COLUMNS = ("quando", "quem", "o que", "conversa", "detalhes")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True)
class Search:
    """What to look for; everything given must hold."""

    who: str = ""
    what: str = ""
    since: date | None = None
    until: date | None = None
    conversation: str = ""

    @classmethod
    def of(cls, given: Any) -> "Search":
        """Read a query string; a day that is none counts as not given."""
        names = ("who", "what", "conversation")
        words = {name: given.get(name, "").strip()[:100] for name in names}
        return cls(**words, since=_day(given.get("since")), until=_day(given.get("until")))

    def query(self) -> Select[Audit]:
        """The newest first."""
        query = select(Audit).order_by(Audit.id.desc())
        if self.who:
            query = query.where(Audit.who.icontains(self.who, autoescape=True))
        if self.what:
            query = query.where(Audit.what == self.what)
        if self.conversation:
            query = query.where(Audit.conversation_id == _uuid(self.conversation))
        if self.since:
            query = query.where(Audit.at >= _midnight(self.since))
        if self.until:
            query = query.where(Audit.at < _midnight(self.until + timedelta(days=1)))
        return query


def _day(words: str | None) -> date | None:
    try:
        return date.fromisoformat(words or "")
    except ValueError:
        return None


def _uuid(words: str) -> UUID:
    try:
        return UUID(words)
    except ValueError:
        return UUID(int=0)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), SAO_PAULO)


def lines(search: Search, before: int | None = None) -> list[Audit]:
    """A page of the audit; `before` is the id of the last line of the page before."""
    query = search.query().limit(PAGE)
    if before:
        query = query.where(Audit.id < before)
    with db.transaction() as session:
        return list(session.scalars(query))


def as_csv(search: Search) -> Iterator[str]:
    """Every line that fits, for a spreadsheet, which must take none for a formula."""
    yield _written(COLUMNS)
    with db.transaction() as session:
        for line in session.scalars(search.query().execution_options(yield_per=1000)):
            at = line.at.astimezone(SAO_PAULO).isoformat(timespec="seconds")
            yield _written(
                (
                    at,
                    line.who,
                    WORDS.get(line.what, line.what),
                    line.conversation_id or "",
                    line.details,
                )
            )


def _written(values: tuple[Any, ...]) -> str:
    out = io.StringIO()
    texts = [str(value) for value in values]
    csv.writer(out).writerow([f"'{t}" if t.startswith(_FORMULA) else t for t in texts])
    return out.getvalue()
