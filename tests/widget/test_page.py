"""The page as it is rendered: what the assistant or a resident sends is text, and the numbers always stand there."""

import re
from html.parser import HTMLParser

import pytest
from markupsafe import escape

from bot import facts
from bot.problems import TITLES
from bot.widget import files
from bot.widget.page import ChatPage
from tests.widget.builds import build

XSS = ["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "</textarea><script>alert(1)</script>", "{{ 7 * 7 }}",
       "' onfocus='alert(1)", "<svg/onload=alert(1)>"]


@pytest.fixture
def page(tmp_path, settings):
    return ChatPage(facts.load(settings.facts_dir), files.load(build(tmp_path)))


def message(text="Dag", **fields):
    return {"kind": "answer", "topic": None, "lang": "nl", "text": text, "buttons": [], "links": [], **fields}


class Elements(HTMLParser):
    """Collects every element of a page with the names of its attributes."""

    def __init__(self):
        super().__init__()
        self.found = []

    def handle_starttag(self, tag, attrs):
        """Keep it."""
        self.found.append((tag, [name for name, _ in attrs]))


def elements(body):
    parser = Elements()
    parser.feed(body)
    return parser.found


def rendered(answer):
    return answer.body.decode()


@pytest.mark.parametrize("attack", XSS)
def test_whatever_is_sent_stays_text(page, attack):
    for body in (rendered(page.problem(413, "token", attack)), rendered(page.answer(attack, [message(
            attack + f"\n\n- {attack}", links=[{"title": attack, "url": "https://a.be/" + attack}],
            buttons=[{"id": attack, "title": attack}], lang="fr")]))):
        names = [name for tag, attributes in elements(body) for name in (tag, *attributes)]
        assert not {"script", "img"} & set(names) and not any(name.startswith("on") for name in names)
        assert names.count("svg") == 1, "the mark of the zone and no other drawing"
        assert "49" not in body and len(elements(body)) == len(elements(body.replace(escape(attack), "x")))


@pytest.mark.parametrize("url", ["javascript:alert(1)", "http://a.be", "data:text/html,x", " https://a.be", "//a.be", "",
                                 "JAVASCRIPT:x"])
def test_only_safe_addresses_are_links(page, url):
    assert "Ergens" not in rendered(page.answer("t", [message(links=[{"title": "Ergens", "url": url}])]))


def test_headings_lists_and_line_breaks_are_real_ones(page):
    body = rendered(page.answer("t", [message("Een\nTwee\n\nDaarna:\n- a\n- b\n\n1. x")]))
    assert "<p>Een<br>Twee</p>" in body and "<h3>Daarna:</h3>" in body
    assert re.search(r"<ul>\s*<li>a</li>\s*<li>b</li>\s*</ul>", body) and re.search(r"<ol>\s*<li>x</li>\s*</ol>", body)


def test_another_language_is_named_and_finds_its_direction(page):
    body = rendered(page.answer("t", [message("هل أنت في خطر؟", lang="ar"), message("Dag")]))
    assert '<div class="message answer" lang="ar" dir="auto">' in body and '<div class="message answer">' in body


def test_an_emergency_shows_the_numbers_before_its_words(page):
    links = [{"title": "politie", "url": "tel:101"}]
    body = rendered(page.answer("t", [message("Zeg waar het is.", kind="emergency", links=links)]))
    answer = body[body.index("<main>"):]
    assert answer.index("tel:101") < answer.index("Zeg waar het is.")


@pytest.mark.parametrize("status", TITLES)
def test_a_problem_is_a_sentence_with_the_numbers(page, status):
    answer = page.problem(status, "token", "mijn tekst")
    body = rendered(answer)
    assert answer.status == status and TITLES[status] in body and 'role="alert"' in body
    assert body.count("tel:101") == body.count("tel:112") == 2
    assert ("mijn tekst" in body) == (status in (413, 429, 503))


def test_an_unknown_status_is_a_500(page):
    assert page.problem(418).status == 500


def test_only_the_opening_page_loads_the_script(page):
    assert "<script src=" in rendered(page.start()) and "<wijkwijzer-chat full" in rendered(page.start())
    for answer in (page.answer("t", [message()]), page.stopped(), page.problem(503, "t", "x")):
        assert "<script" not in rendered(answer) and "<wijkwijzer-chat" not in rendered(answer)
