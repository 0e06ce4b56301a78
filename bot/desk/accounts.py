"""Signing in: Flask-Security with our accounts, lock-out, second factor, sessions that end."""

import hmac
import time
from datetime import UTC, datetime, timedelta
from typing import Any

from flask import Flask, Request, Response, redirect, request, session, url_for
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_security import Security, SQLAlchemySessionUserDatastore, current_user, logout_user
from flask_security.forms import LoginForm, TwoFactorVerifyCodeForm
from flask_security.signals import user_authenticated
from flask_wtf.csrf import CSRFProtect
from sqlalchemy.orm import scoped_session, sessionmaker

from bot import db
from bot.conversations.handoff import record
from bot.desk.models import RoleName, User
from bot.settings import Settings

PREFIX = "/desk"
PREFIXES = (PREFIX, "/training")
"""Where accounts sign in to."""
MAX_FAILURES, LOCKED_FOR = 5, timedelta(minutes=15)
IDLE_SECONDS, LONGEST_SECONDS = 60 * 60, 12 * 60 * 60
"""A session ends after so long without a click, and at the latest after a working day."""
TRIES_PER_MINUTE = "60/minute"
"""From one address, whoever's account is tried; a whole office may come to work at once."""
STATIC = frozenset({"desk.static", "training.static"})
UNCOUNTED = STATIC | {"desk.events"}
"""What the page asks for by itself keeps no session alive."""
REFUSED = (
    "E-mail, senha ou código não conferem. Depois de 5 tentativas a conta descansa 15 minutos.",
    "error",
)
MESSAGES = {
    "GENERIC_AUTHN_FAILED": REFUSED,
    "INVALID_PASSWORD": ("A senha de agora não confere.", "error"),
    "TWO_FACTOR_INVALID_TOKEN": (
        "O código não confere: vale o que aparece agora.",
        "error",
    ),
    "TWO_FACTOR_LOGIN_SUCCESSFUL": ("Código confirmado.", "success"),
    "TWO_FACTOR_CHANGE_METHOD_SUCCESSFUL": ("Segundo fator guardado.", "success"),
    "TWO_FACTOR_DISABLED": ("Segundo fator desligado.", "success"),
    "TWO_FACTOR_PERMISSION_DENIED": ("Entre de novo para continuar.", "error"),
    "TWO_FACTOR_SETUP_EXPIRED": ("Demorou demais: comece de novo.", "error"),
    "UNAUTHENTICATED": ("Entre para continuar.", "info"),
    "LOGIN": ("Entre para continuar.", "info"),
    "REAUTHENTICATION_REQUIRED": ("Confirme sua senha para continuar.", "info"),
    "PASSWORD_CHANGE": ("Senha trocada.", "success"),
    "PASSWORD_IS_THE_SAME": ("A senha nova precisa ser outra.", "error"),
    "PASSWORD_INVALID_LENGTH": ("A senha precisa de pelo menos %(length)s letras.", "error"),
    "RETYPE_PASSWORD_MISMATCH": ("As duas senhas são diferentes.", "error"),
    "PASSWORD_NOT_PROVIDED": ("Escreva a senha.", "error"),
}


def install(app: Flask, settings: Settings) -> None:
    """Accounts for everything below `PREFIXES`, and for nothing else of the app."""
    app.config.update(_configuration(settings))
    users = scoped_session(sessionmaker(db.engine(), expire_on_commit=False))
    app.extensions["desk_users"] = store = SQLAlchemySessionUserDatastore(users, User, RoleName)
    Security(app, store, login_form=SignIn, two_factor_verify_code_form=Code)
    app.teardown_appcontext(lambda _: users.remove())
    csrf = CSRFProtect(app)
    app.before_request(lambda: csrf.protect() if is_ours(request.path) else None)
    app.before_request(_end_old_session)
    user_authenticated.connect(_begin, app)
    _limit(app)


def is_ours(path: str) -> bool:
    """Whether people sign in for this address."""
    return any(path == prefix or path.startswith(f"{prefix}/") for prefix in PREFIXES)


