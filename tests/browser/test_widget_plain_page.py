"""The page of the chat where the script does not run: blocked, too old a browser, or no network for it."""

import re

import pytest

from benchmarks.talk import ROUTE, Talk
from tests.browser.conftest import PHONE
from tests.browser.test_widget_axe import violations

SCRIPT = re.compile(r"/chat/widget/wijkwijzer-chat-")
WIDE = "document.documentElement.scrollWidth - innerWidth"
OLD = "delete AbortSignal.timeout"


def arrive(visit, zone):
    """The page with its script blocked; axe itself needs a browser that runs scripts."""
    visit.page.route(SCRIPT, lambda route: route.abort())
    return Talk(visit.page, zone, full=True)


def ask(talk, text):
    """Send a message and wait for the whole page that answers it, its style sheet too."""
    talk.page.locator("textarea").fill(text)
    with talk.page.expect_navigation(wait_until="load"):
        talk.page.get_by_role("button", name="Verstuur").click()
    talk.page.locator(".message").first.wait_for()


QUESTIONS = {
    "start": None,
    "answer": "mijn fiets is gestolen",
    "emergency": "help hij slaat mij nu",
    "question": "mijn man slaat mij",
    "route": ROUTE,
    "Arabic": "مرحبا أحتاج إلى مساعدة من الشرطة",
}


@pytest.mark.parametrize("state", QUESTIONS)
def test_nothing_is_wrong_without_the_script(chromium, zone, state):
    def look(visit):
        talk = arrive(visit, zone)
        if QUESTIONS[state]:
            ask(talk, QUESTIONS[state])
        found = violations(talk)
        talk.page.emulate_media(color_scheme="dark")
        return found + violations(talk)

    assert chromium.look(zone.chat, look) == []


def test_a_route_has_its_headings_without_the_script(chromium, zone):
    def look(visit):
        talk = arrive(visit, zone)
        ask(talk, ROUTE)
        headings = talk.page.locator(".route h3").all_inner_texts()
        assert {"Eerst", "Bewaar", "Politie"} <= set(headings), headings

    chromium.look(zone.chat, look)


def test_a_message_that_is_empty_or_a_conversation_that_is_wiped_is_a_page_without_faults(chromium, zone):
    def look(visit):
        talk = arrive(visit, zone)
        ask(talk, "mijn fiets is gestolen")
        talk.page.get_by_role("button", name="Wis dit gesprek en stop").click()
        talk.page.get_by_text("Dit gesprek is gewist").wait_for()
        assert "fiets" not in talk.page.locator("main").inner_text().lower()
        return violations(talk)

    assert chromium.look(zone.chat, look) == []


@pytest.mark.parametrize("text", ["16px", "32px"])
def test_nothing_is_wider_than_a_phone_without_the_script(chromium, zone, text):
    def look(visit):
        talk = arrive(visit, zone)
        ask(talk, QUESTIONS["route"])
        talk.page.evaluate("size => document.documentElement.style.fontSize = size", text)
        return talk.page.evaluate(WIDE)

    assert chromium.look(zone.chat, look, viewport=PHONE) <= 0


def test_a_browser_that_is_too_old_gets_a_link_to_the_page(chromium, zone):
    def look(visit):
        visit.page.add_init_script(OLD)
        talk = Talk(visit.page, zone)
        link = talk.page.locator("body > a").last
        assert link.inner_text() == "Chat met de assistent" and talk.widget.count() == 0
        link.click()
        ask(talk, "mijn fiets is gestolen")
        return talk.page.locator("main").inner_text().lower()

    assert "fiets" in chromium.look(zone.url, look)
