"""Every control of the chat: named for a screen reader, reached in order, and never behind something, also on a phone."""

import pytest

from benchmarks.talk import ROUTE, Talk
from tests.browser.conftest import DESKTOP, PHONE

REACHABLE = """[...document.querySelector("wijkwijzer-chat").shadowRoot
    .querySelectorAll("a[href], button, textarea, [tabindex='0']")].filter(part => part.checkVisibility())"""
PLACE = f"""() => {{ const root = document.querySelector("wijkwijzer-chat").shadowRoot, part = root.activeElement;
    if (!part) return null;
    const box = part.getBoundingClientRect(), top = root.querySelector(".top").getBoundingClientRect();
    const y = Math.min(Math.max(box.top, 0) + 10, box.bottom - 2), under = root.elementFromPoint(box.left + box.width / 2, y);
    return {{ place: {REACHABLE}.indexOf(part), what: part.outerHTML.slice(0, 90),
        seen: box.top < innerHeight - 4 && box.bottom > 4 && box.left >= 0 && box.right <= innerWidth + 1,
        underTop: !part.closest(".top") && !part.matches(".scroll") && box.bottom <= top.bottom,
        covered: !(under && (part.contains(under) || under.contains(part))) }} }}"""
COVERED = f"""() => {REACHABLE}.filter(part => {{
    part.scrollIntoView({{ block: "nearest", behavior: "instant" }});
    const box = part.getBoundingClientRect(), root = part.getRootNode();
    const shown = [0.1, 0.5, 0.9].some(share => {{
        const under = root.elementFromPoint(box.left + box.width / 2, box.top + box.height * share);
        return under && (part.contains(under) || under.contains(part));
    }});
    return !shown || box.right > innerWidth + 1 || box.left < -1;
}}).map(part => part.outerHTML.slice(0, 90))"""
LARGE = "document.documentElement.style.fontSize = '32px'"
NAMELESS_IS_FINE = {"RootWebArea", "generic", "main"}


def focusable(page):
    """(role, name) of everything in the accessibility tree that takes the focus."""
    session = page.context.new_cdp_session(page)
    nodes = session.send("Accessibility.getFullAXTree")["nodes"]
    found = []
    for node in nodes:
        properties = {one["name"]: one["value"].get("value") for one in node.get("properties", ())}
        if properties.get("focusable") and not node["ignored"] and node["role"]["value"] not in NAMELESS_IS_FINE:
            found.append((node["role"]["value"], node.get("name", {}).get("value", "").strip()))
    return found


@pytest.mark.parametrize("full", [False, True])
def test_everything_that_takes_the_focus_has_a_role_and_a_name(chromium, zone, full):
    def look(visit):
        talk = Talk(visit.page, zone, full=full).begin()
        talk.say("help hij slaat mij nu")
        talk.button("Meer").click()
        found = focusable(talk.page)
        assert all(name for _, name in found), found
        expected = {("link", "Verlaat deze pagina"), ("textbox", "Je bericht"), ("button", "Verstuur"), ("button", "Meer"),
                    ("button", "Wis dit gesprek"), ("button", "Grotere tekst"), ("link", "112"), ("link", "101")}
        assert expected <= set(found), expected - set(found)
        assert {role for role, _ in found} <= {"link", "button", "textbox", "group", "heading"}, found

    chromium.look(zone.url, look)


def test_the_button_that_opens_says_so_and_the_panel_has_a_name(chromium, zone):
    def look(visit):
        talk = Talk(visit.page, zone)
        launch = talk.widget.locator(".launch")
        assert launch.evaluate("part => [part.tagName, part.getAttribute('aria-expanded')]") == ["BUTTON", "false"]
        talk.open()
        assert talk.page.get_by_role("region", name="Hulp en advies").is_visible()
        assert launch.get_attribute("aria-expanded") == "true"
        talk.button("Meer").click()
        assert talk.button("Meer").get_attribute("aria-expanded") == "true"
        talk.button("Sluit").click()
        assert launch.get_attribute("aria-expanded") == "false" and talk.focused() == "Terug naar je gesprek"

    chromium.look(zone.url, look)


