"""Logging in and out, as a browser does it."""

import secrets
import time
from urllib.parse import quote

import httpx
import pytest
from sqlalchemy import select

from bot.dashboard.models import account
from tests.dashboard.conftest import NAME, PASSWORD, csrf_of, running_dashboard

PROTECTED = "/voorbeeld/bescherming"  # needs a login and no figures
WRONG = "Naam of wachtwoord klopt niet, of dit account is even geblokkeerd."


def is_in(client):
    answer = client.get("/")
    assert answer.status_code in (200, 302, 503)  # 503: logged in, and there are no figures yet
    return answer.status_code != 302


def deeds(dashboard, name):
    return [entry.what for entry in reversed(dashboard.staff.audit(1000)) if entry.who == name]


@pytest.fixture
def harm(dashboard):
    """The name of an account that a test may lock or change."""
    name = f"a{secrets.token_hex(6)}"
    dashboard.staff.add(name, PASSWORD)
    return name


def test_the_right_password_opens_every_page(dashboard):
    client = dashboard.login()
    page = client.get(PROTECTED)
    assert page.status_code == 200 and "Afmelden" in page.text


def test_without_login_every_page_leads_to_the_form(dashboard):
    with dashboard.visit() as client:
        for path in ("/", PROTECTED, "/voorbeeld/", "/verslagen", "/bestaat-niet", "/static", "/static/../", "/static/a/b"):
            answer = client.get(path)
            assert answer.status_code == 302 and answer.headers["location"].startswith("/inloggen"), path
            assert answer.text == ""


def test_the_form_brings_back_to_the_page_that_was_asked_for(dashboard):
    with dashboard.visit() as client:
        answer = client.get(f"{PROTECTED}?periode=2026-W47")
        assert answer.headers["location"] == "/inloggen?naar=/voorbeeld/bescherming%3Fperiode%3D2026-W47"
        form = client.get(answer.headers["location"])
        assert 'name="naar" value="/voorbeeld/bescherming?periode=2026-W47"' in form.text
        done = dashboard.send_login(client, NAME, PASSWORD, naar="/voorbeeld/bescherming?periode=2026-W47")
        assert (done.status_code, done.headers["location"]) == (303, "/voorbeeld/bescherming?periode=2026-W47")


@pytest.mark.parametrize("naar", [
    "//evil.example", "https://evil.example", "/\\evil.example", "\\\\evil.example", "/\t/evil.example", "/\n/evil.example",
    "///evil.example", "/%2f/evil.example/../..", "javascript:alert(1)", "/.//evil.example", " //evil.example", "evil.example",
    "/@evil.example", "/a\r\nSet-Cookie: x=y", "/é", "/inloggen?naar=/", "/afmelden", "/a//b", "/" + "a" * 400, "/a\0b", "",
])
def test_no_other_address_to_return_to(dashboard, naar):
    with dashboard.visit() as client:
        form = client.get(f"/inloggen?naar={quote(naar, safe='')}")
        assert 'name="naar" value="/"' in form.text
    with dashboard.visit() as client:
        answer = dashboard.send_login(client, NAME, PASSWORD, naar=naar)
        assert (answer.status_code, answer.headers["location"]) == (303, "/")
        assert "x" not in answer.cookies


def test_the_form_can_be_used_by_everybody(dashboard):
    with dashboard.visit() as client:
        form = client.get("/inloggen").text
        wrong = dashboard.send_login(client, NAME, "fout wachtwoord").text
    for label, field, complete in (("naam", "text", "username"), ("wachtwoord", "password", "current-password")):
        assert f'<label for="{label}">' in form
        assert f'id="{label}" name="{label}" type="{field}" autocomplete="{complete}"' in form
    assert 'role="alert"' not in form and "<script" not in form
    assert 'id="fout" class="error" role="alert"' in wrong and wrong.count('aria-describedby="fout"') == 2
    assert "<title>Fout: " in wrong


def test_wrong_name_wrong_password_and_locked_look_the_same(dashboard, harm):
    def attempt(name, password):
        with dashboard.visit() as client:
            answer = dashboard.send_login(client, name, password)
            return answer.status_code, answer.text.replace(csrf_of(answer), ""), sorted(set(answer.headers) - {"set-cookie"})

    seen = [attempt("niemand", PASSWORD), *(attempt(harm, "fout wachtwoord") for _ in range(5)), attempt(harm, PASSWORD),
            attempt("", ""), attempt("'; DROP TABLE account; --", "x"), attempt("a\0b", "a\0b"), attempt("😀" * 50, "😀")]
    assert all(one == seen[0] for one in seen)
    assert seen[0][0] == 403 and WRONG in seen[0][1]


def test_a_wrong_name_takes_as_long_as_a_wrong_password(dashboard, harm):
    def seconds(name):
        with dashboard.visit() as client:
            fields = {"csrf": csrf_of(client.get("/inloggen")), "naam": name, "wachtwoord": "fout wachtwoord"}
            began = time.perf_counter()
            client.post("/inloggen", data=fields)
            return time.perf_counter() - began

    taken = {name: sorted(seconds(name) for _ in range(4))[1] for name in (harm, "niemand", "geen naam!")}
    assert max(taken.values()) < 4 * min(taken.values()), taken  # without a hash: thirty times faster


