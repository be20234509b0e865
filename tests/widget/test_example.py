"""The example site: what a zone's site looks like with the chat in it, strict, honest about what it is, without other sites."""

import os
import re
import socket
import subprocess
import sys

import httpx
import pytest

from bot import facts, topics
from bot.errors import TopicsError
from bot.facts.check import TYPED
from bot.facts.store import read_yaml
from bot.settings import ROOT, load
from bot.widget import files
from bot.widget.example import __main__ as command
from bot.widget.example.app import FOLDER, contents
from bot.widget.tag import tag

PAGES = ["/", "/contact", "/contact/", "/bestaat-niet"]


@pytest.fixture(params=PAGES)
def page(request, site):
    """Every page, and the one for what does not exist."""
    answer = httpx.get(site.url + request.param)
    assert answer.status_code == (404 if request.param == PAGES[-1] else 200)
    return answer


def test_every_page_says_that_it_is_an_example(page):
    assert "Dit is niet de echte website van de zone." in page.text and "voorbeeldpagina" in page.text.lower()


def test_every_page_holds_exactly_the_tag_that_the_command_prints(page, site, settings):
    pasted = str(tag(site.chat, files.load(), facts.load(settings.facts_dir).web))
    assert page.text.count(pasted) == 1 and page.text.count("<script") == 1
    assert f'<a href="{site.chat}/chat">Chat met de assistent</a>' in page.text.replace(pasted, "")


def test_every_page_has_the_policy_of_a_strict_foreign_site(page, site):
    policy = dict(part.split(" ", 1) for part in page.headers["content-security-policy"].split("; "))
    assert policy == {"default-src": "'none'", "style-src": "'self'", "img-src": "'self'", "script-src": site.chat,
                      "connect-src": site.chat, "base-uri": "'none'", "form-action": site.chat, "frame-ancestors": "'none'"}
    assert page.headers["referrer-policy"] == "no-referrer" and page.headers["x-content-type-options"] == "nosniff"
    assert "set-cookie" not in page.headers


def test_every_page_is_well_built(page):
    body = page.text
    assert '<html lang="nl-BE">' in body and body.count("<h1") == 1 and 'class="skip" href="#inhoud"' in body
    assert 'id="inhoud"' in body and '<nav aria-label="Hoofdmenu">' in body and "<footer" in body
    assert " style=" not in body and "<style" not in body and not re.search(r"\son\w+=", body)
    levels = [int(level) for level in re.findall(r"<h(\d)", body)]
    assert all(later - earlier <= 1 for earlier, later in zip(levels, levels[1:], strict=False))


def test_a_page_asks_nothing_of_another_site(page, site):
    sources = re.findall(r'(?:src|<link[^>]*href)="([^"]+)"', page.text)
    assert sources and all(source.startswith(("/", site.chat)) for source in sources)


def test_the_home_page_has_the_five_priorities_and_the_news(site):
    body = httpx.get(site.url).text
    labels = [item.label for id, item in topics.load().priorities.items() if id != "dienstverlening"]
    assert len(labels) == 5 and all(label in body for label in labels)
    assert body.count("<li>\n      <h3>") == 8


def test_contact_comes_from_the_facts(site, settings):
    known = facts.load(settings.facts_dir)
    for path in ("/", "/contact"):
        body = httpx.get(site.url + path).text
        for name in ("zone.telefoon", "zone.adres", "politie_nood.telefoon", "noodcentrale.telefoon"):
            assert known.value(name) in body


def test_nothing_that_facts_should_give_is_typed():
    raw = read_yaml(FOLDER / "contents.yml")
    for words in [*raw["priorities"].values(), *(item[key] for item in raw["news"] for key in ("title", "text"))]:
        assert not TYPED.search(words), words


def test_a_priority_without_words_is_an_error():
    with pytest.raises(TopicsError, match="inbraak"):
        contents({"priorities": {"inbraak": "x"}, "news": []})


def test_the_style_sheet_is_its_own(site):
    answer = httpx.get(f"{site.url}/stijl.css")
    assert answer.headers["content-type"] == "text/css; charset=utf-8" and "--accent: #123a63" in answer.text


@pytest.mark.parametrize("method", ["POST", "PUT"])
def test_it_only_shows_pages(site, method):
    answer = httpx.request(method, site.url, content=b"a=b")
    assert answer.status_code == 405 and "Traceback" not in answer.text and "set-cookie" not in answer.headers


def test_it_listens_on_loopback_only_and_says_when_it_cannot():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        ended = subprocess.run([sys.executable, "-m", "bot.widget.example"], cwd=ROOT, capture_output=True, text=True, timeout=60,
                               env={**os.environ, "SITE_PORT": str(port)})
    assert ended.returncode == 1 and f"SITE_PORT {port}" in ended.stderr and command.LOOPBACK == "127.0.0.1"


def test_another_port_than_the_profile_knows_is_said():
    assert command.not_allowed(load({})) == ""
    assert "http://localhost:8001" in command.not_allowed(load({"SITE_PORT": "8001"}))
