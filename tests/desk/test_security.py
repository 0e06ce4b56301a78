"""Nobody gets in, sees or does what is not theirs."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from passlib.totp import TOTP

from bot.conversations.models import Owner
from bot.desk import accounts
from bot.desk.roles import MATRIX, May, Role
from bot.desk.views import PERMISSIONS
from bot.wsgi import web_app
from tests.desk.browserless import PASSWORD, Desk, csrf_token, sign_in, waiting
from tests.desk.browserless import app as app
from tests.whatsapp.edge import clean as clean
from tests.whatsapp.edge import query
from tests.whatsapp.edge import quiet_database as quiet_database

ROUTES: dict[str, May] = {
    "GET /": May.ACCOUNT,
    "GET /rows": May.READ,
    "GET /search": May.READ,
    "GET /events": May.READ,
    "GET /c/<c>": May.READ,
    "GET /c/<c>/thread": May.READ,
    "GET /c/<c>/bar": May.READ,
    "GET /c/<c>/composer": May.READ,
    "GET /c/<c>/panel": May.READ,
    "GET /c/<c>/media/<x>": May.READ,
    "GET /c/<c>/sent/<x>": May.READ,
    "POST /c/<c>/take": May.ACT,
    "POST /c/<c>/put-back": May.ACT,
    "POST /c/<c>/give-back": May.ACT,
    "POST /c/<c>/resolve": May.ACT,
    "POST /c/<c>/transfer": May.ACT,
    "POST /c/<c>/note": May.ACT,
    "POST /c/<c>/snooze": May.ACT,
    "POST /c/<c>/draft": May.ACT,
    "POST /c/<c>/reply": May.ACT,
    "POST /c/<c>/template": May.ACT,
    "POST /c/<c>/again/<x>": May.ACT,
    "POST /c/<c>/reveal": May.ACT,
    "POST /c/<c>/identify": May.ACT,
    "POST /c/<c>/charge": May.ACT,
    "POST /c/<c>/document": May.ACT,
    "POST /c/<c>/offers": May.ACT,
    "POST /c/<c>/propose": May.ACT,
    "POST /c/<c>/agree": May.ACT,
    "POST /c/<c>/ask": May.ACT,
    "POST /c/<c>/promise": May.ACT,
    "POST /c/<c>/dispute": May.ACT,
    "GET /wall": May.LEAD,
    "POST /c/<c>/assign": May.LEAD,
    "GET /c/<c>/requests/<x>": May.LEAD,
    "POST /c/<c>/requests/<x>": May.LEAD,
    "GET /quality": May.LEAD,
    "POST /c/<c>/review/<x>": May.LEAD,
    "GET /texts": May.LEAD,
    "POST /texts": May.LEAD,
    "POST /texts/<x>/delete": May.LEAD,
    "POST /templates": May.LEAD,
    "GET /hours": May.LEAD,
    "POST /hours": May.LEAD,
    "GET /figures": May.FIGURES,
    "GET /figures.csv": May.FIGURES,
    "GET /people": May.PEOPLE,
    "POST /people": May.PEOPLE,
    "POST /people/<x>": May.PEOPLE,
    "POST /people/<x>/reset": May.PEOPLE,
    "POST /teams": May.PEOPLE,
    "GET /audit": May.AUDIT,
    "GET /audit.csv": May.AUDIT,
}
"""Every route of the desk and what it asks for."""


def _address(route: str, conversation_id: object) -> tuple[str, str]:
    method, _, path = route.partition(" ")
    some = "00000000-0000-0000-0000-000000000001"
    return method, "/desk" + path.replace("<c>", str(conversation_id)).replace("<x>", some)


def test_the_table_names_every_route(app: Flask) -> None:
    """A route that is not in it is a route nobody thought about."""
    found = set()
    for rule in app.url_map.iter_rules():
        if rule.endpoint.startswith("desk.") and rule.endpoint != "desk.static":
            parts = [
                "<c>" if "conversation_id" in p else "<x>" if "<" in p else p
                for p in rule.rule.split("/")
            ]
            for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}:
                found.add(f"{method} {'/'.join(parts).removeprefix('/desk')}")
            assert rule.endpoint in PERMISSIONS
    assert found == set(ROUTES)


@pytest.mark.parametrize("role", Role)
def test_every_role_may_what_the_matrix_says_and_nothing_else(app: Flask, role: Role) -> None:
    """403 for what is not theirs; anything but 403 for what is."""
    id_, person = waiting(), Desk(app, role)
    token = csrf_token(person.gets("/desk/").text)
    for route, may in ROUTES.items():
        if route == "GET /events" and may in MATRIX[role]:
            continue  # a stream that does not end
        method, path = _address(route, id_)
        answer = person.client.open(path, method=method, headers={"X-CSRFToken": token})
        assert (answer.status_code == 403) == (may not in MATRIX[role]), route


def test_nobody_gets_anything_without_signing_in(app: Flask) -> None:
    """Every route leads to the sign-in page."""
    id_, stranger = waiting(), app.test_client()
    token = csrf_token(stranger.get("/desk/login").text)
    for route in ROUTES:
        method, path = _address(route, id_)
        answer = stranger.open(path, method=method, data={"csrf_token": token})
        assert answer.status_code == 302, route
        assert answer.location.startswith("/desk/login"), route


def test_another_teams_conversation_does_not_exist_on_any_route(app: Flask) -> None:
    """IDOR: knowing the id is of no use, whatever is asked."""
    id_, outsider = waiting(), Desk(app, Role.SUPERVISOR, team="outra")
    token = csrf_token(outsider.gets("/desk/").text)
    for route in ROUTES:
        if "<c>" in route:
            method, path = _address(route, id_)
            answer = outsider.client.open(path, method=method, headers={"X-CSRFToken": token})
            assert answer.status_code == 404, route


def test_a_form_without_its_token_is_refused(app: Flask) -> None:
    """CSRF, on every route that changes something."""
    id_, ana = waiting(), Desk(app, Role.SUPERVISOR)
    for route in ROUTES:
        method, path = _address(route, id_)
        if method == "POST":
            assert ana.client.post(path).status_code == 400, route
    assert query("SELECT owner FROM bot.conversations") == [(Owner.QUEUE.value,)]


def test_what_people_write_is_never_a_script(app: Flask) -> None:
    """Neither a message nor a profile name."""
    evil = "<img src=x onerror=alert(1)><script>alert(2)</script>"
    id_, ana = waiting(name=evil, words=f"*{evil}*"), Desk(app)
    for page in (f"/desk/c/{id_}", "/desk/rows", f"/desk/c/{id_}/thread"):
        words = ana.gets(page).text
        assert "<img src=x" not in words
        assert "<script>alert" not in words
        assert "&lt;img src=x" in words


def test_every_page_carries_strict_headers(app: Flask) -> None:
    """No inline script, no style, no frame, no cache."""
    id_, ana = waiting(), Desk(app)
    for page in ("/desk/", f"/desk/c/{id_}", "/desk/login"):
        answer = ana.gets(page)
        policy = answer.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["X-Frame-Options"] == "DENY"
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert answer.headers["Cache-Control"] == "no-store"
        assert "<script>" not in answer.text
        assert " style=" not in answer.text
        assert " onclick" not in answer.text


def test_a_session_planted_before_signing_in_is_worth_nothing(app: Flask) -> None:
    """Fixation: the cookie of before is not the one of after, and opens nothing."""
    ana = Desk(app)
    victim = app.test_client()
    victim.get("/desk/login")
    planted = victim.get_cookie("desk")
    assert sign_in(victim, ana.email, PASSWORD).status_code == 302
    mine = victim.get_cookie("desk")
    assert planted
    assert mine
    assert planted.value != mine.value
    assert mine.http_only
    assert mine.same_site == "Lax"
    thief = app.test_client()
    thief.set_cookie("desk", planted.value)
    assert thief.get("/desk/").status_code == 302


def test_five_wrong_passwords_lock_the_account(app: Flask) -> None:
    """Even the right one is refused then, in the same words; others are not touched."""
    ana, bia = Desk(app), Desk(app)
    thief = app.test_client()
    said = {
        sign_in(thief, ana.email, f"errada-{n}-errada").text.count("não conferem") for n in range(5)
    }
    assert said == {1}
    assert "não conferem" in sign_in(thief, ana.email, PASSWORD).text
    assert sign_in(app.test_client(), bia.email, PASSWORD).status_code == 302
    query("UPDATE desk.users SET locked_until = now() - interval '1 second'")
    assert sign_in(app.test_client(), ana.email, PASSWORD).status_code == 302


def test_an_unknown_address_is_answered_like_a_wrong_password(app: Flask) -> None:
    """Who has an account is nobody's business."""
    page = sign_in(app.test_client(), "ninguem@example.com", PASSWORD).text
    assert "não conferem" in page


