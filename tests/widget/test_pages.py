"""The chat's own page and files on the running assistant: headers, several turns without any script, errors that are pages."""

import gzip
import re
from html import unescape

import httpx
import pytest
from markupsafe import escape

from bot import facts
from bot.facts.profile import COLOURS
from bot.problems import TITLES
from bot.widget import files
from tests.conftest import running_assistant

SITE, FOREIGN = "http://localhost:8000", "https://kwaad.example"
EMERGENCY = "help hij slaat mij nu"


class Visitor:
    """A browser without script on the chat's page; `page` is what it shows, `status` how that was answered."""

    def __init__(self, url):
        self.client = httpx.Client(timeout=30)
        self.url = url
        self._take(self.client.get(url))

    @property
    def session(self):
        found = re.search(r'name="session" value="([^"]+)"', self.page)
        return found[1] if found else ""

    @property
    def choices(self):
        found = re.findall(r'name="choice" value="([^"]+)">([^<]+)<', self.page)
        return {unescape(title): id for id, title in found}

    @property
    def typed(self):
        return unescape(re.search(r"<textarea[^>]*>(.*?)</textarea>", self.page, re.S)[1])

    def send(self, headers=None, **fields):
        """Send the form with what it holds and some more fields."""
        held = {"session": self.session} if self.session else {}
        answer = self.client.post(self.url, data={**held, "text": "", **fields}, headers=headers)
        self._take(answer)
        return answer

    def _take(self, answer):
        self.page, self.status = answer.text, answer.status_code
        assert "tel:112" in self.page and "tel:101" in self.page, "the numbers are always there"
        assert "set-cookie" not in answer.headers and answer.headers["cache-control"] == "no-store"
        assert answer.headers["content-type"] == "text/html; charset=utf-8"


@pytest.fixture
def visitor(assistant):
    return Visitor(assistant.url)


@pytest.mark.parametrize("path", ["", "/"])
def test_the_page_opens_by_itself_with_and_without_a_slash(assistant, path):
    answer = httpx.get(assistant.url + path)
    assert answer.status_code == 200
    body = answer.text
    assert '<html lang="nl-BE">' in body and body.count("<h1") == 1 and "<main>" in body
    title = re.search("<title>(.*?)</title>", body)[1]
    assert title == "Hulp en advies"
    for meta in ('name="viewport"', 'name="referrer" content="no-referrer"', 'name="robots" content="noindex"'):
        assert f"<meta {meta}" in body
    widget = files.load()
    attributes = f'integrity="{widget.current.integrity}" crossorigin="anonymous" defer'
    assert f'<script src="/chat/widget/{widget.name}" {attributes}>' in body
    assert '<wijkwijzer-chat full server="" exit="https://www.google.be">' in body
    assert 'href="https://www.google.be" rel="noreferrer noopener">Verlaat deze pagina</a>' in body
    assert body.index("tel:112") < body.index("<script") and " style=" not in body and "onclick" not in body


def test_pages_have_strict_headers(assistant, visitor):
    for answer in (httpx.get(assistant.url), visitor.send(text="mijn fiets is gestolen"), visitor.send(choice="x")):
        policy = dict(part.split(" ", 1) for part in answer.headers["content-security-policy"].split("; "))
        assert policy == {"default-src": "'none'", "script-src": "'self'", "style-src": "'self'", "img-src": "'self'",
                          "connect-src": "'self'", "form-action": "'self'", "base-uri": "'none'", "frame-ancestors": "'none'"}
        for name, value in (("referrer-policy", "no-referrer"), ("x-content-type-options", "nosniff"),
                            ("cross-origin-opener-policy", "same-origin")):
            assert answer.headers[name] == value
        for thing in ("camera", "microphone", "geolocation"):
            assert f"{thing}=()" in answer.headers["permissions-policy"]


def test_the_script_is_for_every_website_and_for_ever(assistant):
    widget = files.load()
    for name, script in widget.scripts.items():
        answer = httpx.get(f"{assistant.url}/widget/{name}", headers={"Origin": FOREIGN, "Accept-Encoding": "br, gzip;q=0.5"})
        assert answer.status_code == 200 and answer.content == script.content
        assert answer.headers["content-type"] == "application/javascript; charset=utf-8"
        assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
        assert answer.headers["access-control-allow-origin"] == "*" and answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["cross-origin-resource-policy"] == "cross-origin" and answer.headers["vary"] == "Accept-Encoding"
        assert answer.headers["content-encoding"] == "gzip" and "set-cookie" not in answer.headers