@pytest.mark.parametrize("full, viewport, text", [(False, PHONE, "null"), (False, PHONE, LARGE), (True, PHONE, LARGE),
                                                  (True, DESKTOP, "null")])
def test_tab_goes_through_the_controls_in_their_order_and_none_is_behind_something(chromium, zone, full, viewport, text):
    def look(visit):
        talk = Talk(visit.page, zone, full=full).begin()
        talk.page.evaluate(text)
        talk.say("help hij slaat mij nu")
        talk.button("Meer").click()
        talk.page.keyboard.press("Escape")
        talk.widget.locator(".exit").focus()
        for place in range(talk.page.evaluate(f"{REACHABLE}.length")):
            state = talk.page.evaluate(PLACE)
            assert state and state["place"] == place, state
            assert state["seen"] and not state["covered"] and not state["underTop"], state
            talk.page.keyboard.press("Tab")
        assert talk.page.evaluate(PLACE) is None, "the focus does not leave the chat"

    chromium.look(zone.url, look, reduced_motion="reduce", viewport=viewport)


@pytest.mark.parametrize("full", [False, True])
@pytest.mark.parametrize("menu", [False, True])
def test_every_control_can_be_brought_into_view_on_a_phone_with_twice_the_text(chromium, zone, full, menu):
    def look(visit):
        talk = Talk(visit.page, zone, full=full).begin()
        talk.page.evaluate(LARGE)
        talk.say(ROUTE)
        if menu:
            talk.menu("Print het gesprek")
        return talk.page.evaluate(COVERED)

    assert chromium.look(zone.url, look, viewport=PHONE, reduced_motion="reduce") == []


@pytest.mark.parametrize("viewport", [{"width": 640, "height": 320}, {"width": 1280, "height": 600}])
def test_every_control_can_be_brought_into_view_on_a_low_screen(chromium, zone, viewport):
    def look(visit):
        talk = Talk(visit.page, zone).open().say(ROUTE)
        talk.menu("Print het gesprek")
        return talk.page.evaluate(COVERED)

    assert chromium.look(zone.url, look, viewport=viewport, reduced_motion="reduce") == []


@pytest.mark.parametrize(("viewport", "stays"), [(PHONE, False), (DESKTOP, True)])
def test_what_has_the_focus_in_the_page_is_not_behind_the_chat(chromium, zone, viewport, stays):
    def look(visit):
        talk = Talk(visit.page, zone).open().say("mijn fiets is gestolen")
        talk.page.locator("main a").first.focus()
        assert talk.widget.locator(".panel").is_visible() == stays
        assert talk.page.evaluate("document.activeElement.tagName") == "A"
        if not stays:
            talk.widget.locator(".launch", has_text="Terug naar je gesprek").click()
        assert "fiets" in talk.text().lower()

    chromium.look(zone.url, look, viewport=viewport)


@pytest.mark.parametrize("what", ["Print het gesprek", "Bewaar als tekst"])
def test_a_warning_takes_the_focus_so_that_enter_wipes_nothing(chromium, zone, what):
    def look(visit):
        talk = Talk(visit.page, zone).open().say("mijn man slaat mij")
        talk.button("Meer").click()
        talk.button(what).focus()
        talk.page.keyboard.press("Enter")
        talk.widget.locator(".ask").wait_for()
        talk.page.keyboard.press("Enter")
        assert "slaat" in talk.text(), "the conversation was wiped"
        assert talk.widget.locator(".ask").evaluate("box => box.matches(':focus-within')")
        talk.page.keyboard.press("Escape")
        assert talk.focused() == "Meer"

    chromium.look(zone.url, look)
