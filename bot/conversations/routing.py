"""Which team a conversation goes to when the bot hands it over: `team` of a reason in
`policies/desk.yml`. Without one, or with one that does not exist, it is the general team."""

from functools import cache

import structlog
from pydantic import BaseModel
from sqlalchemy import text
from sqlalchemy.orm import Session

from bot import db
from bot.creditor import POLICIES, load_policy

log = structlog.get_logger()

GENERAL = "geral"
_FIND = text("SELECT id FROM desk.teams WHERE id = :team OR lower(name) = lower(:team) LIMIT 1")


class _Reason(BaseModel):
    team: str | None = None


class _Desk(BaseModel):
    """As much of `desk.yml` as matters here."""

    reasons: dict[str, _Reason]


@cache
def routes() -> dict[str, str]:
    """Reason → team as the policy calls it, by id or by name. Raises PolicyError."""
    reasons = load_policy(POLICIES / "desk.yml", _Desk).reasons
    return {name: reason.team for name, reason in reasons.items() if reason.team}


def team_for(session: Session, reason: str) -> str:
    """The id of the team that gets what is handed over for `reason`."""
    wanted = routes().get(reason)
    if wanted is None:
        return GENERAL
    found = session.scalar(_FIND, {"team": wanted})
    if found is None:
        log.error("no such team, handed over to the general one", team=wanted, reason=reason)
    return str(found or GENERAL)


def by_team(session: Session) -> dict[str, list[str]]:
    """Team id → reasons that lead to it; under "" those whose team does not exist."""
    found: dict[str, list[str]] = {}
    for reason, wanted in routes().items():
        team = session.scalar(_FIND, {"team": wanted})
        found.setdefault(str(team or ""), []).append(reason)
    return found


def warn_of_unknown_teams() -> None:
    """Say loudly what will not be routed as the policy wants."""
    with db.transaction() as session:
        for reason in by_team(session).get("", ()):
            log.error(
                "policies/desk.yml names no team of the desk", reason=reason, team=routes()[reason]
            )