def _configuration(settings: Settings) -> dict[str, Any]:
    secret = settings.secret_key.get_secret_value()
    return {
        "SECRET_KEY": secret,
        "SESSION_COOKIE_NAME": "desk",
        "SESSION_COOKIE_PATH": "/",
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_SECURE": settings.public_url.startswith("https:"),
        "WTF_CSRF_CHECK_DEFAULT": False,
        "WTF_CSRF_TIME_LIMIT": None,
        "SECURITY_URL_PREFIX": PREFIX,
        "SECURITY_PASSWORD_SALT": _derived(secret, "password"),
        "SECURITY_PASSWORD_SCHEMES": ["argon2"],
        "SECURITY_PASSWORD_LENGTH_MIN": 10,
        "SECURITY_TOTP_SECRETS": {"1": _derived(secret, "totp")},
        "SECURITY_TOTP_ISSUER": "Combinado",
        "SECURITY_TWO_FACTOR": True,
        "SECURITY_TWO_FACTOR_REQUIRED": not settings.demo,
        "SECURITY_TWO_FACTOR_ENABLED_METHODS": ["authenticator"],
        "SECURITY_TWO_FACTOR_RESCUE_EMAIL": False,
        "SECURITY_CHANGEABLE": True,
        "SECURITY_SEND_PASSWORD_CHANGE_EMAIL": False,
        "SECURITY_CHANGE_URL": "/password",
        "SECURITY_JOIN_USER_ROLES": False,
        "SECURITY_RETURN_GENERIC_RESPONSES": True,
        "SECURITY_POST_LOGIN_VIEW": f"{PREFIX}/",
        "SECURITY_POST_LOGOUT_VIEW": f"{PREFIX}/login",
        "SECURITY_POST_CHANGE_VIEW": f"{PREFIX}/",
        "SECURITY_TWO_FACTOR_POST_SETUP_VIEW": f"{PREFIX}/",
        "SECURITY_UNAUTHORIZED_VIEW": None,
        "SECURITY_API_ENABLED_METHODS": ["session"],
        "SECURITY_LOGIN_USER_TEMPLATE": "desk/login_user.html",
        "SECURITY_CHANGE_PASSWORD_TEMPLATE": "desk/change_password.html",
        "SECURITY_TWO_FACTOR_SETUP_TEMPLATE": "desk/two_factor_setup.html",
        "SECURITY_TWO_FACTOR_VERIFY_CODE_TEMPLATE": "desk/two_factor_verify_code.html",
        "SECURITY_FRESHNESS": timedelta(hours=12),
        **{f"SECURITY_MSG_{name}": message for name, message in MESSAGES.items()},
    }


def _derived(secret: str, purpose: str) -> str:
    return hmac.digest(secret.encode(), f"combinado desk {purpose}".encode(), "sha256").hex()


class SignIn(LoginForm):
    """E-mail and password; five wrong ones lock the account for a while."""

    def validate(self, **options: Any) -> bool:
        """Whether somebody may go on; a locked account is answered like a wrong password."""
        is_right = super().validate(**options)
        if isinstance(self.user, User) and not may_try(self.user, is_right=is_right):
            self.password.errors = [REFUSED[0]]
            return False
        return bool(is_right)


class Code(TwoFactorVerifyCodeForm):
    """The second factor; wrong ones count like wrong passwords."""

    def validate(self, **options: Any) -> bool:
        """Whether the code is right and the account not locked."""
        is_right = super().validate(**options)
        if isinstance(self.user, User) and not may_try(self.user, is_right=is_right):
            self.code.errors = [REFUSED[0]]
            return False
        return bool(is_right)


def may_try(user: User, *, is_right: bool) -> bool:
    """Count a try; False while the account is locked, whether it was right or not."""
    with db.transaction() as now:
        row = now.get_one(User, user.id, with_for_update=True)
        if row.is_shut_out:
            return False
        row.failed_logins = 0 if is_right else row.failed_logins + 1
        if row.failed_logins >= MAX_FAILURES:
            row.failed_logins, row.locked_until = 0, datetime.now(UTC) + LOCKED_FOR
            record(now, None, row.who, "account locked", address=request.remote_addr)
    return True


def _begin(_: Flask, user: User, **__: object) -> None:
    """Note when a session begins; whatever the browser brought along is gone by now."""
    session["began"] = session["seen"] = time.time()
    with db.transaction() as now:
        record(now, None, user.who, "signed in", address=request.remote_addr)


def _end_old_session() -> Response | None:
    if not is_ours(request.path) or request.endpoint in STATIC:
        return None
    if not current_user.is_authenticated:
        return None
    if _is_over():
        logout_user()
        return answer_unauthenticated(request)
    if request.endpoint not in UNCOUNTED:
        session["seen"] = time.time()
    allowed = {"security.change_password", "security.logout"}
    if current_user.has_to_change_password and request.endpoint not in allowed:
        return redirect(url_for("security.change_password"))  # type: ignore[return-value]
    return None


def _is_over() -> bool:
    now = time.time()
    seen, began = session.get("seen", 0), session.get("began", 0)
    return bool(now - seen > IDLE_SECONDS or now - began > LONGEST_SECONDS)


def answer_unauthenticated(asked: Request) -> Response:
    """To the sign-in page; a piece of a page asks the browser to go there as a whole."""
    if asked.headers.get("HX-Request"):
        return Response(status=401, headers={"HX-Redirect": f"{PREFIX}/login"})
    return redirect(url_for("security.login", next=asked.path))  # type: ignore[return-value]


def _limit(app: Flask) -> None:
    limiter = Limiter(get_remote_address, app=app, storage_uri="memory://")
    for endpoint in ("security.login", "security.two_factor_token_validation"):
        limited: Any = limiter.limit(TRIES_PER_MINUTE, methods=["POST"])
        app.view_functions[endpoint] = limited(app.view_functions[endpoint])