@pytest.mark.parametrize("accepted", ["identity", "", "br", "gzip;q=0", "gzip; q=0.0", "xgzip"])
def test_the_script_is_plain_when_gzip_is_not_wanted(assistant, accepted):
    answer = httpx.get(f"{assistant.url}/widget/{files.load().name}", headers={"Accept-Encoding": accepted})
    assert "content-encoding" not in answer.headers and answer.content == files.load().current.content


def test_the_packed_script_is_the_script(assistant):
    with httpx.stream("GET", f"{assistant.url}/widget/{files.load().name}", headers={"Accept-Encoding": "gzip"}) as answer:
        assert gzip.decompress(b"".join(answer.iter_raw())) == files.load().current.content


@pytest.mark.parametrize("name", ["wijkwijzer-chat-0.0.0.js", "versions.json", "..%2fversions.json", "__init__.py", "chat.html"])
def test_nothing_else_is_served(assistant, name):
    answer = httpx.get(f"{assistant.url}/widget/{name}")
    assert answer.status_code == 404 and answer.headers["content-type"] == "application/problem+json"


def test_settings_of_the_widget_are_for_the_sites_of_the_profile(assistant, settings):
    answer = httpx.get(f"{assistant.url}/widget/config.json", headers={"Origin": SITE})
    assert answer.headers["access-control-allow-origin"] == SITE and answer.headers["cache-control"] == "public, max-age=300"
    assert answer.headers["vary"] == "Origin"
    config = answer.json()
    assert set(config) == {"exit", "session_minutes", "theme"}
    assert config["exit"] == "https://www.google.be" and config["session_minutes"] == 30
    assert set(config["theme"]) == {*COLOURS, "logo"} and config["theme"]["logo"] == facts.load(settings.facts_dir).web["logo"]
    assert httpx.get(f"{assistant.url}/widget/config.json", headers={"Origin": FOREIGN}).status_code == 403


def test_the_style_sheet_has_the_colours_of_the_zone(assistant):
    answer = httpx.get(f"{assistant.url}/widget/page.css")
    assert answer.headers["content-type"] == "text/css; charset=utf-8" and "--accent: #123a63" in answer.text


def test_opening_the_page_opens_no_conversation(model, tmp_path):
    with running_assistant(tmp_path, CHAT_MAX_SESSIONS="1") as small:
        for _ in range(3):
            assert Visitor(small.url).status == 200
        only = Visitor(small.url)
        assert only.send(text="mijn fiets is gestolen").status_code == 200
        late = Visitor(small.url)
        answer = late.send(text="mijn fiets is ook gestolen")
        assert answer.status_code == 503 and TITLES[503] in late.page and int(answer.headers["retry-after"]) > 0
        assert late.typed == "mijn fiets is ook gestolen" and not late.session
        assert only.send(stop="ja").status_code == 200 and late.send(text=late.typed).status_code == 200


def test_a_conversation_of_several_turns_without_script(visitor):
    visitor.send()
    assert "automatische assistent" in visitor.page and len(visitor.choices) == 6
    token = visitor.session
    visitor.send(choice=visitor.choices["Inbraak in huis of zaak"])
    assert visitor.session == token and len(visitor.choices) > 5
    visitor.send(text="kanarie88 mijn fiets is gestolen aan het station")
    assert visitor.session == token and "fiets" in visitor.page and "kanarie88" not in visitor.page
    assert "<li>" in visitor.page and visitor.typed == ""
    visitor.send(text=EMERGENCY)
    answer = visitor.page[visitor.page.index("<main>"):]
    assert 'class="message emergency"' in answer and answer.index("tel:101") < answer.index("Zeg waar het is")
    assert EMERGENCY not in visitor.page and "wijkwijzer-chat" not in visitor.page


def test_a_first_text_is_answered_at_once(visitor):
    visitor.send(text=EMERGENCY)
    assert visitor.status == 200 and 'class="message emergency"' in visitor.page and visitor.session


def test_a_button_wins_over_a_text_that_was_left_in_the_form(visitor):
    visitor.send()
    visitor.send(text="mijn fiets is gestolen", choice=visitor.choices["Inbraak in huis of zaak"])
    assert len(visitor.choices) > 5


def test_stopping_forgets_the_conversation_at_once(visitor):
    visitor.send(text="mijn fiets is gestolen")
    token = visitor.session
    visitor.send(stop="ja")
    assert "gewist" in visitor.page and not visitor.session
    visitor.send(session=token, text="hallo")
    assert visitor.status == 401 and TITLES[401] in visitor.page and not visitor.session and visitor.typed == ""
    visitor.send(text="mijn fiets is gestolen")
    assert visitor.status == 200


@pytest.mark.parametrize("fields", [{"session": "x.y", "stop": "ja"}, {"stop": "ja"}])
def test_stopping_what_does_not_exist_tells_nothing(visitor, fields):
    assert visitor.send(**fields).status_code == 200