def test_what_was_typed_never_comes_back(dashboard):
    with dashboard.visit() as client:
        answer = dashboard.send_login(client, "mijn-geheime-zin", "nog-een-geheim<b>")
    assert "geheim" not in answer.text and "geheim" not in str(answer.headers)
    assert "geheim" not in (dashboard.folder / "log.txt").read_text()


def test_five_failures_lock_an_account_until_a_quarter_of_an_hour_later(tmp_path, clock):
    with running_dashboard(tmp_path, clock) as dashboard:
        with dashboard.visit() as client:
            for _ in range(5):
                assert dashboard.send_login(client, NAME, "fout wachtwoord").status_code == 403
            clock.forward(minutes=14)
            assert dashboard.send_login(client, NAME, PASSWORD).status_code == 403
            clock.forward(minutes=1)
            assert dashboard.send_login(client, NAME, PASSWORD).status_code == 303


def test_a_session_ends_when_nobody_reads_and_after_ten_hours(tmp_path, clock):
    with running_dashboard(tmp_path, clock) as dashboard:
        client = dashboard.login()
        clock.forward(minutes=29)
        assert is_in(client)
        clock.forward(minutes=30)
        assert not is_in(client)
        client = dashboard.login()
        for _ in range(24):
            assert is_in(client)
            clock.forward(minutes=25)
        assert not is_in(client)


def test_a_login_form_that_stood_open_too_long_is_given_anew(tmp_path, clock):
    with running_dashboard(tmp_path, clock) as dashboard:
        with dashboard.visit() as client:
            fields = {"csrf": csrf_of(client.get("/inloggen")), "naam": NAME, "wachtwoord": PASSWORD}
            clock.forward(minutes=30)
            again = client.post("/inloggen", data=fields)
            assert again.status_code == 403 and "te lang open" in again.text
            assert client.post("/inloggen", data={**fields, "csrf": csrf_of(again)}).status_code == 303


def test_logging_out_ends_the_session_on_the_server(dashboard):
    client = dashboard.login()
    copy = httpx.Client(base_url=dashboard.url, cookies=dict(client.cookies))
    assert is_in(copy)
    answer = client.post("/afmelden", data={"csrf": csrf_of(client.get(PROTECTED))})
    assert (answer.status_code, answer.headers["location"]) == (303, "/inloggen")
    assert "wijkwijzer" not in client.cookies
    assert not is_in(copy)


def test_the_token_is_new_at_every_login(dashboard):
    with dashboard.visit() as client:
        client.cookies.set("wijkwijzer", "planted-by-somebody-else")
        dashboard.send_login(client, NAME, PASSWORD)
        first = client.cookies.get("wijkwijzer", domain="127.0.0.1")
    assert first and first != "planted-by-somebody-else"
    with httpx.Client(base_url=dashboard.url, cookies={"wijkwijzer": "planted-by-somebody-else"}) as planted:
        assert not is_in(planted)
    client = dashboard.login()
    before = client.cookies["wijkwijzer"]
    with httpx.Client(base_url=dashboard.url) as fresh:  # a form from elsewhere, sent with the session's cookie
        form = fresh.get("/inloggen")
        client.cookies.update(dict(fresh.cookies))
        client.post("/inloggen", data={"csrf": csrf_of(form), "naam": NAME, "wachtwoord": PASSWORD})
    assert client.cookies["wijkwijzer"] != before
    with httpx.Client(base_url=dashboard.url, cookies={"wijkwijzer": before}) as old:
        assert not is_in(old)


@pytest.mark.parametrize("change", [
    lambda staff, name: staff.set_password(name, "een ander wachtwoord"),
    lambda staff, name: staff.remove(name),
    lambda staff, name: (staff.remove(name), staff.add(name, PASSWORD)),
], ids=["new password", "removed", "removed and added again"])
def test_a_change_of_the_account_ends_its_sessions_and_no_others(dashboard, harm, change):
    mine, other = dashboard.login(harm), dashboard.login()
    assert is_in(mine)
    change(dashboard.staff, harm)
    assert not is_in(mine) and is_in(other)
    if harm in dashboard.staff.names():
        dashboard.staff.remove(harm)


def test_who_is_logged_in_needs_no_form(dashboard):
    answer = dashboard.login().get(f"/inloggen?naar={PROTECTED}")
    assert (answer.status_code, answer.headers["location"]) == (302, PROTECTED)


def test_a_name_may_begin_with_a_capital(dashboard):
    assert is_in(dashboard.login(f" {NAME.capitalize()} "))


def test_logins_are_on_record(dashboard, harm):
    with dashboard.visit() as client:
        dashboard.send_login(client, harm, "fout wachtwoord")
    client = dashboard.login(harm)
    client.post("/afmelden", data={"csrf": csrf_of(client.get(PROTECTED))})
    assert deeds(dashboard, harm) == ["account_added", "login_failed", "logged_in", "logged_out"]


def test_passwords_are_hashed_as_rfc_9106_says(dashboard):
    with dashboard.staff.engine.connect() as connection:
        stored = connection.execute(select(account.c.hash).where(account.c.name == NAME)).scalar_one()
    assert stored.startswith("$argon2id$v=19$m=65536,t=3,p=4$")
