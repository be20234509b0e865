"""What stands before and after every page: proof of forms, cookies, headers, errors, files."""

import httpx
import pytest

from bot.dashboard.app import make_app
from bot.settings import ROOT, load
from tests.dashboard.conftest import NAME, PASSWORD, csrf_of, running_dashboard, settings_env

FORM = "application/x-www-form-urlencoded"
PAGE = "/voorbeeld/bescherming"
HEADERS = {
    "content-security-policy": "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; "
                               "frame-ancestors 'none'",
    "cross-origin-opener-policy": "same-origin",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
}
TELLING = ("sanic", "traceback", "python", "sqlalchemy", "sqlite", "exception", "httptools", "/work", ".py", "line ")


@pytest.fixture(scope="module")
def secure(tmp_path_factory):
    """A dashboard behind a proxy that ends TLS."""
    with running_dashboard(tmp_path_factory.mktemp("secure"), DASHBOARD_TLS="yes") as running:
        yield running


def routes(tmp_path, method):
    app = make_app(load(settings_env(tmp_path)))
    return {f"/{route.path}" for group in app.router.groups.values() for route in group.routes if method in route.methods}


def check_answer(status, headers, text):
    for name, value in HEADERS.items():
        assert headers[name] == value, (status, name)
    assert "server" not in headers and "x-powered-by" not in headers
    if status >= 400:
        assert not [word for word in TELLING if word in (text + str(headers)).lower()]
        assert "text/html" in headers["content-type"] and "<h1>" in text and 'lang="nl-BE"' in text


def test_every_form_of_a_session_needs_its_own_token(dashboard, tmp_path):
    paths = routes(tmp_path, "POST") - {"/inloggen"}
    assert "/afmelden" in paths
    client, other = dashboard.login(), dashboard.login()
    right, foreign = csrf_of(client.get(PAGE)), csrf_of(other.get(PAGE))
    with dashboard.visit() as stranger:
        for_login = csrf_of(stranger.get("/inloggen"))
    assert len({right, foreign, for_login}) == 3
    for path in paths:
        for fields in ({}, {"csrf": ""}, {"csrf": "0" * 64}, {"csrf": foreign}, {"csrf": for_login}, {"csrf": right[:-1]},
                       {"csrf": "é"}, {"csrf": "\0"}, {"other": right}):
            answer = client.post(path, data=fields)
            assert answer.status_code == 403, (path, fields)
        assert client.post(f"{path}?csrf={right}").status_code == 403
        assert client.post(path, json={"csrf": right}).status_code == 403
        assert client.post(path, content=b"\xff\xfe", headers={"content-type": FORM}).status_code == 403
        with dashboard.visit() as stranger:
            assert stranger.post(path, data={"csrf": right}).status_code == 403
    assert client.get(PAGE).status_code == 200  # nothing of it logged out


def test_reading_changes_nothing(dashboard, tmp_path):
    client = dashboard.login()
    assert client.get("/afmelden").status_code == 405
    assert client.get(PAGE).status_code == 200
    assert routes(tmp_path, "POST") == {"/inloggen", "/afmelden"}  # a new form belongs in the tests above


def test_nobody_can_be_logged_in_by_somebody_elses_form(dashboard):
    with dashboard.visit() as mine, dashboard.visit() as other:
        fields = {"naam": NAME, "wachtwoord": PASSWORD}
        foreign = csrf_of(other.get("/inloggen"))
        assert mine.post("/inloggen", data={**fields, "csrf": foreign}).status_code == 403  # without a cookie
        right = csrf_of(mine.get("/inloggen"))
        for csrf in (foreign, "", "0" * 64):
            answer = mine.post("/inloggen", data={**fields, "csrf": csrf})
            assert answer.status_code == 403 and "wijkwijzer" not in mine.cookies
        assert mine.post("/inloggen", data={**fields, "csrf": right}).status_code == 303


