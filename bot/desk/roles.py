"""Who may do what at the desk. One table, read by every route and by its test."""

from enum import StrEnum


class Role(StrEnum):
    """What somebody is."""

    OPERATOR = "operator"
    SUPERVISOR = "supervisor"
    TRAINER = "trainer"
    LEAD_TRAINER = "lead_trainer"
    MANAGER = "manager"
    ADMIN = "admin"


class May(StrEnum):
    """What a route asks for."""

    READ = "read"
    """See the queue and conversations."""
    ACT = "act"
    """Take a conversation and answer in it."""
    LEAD = "lead"
    """Reassign, approve, review; canned texts and hours."""
    FIGURES = "figures"
    """The manager's dashboard."""
    TRAIN = "train"
    """Review messages, change examples, measure and promote models."""
    OVERRIDE = "override"
    """Promote a model although it got worse, with a reason."""
    AUDIT = "audit"
    PEOPLE = "people"
    """Accounts and teams."""
    ACCOUNT = "account"
    """One's own account."""


MATRIX: dict[Role, frozenset[May]] = {
    Role.OPERATOR: frozenset({May.ACCOUNT, May.READ, May.ACT}),
    Role.SUPERVISOR: frozenset({May.ACCOUNT, May.READ, May.ACT, May.LEAD}),
    Role.TRAINER: frozenset({May.ACCOUNT, May.TRAIN}),
    Role.LEAD_TRAINER: frozenset({May.ACCOUNT, May.TRAIN, May.OVERRIDE}),
    Role.MANAGER: frozenset({May.ACCOUNT, May.READ, May.FIGURES, May.AUDIT}),
    Role.ADMIN: frozenset({May.ACCOUNT, May.FIGURES, May.AUDIT, May.PEOPLE}),
}
EVERY_TEAM = frozenset({Role.MANAGER})
"""Who sees the conversations of all teams."""
LABELS = {
    Role.OPERATOR: "Operação",
    Role.SUPERVISOR: "Supervisão",
    Role.TRAINER: "Treinamento",
    Role.LEAD_TRAINER: "Coordenação de treinamento",
    Role.MANAGER: "Gestão",
    Role.ADMIN: "Administração",
}
