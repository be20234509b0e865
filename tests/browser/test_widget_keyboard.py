"""The chat by keyboard alone, and what a screen reader is told."""

from benchmarks.talk import Talk, fake

CONTROLS = """() => [...document.querySelector("wijkwijzer-chat").shadowRoot.querySelectorAll(
    "a[href], button, textarea, [tabindex='0']")].filter(part => part.checkVisibility()).length"""
FOCUS = """() => { const part = document.querySelector("wijkwijzer-chat").shadowRoot.activeElement;
    if (!part) return null;
    const box = part.getBoundingClientRect(), style = getComputedStyle(part), root = part.getRootNode();
    const under = root.elementFromPoint(box.left + box.width / 2, box.top + Math.min(box.height, 40) / 2);
    return { what: part.outerHTML.slice(0, 90),
        name: (part.ariaLabel || part.labels?.[0]?.textContent || part.textContent).trim(),
        outline: style.outlineStyle === "none" ? 0 : parseFloat(style.outlineWidth), width: box.width, height: box.height,
        inline: style.display === "inline", main: part.matches("button, .exit, .call"),
        seen: box.top < innerHeight && box.bottom > 0, covered: !(under && (part.contains(under) || under.contains(part))) } }"""
LIVE_PARTS = "[aria-live], [role=log], [role=status], [role=alert]"
LIVE = """() => { window.heard = [];
    const region = document.querySelector("wijkwijzer-chat > [role=log]");
    new MutationObserver(all => all.forEach(({ addedNodes }) => addedNodes.forEach(node => heard.push(node.textContent))))
        .observe(region, { childList: true }) }"""


def test_a_whole_conversation_by_keyboard(chromium, zone):
    def look(visit):
        talk = Talk(visit.page, zone)
        page = talk.page
        for _ in range(60):
            page.keyboard.press("Tab")
            if "Chat met de assistent" in talk.focused():
                break
        else:
            raise AssertionError("the button that opens the chat is not reached")
        page.keyboard.press("Enter")
        talk.idle()
        assert talk.focused() == "text"
        page.keyboard.type("mijn fiets is gestolen")
        page.keyboard.press("Shift+Enter")
        page.keyboard.type("wat nu")
        assert talk.field.input_value() == "mijn fiets is gestolen\nwat nu"
        page.keyboard.press("Enter")
        page.wait_for_function("() => document.querySelector('wijkwijzer-chat').shadowRoot.querySelectorAll('.own').length === 1")
        talk.idle()
        assert talk.focused() == "text", "the focus moved when the answer came"
        assert "fiets" in talk.text().lower()
        for _ in range(20):
            page.keyboard.press("Shift+Tab")
            if "Ja" == talk.focused():
                break
        page.keyboard.press("Enter")
        talk.idle()
        assert talk.focused() == "Ja"
        assert talk.button("Ja").get_attribute("aria-pressed") == "true"
        talk.button("Meer").focus()
        page.keyboard.press("Enter")
        assert talk.focused() == "Wis dit gesprek"
        page.keyboard.press("Escape")
        assert talk.focused() == "Meer" and talk.button("Meer").get_attribute("aria-expanded") == "false"
        page.keyboard.press("Escape")
        assert talk.focused() == "Terug naar je gesprek" and talk.widget.locator(".panel").is_hidden()

    chromium.look(zone.url, look)


def test_every_control_is_reached_named_large_enough_and_not_hidden(chromium, zone):
    def look(visit):
        talk = Talk(visit.page, zone).open().say("help hij slaat mij nu")
        talk.button("Meer").click()
        talk.widget.locator(".exit").focus()
        talk.page.keyboard.press("Tab")
        talk.page.keyboard.press("Shift+Tab")
        found = []
        for _ in range(80):
            state = talk.page.evaluate(FOCUS)
            if state is None:
                break
            found.append(state)
            talk.page.keyboard.press("Tab")
        assert len({state["what"] for state in found}) <= len(found) == talk.page.evaluate(CONTROLS)
        for state in found:
            assert state["name"], state
            assert state["outline"] >= 2, f"no focus to see: {state}"
            assert state["seen"] and not state["covered"], f"behind something: {state}"
            assert state["inline"] or min(state["width"], state["height"]) >= (44 if state["main"] else 24) - 0.5, state

    chromium.look(zone.url, look, reduced_motion="reduce")  # else the transcript is still on its way


def test_nothing_is_sent_while_a_character_is_being_composed(chromium, zone):
    def look(visit):
        talk = Talk(visit.page, zone).open()
        talk.field.fill("にほん")
        talk.field.dispatch_event("keydown", {"key": "Enter", "isComposing": True})
        talk.page.wait_for_timeout(200)
        assert talk.field.input_value() == "にほん" and talk.widget.locator(".own").count() == 0

    chromium.look(zone.url, look)


def test_one_live_region_says_each_turn_once_and_is_emptied(chromium, zone):
    def look(visit):
        talk = Talk(visit.page, zone)
        page = talk.page
        assert page.locator("[role=log]").count() == 1
        assert page.locator("wijkwijzer-chat > [role=log]").inner_text() == ""
        page.evaluate(LIVE)
        talk.open()
        page.wait_for_timeout(2200)
        welcome = page.evaluate("heard.splice(0)")
        assert len(welcome) == 1 and welcome[0].startswith("Assistent: Dag!") and "Inbraak in huis of zaak" in welcome[0]
        assert page.locator("wijkwijzer-chat > [role=log]").inner_text() == ""
        talk.say("mijn fiets is gestolen")
        said = [text for text in page.evaluate("heard.splice(0)") if "Schrijft" not in text]
        assert [text[:11] for text in said] == ["Assistent: "]
        assert page.locator("wijkwijzer-chat .scroll").locator(LIVE_PARTS).count() == 0

    chromium.look(zone.url, look)


def test_writing_is_said_only_when_it_takes_long(chromium, zone):
    def look(visit):
        talk = Talk(visit.page, zone).open()
        talk.page.wait_for_timeout(300)
        talk.page.evaluate(LIVE)
        fake(talk.page, {"messages": []})  # at once, however busy this machine is
        talk.field.fill("dag")
        talk.field.press("Enter")
        talk.page.wait_for_timeout(1700)
        assert not any("Schrijft" in text for text in talk.page.evaluate("heard.splice(0)"))
        talk.page.unroute_all()
        slowly = 1900  # milliseconds
        talk.page.route("**/chat/messages", lambda route: (talk.page.wait_for_timeout(slowly), route.continue_()))
        talk.say("en hoe lang duurt dat?")
        assert talk.page.evaluate("heard")[0] == "Assistent: Schrijft..."

    chromium.look(zone.url, look)
