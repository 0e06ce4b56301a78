"""Accounts: made, reset and closed by an administrator or from the command line."""

import secrets
from argparse import ArgumentParser
from getpass import getpass
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot import db
from bot.conversations.handoff import record
from bot.desk.models import Team, User
from bot.desk.roles import Role
from bot.settings import get_settings

SHORTEST_PASSWORD = 10
DEMO_PEOPLE = (
    ("ana@demo.combinado", "Ana Operadora", Role.OPERATOR, "ana-combina-tudo"),
    ("bia@demo.combinado", "Bia Operadora", Role.OPERATOR, "bia-combina-tudo"),
    ("sonia@demo.combinado", "Sônia Supervisora", Role.SUPERVISOR, "sonia-combina-tudo"),
    ("marcos@demo.combinado", "Marcos Gestor", Role.MANAGER, "marcos-combina-tudo"),
    ("tina@demo.combinado", "Tina Treinadora", Role.TRAINER, "tina-combina-tudo"),
    ("lia@demo.combinado", "Lia Coordenadora", Role.LEAD_TRAINER, "lia-combina-tudo"),
    ("ari@demo.combinado", "Ari Administrador", Role.ADMIN, "ari-combina-tudo"),
)
"""Accounts of the demo, public and without second factor."""


class AccountError(Exception):
    """An account cannot be made or changed; the message says why."""


def create(
    session: Session, email: str, name: str, role: Role, password: str, team: str = "geral"
) -> User:
    """Make an account. Raises AccountError."""
    email = email.strip().lower()
    if "@" not in email or len(email) > 100:
        raise AccountError(f"{email!r} is not an e-mail address")
    if len(password) < SHORTEST_PASSWORD:
        raise AccountError(f"the password needs at least {SHORTEST_PASSWORD} characters")
    if session.scalar(select(User).where(User.email == email)):
        raise AccountError(f"{email} has an account already")
    if session.get(Team, team) is None:
        raise AccountError(f"there is no team {team!r}")
    user = User(email=email, name=name.strip(), role=role, team=team, password=_hash(password))
    session.add(user)
    session.flush()
    return user


def reset(session: Session, user: User) -> str:
    """A new password, to be changed at once; every session ends, the second factor is set anew."""
    password = secrets.token_urlsafe(12)
    user.password, user.has_to_change_password = _hash(password), True
    user.failed_logins, user.locked_until = 0, None
    user.tf_primary_method = user.tf_totp_secret = None
    end_sessions(user)
    return password


def end_sessions(user: User) -> None:
    """Whatever browser this person is signed in with, it has to sign in again."""
    user.fs_uniquifier = uuid4().hex


def _hash(password: str) -> str:
    """As Flask-Security hashes it: argon2 over a keyed digest."""
    from flask import has_app_context
    from flask_security import hash_password

    if has_app_context():
        return str(hash_password(password))
    from bot.desk.app import bare_app

    with bare_app().app_context():
        return str(hash_password(password))


def load_demo(session: Session) -> None:
    """Make the demo's accounts; those there stay as they are."""
    there = set(session.scalars(select(User.email)))
    for email, name, role, password in DEMO_PEOPLE:
        if email not in there:
            create(session, email, name, role, password)


def add_arguments(parser: ArgumentParser) -> None:
    """`combinado user create EMAIL --role admin`."""
    chores = parser.add_subparsers(dest="chore", required=True, metavar="chore")
    make = chores.add_parser("create", help="make an account; it asks for the password")
    make.add_argument("email")
    make.add_argument("--name", default="", help="as colleagues read it")
    make.add_argument("--role", choices=[*Role], default=Role.ADMIN.value)
    make.add_argument("--team", default="geral")


def run(chore: str, email: str, name: str, role: str, team: str) -> None:
    """Make an account from the command line. Raises AccountError."""
    get_settings()
    password = getpass("Password (at least 10 characters): ")
    with db.transaction() as session:
        user = create(session, email, name or email.split("@")[0], Role(role), password, team)
        record(session, None, "command line", "account made", email=user.email, role=role)
    print(f"{user.email} may sign in at {get_settings().public_url}/desk")


def by_id(session: Session, user_id: UUID) -> User | None:
    """An account, locked for a change."""
    return session.get(User, user_id, with_for_update=True)