def test_only_the_way_in_is_open(dashboard, tmp_path):
    with dashboard.visit() as client:
        for path in routes(tmp_path, "GET"):
            answer = client.get(path.replace("<id:str>", "2026-Q3").replace("<name:str>", "dashboard.css"))
            opened = path in ("/inloggen", "/gezondheid", "/static/<name:str>")
            assert answer.status_code == (200 if opened else 302), path
        for method in ("POST", "PUT", "PATCH", "DELETE", "OPTIONS"):
            assert client.request(method, PAGE).status_code == 403, method


def test_cookies_on_loopback(dashboard):
    with dashboard.visit() as client:
        form = client.get("/inloggen")
        done = dashboard.send_login(client, NAME, PASSWORD)
    for cookie in (form.headers["set-cookie"], done.headers.get_list("set-cookie")[0]):
        assert cookie.startswith("wijkwijzer") and cookie.split("; ")[1:] == ["Path=/", "HttpOnly", "SameSite=Strict"]
    assert "strict-transport-security" not in form.headers


def test_cookies_behind_tls(secure):
    with secure.visit() as client:  # httpx keeps no secure cookie over http: carried by hand
        form = client.get("/inloggen")
        cookie = form.headers["set-cookie"].split(";")[0]
        done = client.post("/inloggen", data={"csrf": csrf_of(form), "naam": NAME, "wachtwoord": PASSWORD},
                           headers={"cookie": cookie})
        assert done.status_code == 303
        session, ended = done.headers.get_list("set-cookie")
        for given in (form.headers["set-cookie"], session):
            assert given.split("; ")[1:] == ["Path=/", "HttpOnly", "SameSite=Strict", "Secure"]
        assert cookie.startswith("__Host-wijkwijzer-inloggen=") and session.startswith("__Host-wijkwijzer=")
        assert "Max-Age=0" in ended and "Secure" in ended
        token = session.split(";")[0]
        assert client.get(PAGE, headers={"cookie": token}).status_code == 200
        assert client.get(PAGE, headers={"cookie": token.removeprefix("__Host-")}).status_code == 302
        assert done.headers["strict-transport-security"] == "max-age=31536000"


def test_headers_and_silence_on_every_answer(dashboard):
    client = dashboard.login()
    csrf = csrf_of(client.get(PAGE))
    with dashboard.visit() as stranger:
        answers = {
            "page": client.get(PAGE), "to login": stranger.get(PAGE), "form": stranger.get("/inloggen"),
            "health": stranger.get("/gezondheid"), "no figures": client.get("/"), "404": client.get("/bestaat-niet"),
            "404 file": stranger.get("/static/nee.css"), "405": client.put("/inloggen", data={"csrf": csrf}),
            "403": stranger.post("/afmelden"), "wrong": dashboard.send_login(stranger, "niemand", "x"),
            "413": stranger.post("/inloggen", data={"naam": "a" * 20_000}),
            "no period": client.get("/voorbeeld/?periode=2026-W99"),
        }
    expected = {"page": 200, "to login": 302, "form": 200, "health": 200, "no figures": 503, "404": 404, "404 file": 404,
                "405": 405, "403": 403, "wrong": 403, "413": 413, "no period": 404}
    assert {what: answer.status_code for what, answer in answers.items()} == expected
    for answer in answers.values():
        check_answer(answer.status_code, answer.headers, answer.text)
        assert answer.headers["cache-control"] == "no-store"
    assert "De cijfers zijn nu niet bereikbaar" in answers["no figures"].text
    assert answers["health"].text == "ok"


def test_the_style_sheet_may_be_kept(dashboard):
    with dashboard.visit() as client:
        answer = client.get("/static/dashboard.css")
    assert answer.status_code == 200 and answer.headers["content-type"] == "text/css; charset=utf-8"
    assert answer.headers["cache-control"] == "max-age=600"
    check_answer(200, answer.headers, answer.text)


