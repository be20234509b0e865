"""The chat on a small screen, with large text, in other colours, from right to left; routes as real headings and lists."""

import pytest

from benchmarks.talk import ROUTE, Talk
from tests.browser.conftest import PHONE

SPACING = """() => { const wide = new CSSStyleSheet();
    wide.replaceSync(`* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important }
    p { margin-block-end: 2em !important }`);
    const root = document.querySelector("wijkwijzer-chat").shadowRoot;
    root.adoptedStyleSheets = [...root.adoptedStyleSheets, wide] }"""
LOST = """() => { const root = document.querySelector("wijkwijzer-chat").shadowRoot;
    const parts = [...root.querySelectorAll(".panel *:not(.hidden):not(option)")].filter(part => part.checkVisibility());
    return { page: document.documentElement.scrollWidth - innerWidth,
        panel: root.querySelector(".panel").scrollWidth - root.querySelector(".panel").clientWidth,
        wide: parts.filter(part => part.getBoundingClientRect().right > innerWidth + 1).map(part => part.outerHTML.slice(0, 90)),
        cut: parts.filter(part => part.matches("button, a, p, h2, h3, li") && part.scrollWidth > part.clientWidth + 1
            && getComputedStyle(part).display !== "inline").map(part => part.outerHTML.slice(0, 90)) } }"""
PAINT = "part => { const s = getComputedStyle(part); return [s.backgroundColor, s.color, s.borderTopWidth] }"
NOTHING_LOST = {"page": 0, "panel": 0, "wide": [], "cut": []}


@pytest.mark.parametrize("change", ["document.documentElement.style.fontSize = '32px'", SPACING, "null"])
@pytest.mark.parametrize("full", [False, True])
def test_nothing_is_lost_at_320_pixels_with_twice_the_text_or_more_space(chromium, zone, change, full):
    def look(visit):
        talk = Talk(visit.page, zone, full=full).begin()
        talk.page.evaluate(change)
        talk.say(ROUTE)
        talk.button("Meer").click()
        lost = talk.page.evaluate(LOST)
        assert lost == NOTHING_LOST, lost
        for part in (talk.widget.locator(".exit"), talk.button("Meer"), *([] if full else [talk.button("Sluit")])):
            box = part.bounding_box()
            assert box and 0 <= box["y"] <= PHONE["height"] - box["height"], "a control that must always be there is not"
        talk.field.scroll_into_view_if_needed()
        assert talk.field.bounding_box()["height"] >= 44

    chromium.look(zone.url, look, viewport=PHONE)


@pytest.mark.parametrize("preference", [{"forced_colors": "active"}, {"color_scheme": "dark"}, {"reduced_motion": "reduce"}])
def test_other_colours_and_less_motion_lose_no_control(chromium, zone, preference):
    def look(visit):
        talk = Talk(visit.page, zone).open().say("help hij slaat mij nu")
        for part in (talk.widget.locator(".exit"), talk.widget.locator(".emergency .call").first, talk.button("Verstuur")):
            ground, ink, edge = part.evaluate(PAINT)
            assert ground != ink and edge != "0px"
        if "reduced_motion" in preference:
            assert talk.widget.locator(".scroll").evaluate("part => getComputedStyle(part).scrollBehavior") == "auto"

    chromium.look(zone.url, look, **preference)


def test_the_arabic_card_runs_from_right_to_left_in_its_own_language(chromium, zone):
    def look(visit):
        talk = Talk(visit.page, zone).open().say("مرحبا أحتاج إلى مساعدة من الشرطة")
        card = talk.widget.locator(".message.language")
        assert (card.get_attribute("lang"), card.get_attribute("dir")) == ("ar", "rtl")
        assert card.locator("p").first.evaluate("part => getComputedStyle(part).direction") == "rtl"
        assert card.locator("a[href^='tel:']").count() >= 2

    chromium.look(zone.url, look)


def test_button_and_panel_have_the_colours_and_the_mark_of_the_zone(chromium, zone):
    def look(visit):
        talk = Talk(visit.page, zone)
        day = talk.widget.locator(".launch").evaluate(PAINT)
        assert day[:2] == ["rgb(18, 58, 99)", "rgb(255, 255, 255)"], "the button is grey until somebody presses it"
        talk.open()
        mark = talk.widget.locator("h2 svg.logo")
        mark.wait_for()
        assert mark.bounding_box()["width"] >= 20 and mark.evaluate("part => getComputedStyle(part).fill") == "rgb(18, 58, 99)"
        assert mark.get_attribute("aria-hidden") == "true"
        assert talk.page.evaluate("window.violations") == []

    chromium.look(zone.url, look)


def test_a_route_has_headings_and_calls_and_a_sheet_has_lists(chromium, zone):
    def look(visit):
        talk = Talk(visit.page, zone).open().say(ROUTE)
        headings = talk.widget.locator(".route h3").all_inner_texts()
        assert {"Eerst", "Bewaar", "Politie"} <= set(headings), headings
        assert talk.widget.locator(".route a[href='tel:1712']").count() >= 1
        assert talk.button("Print dit").is_visible()
        talk.say("stalking, wat moet ik opschrijven")
        sheet = talk.widget.locator(".message:not(.own)").last
        assert talk.widget.locator(".message ul:not(.links) > li").count() >= 5, sheet.inner_text()

    chromium.look(zone.url, look)


def test_buttons_stay_readable_after_a_choice(chromium, zone):
    def look(visit):
        talk = Talk(visit.page, zone).open()
        talk.button("Oplichting en problemen online").click()
        talk.page.wait_for_timeout(200)
        talk.idle()
        pressed = talk.widget.locator(".choices").first.locator("button").evaluate_all(
            "all => all.map(one => [one.getAttribute('aria-pressed'), one.disabled, getComputedStyle(one).opacity])")
        assert len(pressed) == 6 and [one[0] for one in pressed].count("true") == 1
        assert all(one[1:] == [False, "1"] for one in pressed)

    chromium.look(zone.url, look)
