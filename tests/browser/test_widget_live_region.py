"""What a screen reader is told and when: a turn once, long enough to be read, in its language, and nothing that stays behind."""

from benchmarks.talk import Talk, fake

LOG = "wijkwijzer-chat > [role=log]"
WATCH = """() => { window.told = [];
    const region = document.querySelector("wijkwijzer-chat > [role=log]");
    new MutationObserver(all => all.forEach(({ addedNodes, removedNodes }) => {
        addedNodes.forEach(node => told.push({ node, text: node.textContent, lang: node.lang, from: performance.now() }));
        removedNodes.forEach(node => { told.find(one => one.node === node).until = performance.now() });
    })).observe(region, { childList: true }) }"""
TOLD = "told.map(({ text, lang, from, until }) => ({ text, lang, stayed: until - from }))"
LIVE_PARTS = """[...document.querySelector("wijkwijzer-chat").shadowRoot.querySelectorAll(
    "[aria-live], [role=log], [role=status], [role=alert]")].map(part => [part.getAttribute("role"), part.textContent])"""
ANSWER = {"kind": "answer", "topic": "lez", "lang": "nl", "text": "Eerst dit.", "links": [],
          "buttons": [{"id": "a", "title": "Eerste knop"}, {"id": "b", "title": "Tweede knop"}]}


def listening(visit, zone):
    """An open chat whose welcome was said and taken back; from now on every announcement is written down."""
    talk = Talk(visit.page, zone).open()
    talk.page.wait_for_timeout(1800)
    talk.page.evaluate(WATCH)
    return talk


def told_of(talk):
    """Every turn that was announced since WATCH, once all is gone again; a busy machine may also have said that it writes."""
    talk.page.wait_for_function("() => told.length && told.every(one => one.until)")
    return [one for one in talk.page.evaluate(TOLD) if not one["text"].endswith("Schrijft...")]


def test_the_region_is_there_before_anything_is_said_outside_of_the_shadow_and_nothing_else_is_live(chromium, zone):
    def look(visit):
        talk = Talk(visit.page, zone)
        region = talk.page.locator(LOG)
        assert region.count() == 1 and region.evaluate("part => part.childNodes.length") == 0
        assert region.evaluate("part => [part.ariaLive, getComputedStyle(part).display]") == ["polite", "block"]
        talk.open().say("mijn fiets is gestolen")
        assert talk.page.evaluate(LIVE_PARTS) == [["alert", ""]]

    chromium.look(zone.url, look)


def test_a_turn_of_two_messages_is_one_announcement_with_its_buttons_that_stays_long_enough_and_goes(chromium, zone):
    def look(visit):
        talk = listening(visit, zone)
        fake(talk.page, {"messages": [ANSWER, {**ANSWER, "kind": "closing", "text": "En dan dit.", "buttons": []}]})
        talk.say("dag")
        (told,) = told_of(talk)
        assert told["text"].startswith("Assistent: Eerst dit.") and "En dan dit." in told["text"]
        assert "Kies: Eerste knop, Tweede knop." in told["text"]
        assert 1000 <= told["stayed"] <= 2500, told

    chromium.look(zone.url, look)


def test_an_emergency_is_said_with_its_numbers_and_so_is_what_happens_on_leaving(chromium, zone):
    def look(visit):
        talk = listening(visit, zone)
        talk.say("help hij slaat mij nu")
        (told,) = told_of(talk)
        assert "101" in told["text"] and "112" in told["text"] and "Ik ben nu veilig" in told["text"]
        assert "dan is dit gesprek meteen weg" in told["text"]

    chromium.look(zone.url, look)


def test_another_language_is_said_in_that_language(chromium, zone):
    def look(visit):
        talk = listening(visit, zone)
        talk.say("مرحبا أحتاج إلى مساعدة من الشرطة")
        assert [one["lang"] for one in told_of(talk)] == ["ar"]

    chromium.look(zone.url, look)


def test_an_answer_while_the_chat_is_closed_is_said_and_opens_nothing(chromium, zone):
    def look(visit):
        talk = listening(visit, zone)
        held = []
        talk.page.route("**/chat/messages", lambda route: held.append(route))
        talk.field.fill("mijn fiets is gestolen")
        talk.field.press("Enter")
        talk.button("Sluit").click()
        talk.page.wait_for_timeout(100)
        held[0].continue_()
        assert "fiets" in told_of(talk)[-1]["text"].lower()
        assert talk.widget.locator(".panel").is_hidden() and talk.focused() == "Terug naar je gesprek"

    chromium.look(zone.url, look)


def test_wiping_and_leaving_take_back_what_was_being_said(chromium, zone):
    def look(visit):
        talk = Talk(visit.page, zone).open().say("mijn man slaat mij")
        talk.page.wait_for_function("log => document.querySelector(log).textContent.includes('veilig')", arg=LOG)
        talk.menu("Wis dit gesprek")
        assert "veilig" not in talk.page.locator(LOG).inner_text()

    chromium.look(zone.url, look)
