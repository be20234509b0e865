"""The dashboard as people meet it: by keyboard, on a phone, enlarged, in the dark, in forced colours, on paper."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.browser.conftest import PHONE
from tests.dashboard.figures import PAGES, WITHOUT_FIGURES

FIGURES = (*PAGES, *WITHOUT_FIGURES)
EXAMPLE = tuple(f"/voorbeeld{path}" for path in ("/", "/prioriteit/cybercrime", "/afloop", "/dagdelen", "/verslag/2026-Q2"))
FIRST_DAY = ("/", "/prioriteit/cybercrime", "/themas", "/afloop", "/dagdelen", "/verslagen", "/volledigheid")
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
OPEN_ALL = "document.querySelectorAll('details').forEach(part => part.open = true)"
REACHABLE = """[...document.querySelectorAll('a[href], button, input:not([type=hidden]), select, summary, [tabindex="0"]')]
    .filter(part => part.checkVisibility({contentVisibilityAuto: true, visibilityProperty: true}))"""
FOCUSED = f"""(() => {{
    const part = document.activeElement, box = part.getBoundingClientRect(), style = getComputedStyle(part);
    const under = document.elementFromPoint(box.left + box.width / 2, Math.min(box.top + box.height / 2, innerHeight - 1));
    return {{place: {REACHABLE}.indexOf(part), name: part.outerHTML.slice(0, 120), outline: parseFloat(style.outlineWidth),
        style: style.outlineStyle, seen: box.bottom > 0 && box.top < innerHeight,
        covered: !(under && (part.contains(under) || under.contains(part))),
        width: box.width, height: box.height, inline: style.display === 'inline'}};
}})()"""
LOST = """(() => {
    const elsewhere = '.scroll, .unseen, .skip, .watermark, svg';
    const wide = [...document.body.querySelectorAll('*')]
        .filter(part => !part.closest(elsewhere) && part.getBoundingClientRect().right > innerWidth + 1)
        .map(part => part.outerHTML.slice(0, 100));
    const cut = [...document.querySelectorAll('svg text')].filter(text => {
        const box = text.getBoundingClientRect(), around = text.ownerSVGElement.getBoundingClientRect();
        return box.width && (box.right > around.right + 3 || box.left < around.left - 3);
    }).map(text => text.textContent);
    return {page: document.documentElement.scrollWidth - innerWidth, wide, cut};
})()"""


def violations(visit):
    """What axe finds wrong, as text."""
    found = Axe().run(visit.page, options=RULES).response
    assert len(found["passes"]) > 5, "axe did not run"
    return [f"{visit.page.url} {one['id']}: {node['html'][:200]} {node['failureSummary']}"
            for one in found["violations"] for node in one["nodes"]]


def in_light_and_dark(visit):
    found = []
    for scheme in ("light", "dark"):
        visit.page.emulate_media(color_scheme=scheme)
        found += violations(visit)
    return found


@pytest.mark.parametrize("path", FIGURES + EXAMPLE)
def test_axe_finds_nothing_on_pages_with_figures(chromium, released, path):
    def look(visit):
        visit.open(path).evaluate(OPEN_ALL)
        return in_light_and_dark(visit)

    assert chromium.visit(released, look) == []


@pytest.mark.parametrize("path", FIRST_DAY)
def test_axe_finds_nothing_before_the_first_release(chromium, first_day, path):
    assert chromium.visit(first_day, lambda visit: visit.open(path) and violations(visit)) == []


def test_axe_finds_nothing_on_login_and_errors(chromium, released, dashboard):
    def look_at(path, status):
        return lambda visit: visit.open(path, status) and in_light_and_dark(visit)

    assert chromium.visit(released, look_at("/inloggen", 200), login=False) == []
    assert chromium.visit(released, look_at("/bestaat-niet", 404)) == []
    assert chromium.visit(dashboard, look_at("/", 503)) == []  # without a database


def test_axe_finds_nothing_on_a_login_that_failed(chromium, released):
    def look(visit):
        page = visit.open("/inloggen")
        page.fill("#naam", "niemand")
        page.fill("#wachtwoord", "geen wachtwoord van iemand")
        page.press("#wachtwoord", "Enter")
        page.wait_for_selector("#fout")
        return violations(visit)

    assert chromium.visit(released, look, login=False) == []


@pytest.mark.parametrize("path", (*FIGURES, EXAMPLE[0], EXAMPLE[4]))
def test_every_control_is_reached_by_keyboard_in_order_with_a_focus_that_shows(chromium, released, path):
    def look(visit):
        page = visit.open(path)
        for place in range(page.evaluate(f"{REACHABLE}.length")):
            page.keyboard.press("Tab")
            focused = page.evaluate(FOCUSED)
            assert focused["place"] == place, focused
            assert focused["outline"] >= 2 and focused["style"] == "solid", focused
            assert focused["seen"] and not focused["covered"], focused
            assert focused["height"] >= 24 and focused["width"] >= 24 or focused["inline"], focused

    chromium.visit(released, look)


def test_a_period_is_chosen_and_a_table_opened_by_keyboard_alone(chromium, released):
    def look(visit):
        page = visit.open("/prioriteit/cybercrime")
        page.focus("select")
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Tab")
        with page.expect_navigation():
            page.keyboard.press("Enter")
        assert page.url.endswith("?periode=2026-M09") and "September 2026" in page.inner_text(".lead")
        page.focus("summary")
        page.keyboard.press("Enter")
        assert page.locator("table").first.is_visible()

    chromium.visit(released, look)


def test_the_skip_link_leads_to_the_content(chromium, released):
    def look(visit):
        page = visit.open("/")
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        return page.evaluate("document.activeElement.id")

    assert chromium.visit(released, look) == "inhoud"


@pytest.mark.parametrize("path", (*FIGURES, "/voorbeeld/", "/voorbeeld/dagdelen", "/inloggen", "/bestaat-niet"))
def test_nothing_is_lost_on_a_narrow_screen_or_with_large_text(chromium, released, path):
    def look(visit):
        page = visit.page
        page.goto(visit.url + path)
        page.evaluate(OPEN_ALL)
        for width, text in ((320, "100%"), (320, "200%"), (640, "200%")):
            page.set_viewport_size({**PHONE, "width": width})
            page.evaluate("size => document.documentElement.style.fontSize = size", text)
            lost = page.evaluate(LOST)
            assert lost["page"] <= 0 and not lost["wide"] and not lost["cut"], (width, text, lost)

    chromium.visit(released, look, login=path != "/inloggen")


def test_the_newest_bars_are_what_a_phone_shows_first(chromium, released):
    def look(visit):
        page = visit.open("/voorbeeld/prioriteit/cybercrime")
        return page.evaluate("""(() => {
            const chart = document.querySelector('.late');
            const last = [...chart.querySelectorAll('.value')].at(-1).getBoundingClientRect();
            return [chart.scrollWidth > chart.clientWidth, last.right <= innerWidth && last.left >= 0];
        })()""")

    assert chromium.visit(released, look, viewport=PHONE) == [True, True]


def test_no_page_breaks_its_own_policy_or_asks_anything_of_a_stranger(chromium, released):
    def look(visit):
        for path in (*FIGURES, *EXAMPLE):
            assert visit.open(path).evaluate("window.violations") == [], path
        assert visit.requests and not [url for url in visit.requests if not url.startswith(visit.url + "/")]

    chromium.visit(released, look)


def test_the_policy_is_in_force(chromium, released):
    def look(visit):
        page = visit.open("/")
        page.evaluate("""() => { const own = document.createElement('style'); own.textContent = 'body { color: red }';
                                 document.head.append(own); }""")
        page.wait_for_function("window.violations.length > 0", timeout=5000)
        return page.evaluate("window.violations[0]")

    assert chromium.visit(released, look).startswith("style-src")


@pytest.mark.parametrize("path", ("/", "/voorbeeld/prioriteit/cybercrime", "/afloop", "/dagdelen"))
def test_dark_and_forced_colours_lose_nothing(chromium, released, path):
    def look(visit):
        page = visit.open(path)
        assert len(set(page.screenshot())) > 50
        page.evaluate(OPEN_ALL)
        return page.inner_text("body"), page.evaluate("""[...document.querySelectorAll('.bar, .bar-part, .field')]
        .filter(part => {
            const style = getComputedStyle(part), ground = getComputedStyle(document.body).backgroundColor;
            return style.stroke === ground || (style.stroke === 'none' && style.fill === ground);
        }).length""")

    light, dark, forced = (chromium.visit(released, look, **preferences) for preferences in (
        {}, {"color_scheme": "dark"}, {"forced_colors": "active"}))
    assert light[0] == dark[0] == forced[0]
    assert light[1] == dark[1] == forced[1] == 0  # bars that nobody could tell from the ground


def pages_of(pdf):
    """How many sheets a printed document has."""
    return len(re.findall(rb"/Type\s*/Page\b(?!s)", pdf))


def printed(visit, path):
    return visit.open(path).pdf(prefer_css_page_size=True)


@pytest.mark.parametrize("base", ["", "/voorbeeld"])
def test_the_briefing_is_one_sheet_in_every_month(chromium, released, base):
    def look(visit):
        return {month: pages_of(printed(visit, f"{base}/briefing/2026-M{month:02d}")) for month in range(1, 11)}

    assert chromium.visit(released, look) == dict.fromkeys(range(1, 11), 1)


def test_the_report_is_a_document_of_several_sheets(chromium, released):
    assert 3 <= chromium.visit(released, lambda visit: pages_of(printed(visit, "/verslag/2026-Q3"))) <= 8


@pytest.mark.parametrize("path", ["/verslag/2026-Q3", "/briefing/2026-M10"])
def test_on_paper_there_is_no_navigation_and_every_number(chromium, released, path):
    def look(visit):
        page = visit.open(path)
        page.emulate_media(media="print")
        for part in (".top", ".foot", ".skip"):
            assert not page.locator(part).is_visible(), part
        assert page.locator("h1").is_visible() and not page.locator(".watermark").count()
        assert all(table.is_visible() for table in page.locator("table").all())

    chromium.visit(released, look)


def test_tables_behind_a_button_are_printed_too(chromium, released):
    def look(visit):
        page = visit.open("/voorbeeld/prioriteit/cybercrime")
        closed = pages_of(page.pdf(prefer_css_page_size=True))
        page.emulate_media(media="print")
        assert page.evaluate("document.querySelector('details table').getBoundingClientRect().height") > 50
        return closed

    assert chromium.visit(released, look) > 1


def test_an_invented_document_says_so_on_every_sheet(chromium, released):
    def look(visit):
        page = visit.open("/voorbeeld/verslag/2026-Q3")
        page.emulate_media(media="print")
        mark = page.locator(".watermark")
        assert mark.is_visible() and mark.inner_text() == "VERZONNEN VOORBEELD"
        return mark.evaluate("part => getComputedStyle(part).position")

    assert chromium.visit(released, look) == "fixed"  # browsers repeat it on each sheet
