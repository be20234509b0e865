"""axe finds nothing wrong with the chat in any of its states, by day and in the dark."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from benchmarks.talk import RULES, Talk


def violations(talk):
    found = Axe().run(talk.page, options=RULES).response
    assert len(found["passes"]) > 5, "axe did not run"
    return [f"{one['id']}: {node['html'][:200]} {node['failureSummary']}" for one in found["violations"] for node in one["nodes"]]


def offline(talk):
    talk.page.context.set_offline(True)
    talk.field.fill("dag")
    talk.field.press("Enter")
    talk.widget.locator(".alert").wait_for()


def too_long(talk):
    talk.field.fill("a" * 2001)
    talk.field.press("Enter")
    talk.widget.locator(".alert").wait_for()


STATES = {
    "closed": lambda talk: None,
    "welcome": lambda talk: talk.open(),
    "answer": lambda talk: talk.open().say("hoe beveilig ik mijn voordeur tegen inbrekers"),
    "emergency": lambda talk: talk.open().say("help hij slaat mij nu"),
    "question": lambda talk: talk.open().say("mijn man slaat mij"),
    "route": lambda talk: talk.open().say("mijn man heeft mij gisteren geslagen, ik ben nu veilig bij mijn zus"),
    "suggestions": lambda talk: talk.open().say("wat moet ik doen"),
    "menu": lambda talk: talk.open().button("Meer").click(),
    "warning": lambda talk: talk.open().say("mijn man slaat mij") and talk.menu("Print het gesprek"),
    "offline": lambda talk: offline(talk.open()),
    "too long": lambda talk: too_long(talk.open()),
    "language": lambda talk: talk.open().say("مرحبا أحتاج إلى مساعدة من الشرطة"),
    "larger": lambda talk: talk.open().menu("Grotere tekst"),
}
KINDS = ("answer", "emergency", "question", "route", "suggestions", "language")  # states that are a kind of message


@pytest.mark.parametrize("state", STATES)
def test_nothing_is_wrong(chromium, zone, state):
    def look(visit):
        talk = Talk(visit.page, zone)
        STATES[state](talk)
        talk.page.wait_for_timeout(100)
        assert state not in KINDS or talk.widget.locator(f".message.{state}").count(), talk.text()
        found = violations(talk)
        talk.page.emulate_media(color_scheme="dark")
        return found + violations(talk)

    assert chromium.look(zone.url, look) == []


@pytest.mark.parametrize("scripts", [True, False])
def test_nothing_is_wrong_on_the_full_page_with_and_without_script(chromium, zone, scripts):
    def look(visit):
        talk = Talk(visit.page, zone, full=True)
        if scripts:
            talk.idle().say("mijn fiets is gestolen")
        return violations(talk)

    if scripts:
        assert chromium.look(zone.chat, look) == []
        return

    def without(visit):
        visit.page.goto(f"{zone.chat}/chat")
        visit.page.locator("textarea").fill("mijn fiets is gestolen")
        visit.page.get_by_role("button", name="Verstuur").click()
        return visit.page.locator("main").inner_text(), visit.page.locator("header a[href^='tel:']").count()

    text, numbers = chromium.look(zone.chat, without, java_script_enabled=False)
    assert "fiets" in text.lower() and numbers == 2


@pytest.mark.parametrize("path", ["/", "/contact"])
def test_nothing_is_wrong_on_the_example_pages(chromium, zone, path):
    assert chromium.look(zone.url, lambda visit: violations(Talk(visit.page, zone, path))) == []