@pytest.mark.parametrize("path", [
    "/static/../app.py", "/static/..%2fapp.py", "/static/%2e%2e/app.py", "/static/%2e%2e%2fapp.py", "/static/..%5capp.py",
    "/static//etc/passwd", "/static/%2fetc%2fpasswd", "/static/....//app.py", "/static/dashboard.css%00", "/static/",
    "/static/./dashboard.css", "/static/../../settings.py", "//static/../app.py", "/static/app.py", "/static/%c0%ae%c0%ae/app.py",
    "/static/dashboard.css/..", "/../app.py", "/static/DASHBOARD.CSS",
])
def test_no_file_but_the_public_ones(dashboard, path):
    status, headers, text = dashboard.send(f"GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode())
    assert status in (302, 404)
    check_answer(status, headers, text)


@pytest.mark.parametrize("request_bytes,status", [
    (b"niets\r\n\r\n", 400), (b"GET / HTTP/9.9\r\n\r\n", 400), (b"GET / HTTP/1.1\r\nkop zonder punt\r\n\r\n", 400),
    (b"GET / HTTP/1.1\r\nX: " + b"a" * 20_000 + b"\r\n\r\n", 413),
    (b"POST /inloggen HTTP/1.1\r\nContent-Length: veel\r\n\r\n", 400),
    (b"POST /inloggen HTTP/1.1\r\nContent-Length: 999999999\r\n\r\nnaam=a", 413),
    (b"POST /inloggen HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nffffffff\r\n", 413),
    (b"POST /inloggen HTTP/1.1\r\nContent-Length: -5\r\n\r\nnaam=a", 400),
    (b"POST /inloggen HTTP/1.1\r\nContent-Length: \r\n\r\n", 400),
    (b"POST /inloggen HTTP/1.1\r\nContent-Length: +5\r\n\r\nnaam=", 400),
    (b"POST /inloggen HTTP/1.1\r\nContent-Length: 6\r\nContent-Length: 0\r\n\r\nnaam=a", 400),
    (b"POST /inloggen HTTP/1.1\r\nContent-Length: 6\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400),
    (b"POST /inloggen HTTP/1.1\r\nTransfer-Encoding: gzip\r\n\r\nnaam=a", 400),
    (b"POST /inloggen HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n-5\r\n", 400),
    (b"POST /inloggen HTTP/1.1\r\nContent-Length: " + b"9" * 5000 + b"\r\n\r\nnaam=a", 400),
    (b"POST /inloggen HTTP/1.1\r\nExpect: wonder\r\nContent-Length: 1\r\n\r\na", 400),
])
def test_what_is_no_request_gets_a_plain_page(dashboard, request_bytes, status):
    answered, headers, text = dashboard.send(request_bytes)
    assert answered == status
    check_answer(answered, headers, text)


def test_the_log_tells_kinds_of_errors_only(dashboard):
    client = dashboard.login()
    client.get("/?periode=geheim-in-het-adres")
    log = (dashboard.folder / "log.txt").read_text()
    assert "OperationalError" in log
    for word in ("geheim", "Traceback", "SELECT", NAME, PASSWORD, "127.0.0.1", "Goin' Fast"):
        assert word not in log


def test_no_page_runs_a_script(dashboard):
    for template in (ROOT / "bot" / "dashboard" / "templates").iterdir():
        text = template.read_text(encoding="utf-8").lower()
        assert "<script" not in text and "javascript:" not in text and " style=" not in text and " onclick" not in text, template


def test_a_cookie_of_rubbish_is_no_session(dashboard):
    for value in ("x", "a" * 3000, "%00", '"', "wijkwijzer", "é".encode().decode("latin-1")):
        with httpx.Client(base_url=dashboard.url) as client:
            answer = client.get(PAGE, headers={"cookie": f"wijkwijzer={value}".encode("latin-1")})
        assert answer.status_code == 302, value