def test_a_text_that_is_too_long_stays_in_the_form(visitor):
    visitor.send()
    token, long = visitor.session, "fiets\n" * 400
    visitor.send(text=long)
    assert visitor.status == 413 and TITLES[413] in visitor.page and visitor.typed == long.strip() and visitor.session == token


def test_a_line_break_counts_once_and_every_script_fits(visitor):
    for text in ("\r\n".join(["f"] * 1000), "\U0001f6b2" * 2000, "\u0634" * 2000, "\u20ac" * 2000):
        assert visitor.send(text=text).status_code == 200


def test_a_body_that_is_far_too_long_is_a_page(visitor):
    assert visitor.send(text="a" * 1_000_000).status_code == 413
    assert TITLES[413] in visitor.page and visitor.typed == ""


def test_too_fast_keeps_the_text(model, tmp_path):
    with running_assistant(tmp_path, CHAT_MESSAGES_PER_MINUTE="1") as slow:
        visitor = Visitor(slow.url)
        visitor.send(text="hallo")
        token = visitor.session
        answer = visitor.send(text="mijn fiets is gestolen")
        assert answer.status_code == 429 and visitor.typed == "mijn fiets is gestolen" and visitor.session == token
        slow.actions.kill()
        slow.actions.wait(10)
        lame = Visitor(slow.url)
        assert lame.send(text="mijn fiets is gestolen").status_code == 503 and lame.typed == "mijn fiets is gestolen"
        assert lame.session
    assert "fiets" not in (tmp_path / "log.txt").read_text()


@pytest.mark.parametrize("choice", ["/nood_geweld", "x", "../x", "<script>"])
def test_an_invented_button_is_a_page_and_the_conversation_goes_on(visitor, choice):
    visitor.send()
    token = visitor.session
    assert visitor.send(choice=choice).status_code == 400 and visitor.session == token and "<script>" not in visitor.page


def test_nothing_typed_is_a_page(visitor):
    visitor.send()
    assert visitor.send(text=" \r\n ").status_code == 400


@pytest.mark.parametrize("text", ["<script>alert(1)</script>", "</textarea><img src=x onerror=alert(1)>", '"><b>', "{{ 7*7 }}"])
def test_markup_that_a_resident_types_stays_text(visitor, text):
    visitor.send(text=text)
    assert text not in visitor.page and "49" not in visitor.page
    visitor.send(text=text + "a" * 2000)
    assert visitor.status == 413 and visitor.typed.startswith(text)
    assert str(escape(text)) + "a" in visitor.page and "49" not in visitor.page


@pytest.mark.parametrize(("content", "kind"), [(b"{}", "application/json"), (b"text=a", "text/plain"), (b"", ""),
                                                 (b"text=" + b"\xff\xfe", "application/x-www-form-urlencoded"),
                                                 (b"&".join([b"a=b"] * 50), "application/x-www-form-urlencoded"),
                                                 (b"--x\r\n", "multipart/form-data; boundary=x")])
def test_what_is_no_form_is_a_page(assistant, content, kind):
    answer = httpx.post(assistant.url, content=content, headers={"Content-Type": kind})
    assert answer.status_code == 400 and TITLES[400] in answer.text and "tel:112" in answer.text


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH"])
def test_another_method_is_a_page(assistant, method):
    answer = httpx.request(method, assistant.url)
    assert answer.status_code == 405 and TITLES[405] in answer.text and "tel:112" in answer.text


@pytest.mark.parametrize(("headers", "status"), [
    ({"Origin": FOREIGN}, 403), ({"Origin": SITE}, 200), ({"Origin": "null", "Sec-Fetch-Site": "cross-site"}, 403),
    ({"Origin": "null", "Sec-Fetch-Site": "same-origin"}, 200), ({"Origin": "null"}, 200), ({}, 200)])
def test_the_form_of_another_website_is_refused(visitor, headers, status):
    answer = visitor.send(headers=headers, text="mijn fiets is gestolen")
    assert answer.status_code == status and (TITLES[403] in visitor.page) == (status == 403)


def test_its_own_address_may_always_send_the_form(assistant, visitor):
    assert visitor.send(headers={"Origin": assistant.url.removesuffix("/chat")}, text="hallo").status_code == 200


def test_nothing_typed_in_the_form_reaches_the_log(assistant, visitor):
    for fields in ({"text": "kanarie4711 mijn fiets"}, {"choice": "kanarie4711"}, {"text": "kanarie4711" * 200}):
        visitor.send(**fields)
    httpx.post(assistant.url, content=b"text=kanarie4711%", headers={"Content-Type": "application/x-www-form-urlencoded"})
    assistant.log.flush()
    with open(assistant.log.name) as log:
        assert "kanarie4711" not in log.read()