def test_guessing_from_one_address_is_slowed_down(app: Flask) -> None:
    """Whatever accounts are tried."""
    client = app.test_client()
    token = csrf_token(client.get("/desk/login").text)
    form = {"email": "a@example.com", "password": "errada-errada", "csrf_token": token}
    codes = [client.post("/desk/login", data=form).status_code for _ in range(62)]
    assert codes[-1] == 429


def test_a_session_ends_after_an_hour_without_a_click_and_after_a_day(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And the page asks to sign in again."""
    for limit in ("IDLE_SECONDS", "LONGEST_SECONDS"):
        ana = Desk(app)
        assert ana.gets("/desk/").status_code == 200
        with monkeypatch.context() as patch:
            patch.setattr(accounts, limit, -1)
            assert ana.gets("/desk/").status_code == 302


def test_a_reset_ends_sessions_and_asks_for_a_new_password(app: Flask) -> None:
    """The administrator sees the new one once; whoever uses it must change it first."""
    ana, ari = Desk(app), Desk(app, Role.ADMIN)
    page = ari.posts(f"/desk/people/{ana.id}/reset").text
    assert ana.gets("/desk/").status_code == 302
    password = page.split("<code>")[1].split("</code>")[0]
    again = app.test_client()
    assert sign_in(again, ana.email, password).status_code == 302
    assert again.get("/desk/").location.endswith("/desk/password")


def test_who_loses_access_is_out_at_once(app: Flask) -> None:
    """A session already open is of no use."""
    ana, ari = Desk(app), Desk(app, Role.ADMIN)
    ari.posts(f"/desk/people/{ana.id}", role="operator", team="geral")
    assert ana.gets("/desk/").status_code == 302
    assert "não conferem" in sign_in(app.test_client(), ana.email, PASSWORD).text


def test_the_password_is_kept_as_argon2(app: Flask) -> None:
    """Never as it is."""
    Desk(app)
    [(kept,)] = query("SELECT password FROM desk.users")
    assert kept.startswith("$argon2id$")


def test_outside_the_demo_a_second_factor_is_required(app: Flask) -> None:
    """The password alone leads to setting it up; then the code of the moment is asked each time."""
    ana = Desk(app)
    app.config["SECURITY_TWO_FACTOR_REQUIRED"] = True
    client = app.test_client()
    assert "tf-setup" in sign_in(client, ana.email, PASSWORD).location
    assert client.get("/desk/").status_code == 302
    page = client.get("/desk/tf-setup").text
    form = {"setup": "authenticator", "csrf_token": csrf_token(page)}
    page = client.post("/desk/tf-setup", data=form).text
    assert "data:image/svg+xml" in page
    codes = TOTP(key=page.split("<code>")[1].split("</code>")[0])
    assert _enters(client, page, codes.generate().token).startswith("/desk/")
    assert client.get("/desk/").status_code == 200

    again = app.test_client()
    assert "tf-validate" in sign_in(again, ana.email, PASSWORD).location
    assert again.get("/desk/").status_code == 302
    page = again.get("/desk/tf-validate").text
    assert _enters(again, page, "000000") == ""
    assert _enters(again, page, codes.generate().token).startswith("/desk/")


def _enters(client: FlaskClient, page: str, code: str) -> str:
    """Where the second factor leads; empty when it is refused."""
    form = {"code": code, "csrf_token": csrf_token(page)}
    answer = client.post("/desk/tf-validate", data=form)
    return answer.location if answer.status_code == 302 else ""


def test_the_audit_is_searched_and_exported_and_no_cell_is_a_formula(app: Flask) -> None:
    """By who, what and day."""
    waiting()
    manager = Desk(app, Role.MANAGER)
    query(
        "INSERT INTO bot.audit (who, what, details)"
        """ VALUES ('=cmd()', 'odd', '{}'), ('operator:x@example.com', 'viewed', '{}')"""
    )
    page = manager.gets("/desk/audit?who=x@example.com").text
    assert "<td>abriu a conversa</td>" in page
    assert "odd" not in page
    sheet = manager.gets("/desk/audit.csv").text
    assert "'=cmd()" in sheet
    assert manager.gets("/desk/audit?since=2001-01-01&until=2001-01-02").text.count("<td>") == 0


def test_the_desk_leaves_other_pages_of_the_process_alone(
    clean: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The webhook and the page to pay have no cookie, no form token and no limit of the desk's."""
    app = web_app()
    unnamed = [rule for rule, view in app.view_functions.items() if not hasattr(view, "__name__")]
    assert unnamed == [], "the limiter asks each view for its name"
    client = app.test_client()
    answer = client.get("/pagar/nao-existe-este-link-aqui")
    assert answer.status_code in (404, 503), "billing is not there in this test"
    assert "Set-Cookie" not in answer.headers
    assert client.post("/webhooks/whatsapp", data=b"{}").status_code == 401
