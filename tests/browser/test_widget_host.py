"""The chat on websites of others: its words stay Dutch and readable whatever their page does, and it is there fast."""

from benchmarks.talk import Talk

FOREIGN = "document.documentElement.lang = 'fr'; document.documentElement.dir = 'rtl'"
HOSTILE = """() => { const own = new CSSStyleSheet();
    own.replaceSync(`* { color: #777 !important; font-size: 9px !important; letter-spacing: 1px }
        button { display: none !important } a { background: #777 !important } ol, ul, li { float: right }`);
    document.adoptedStyleSheets = [own] }"""
STYLE = "part => { const style = getComputedStyle(part); return [style.fontSize, style.color, style.letterSpacing, style.float] }"
LANGUAGES = """part => { const found = [];
    for (let node = part; node; node = node.parentNode ?? node.host) if (node.lang) found.push(node.lang);
    return found[0] }"""
SOON = 1.5  # seconds between opening and the first message


def test_the_policy_of_the_page_is_in_force_and_the_chat_is_of_another_origin(chromium, zone):
    def look(visit):
        talk = Talk(visit.page, zone)
        assert not zone.chat.startswith(zone.url)
        talk.page.evaluate("""() => { const own = document.createElement('style'); own.textContent = 'body { color: red }';
                                      document.head.append(own) }""")
        talk.page.wait_for_function("window.violations.length > 0", timeout=5000)
        return talk.page.evaluate("window.violations[0]")

    assert chromium.look(zone.url, look).startswith("style-src")


def test_the_chat_is_dutch_and_left_to_right_on_a_page_that_is_not(chromium, zone):
    def look(visit):
        talk = Talk(visit.page, zone)
        talk.page.evaluate(FOREIGN)
        talk.open()
        for part in (".message", ".launch", ".exit", "form"):
            assert talk.widget.locator(part).first.evaluate(LANGUAGES) == "nl-BE", part
            assert talk.widget.locator(part).first.evaluate("part => getComputedStyle(part).direction") == "ltr", part
        assert talk.page.locator("[role=log]").evaluate(LANGUAGES) == "nl-BE"

    chromium.look(zone.url, look)


def test_dutch_words_in_a_message_of_another_language_say_that_they_are_dutch(chromium, zone):
    def look(visit):
        talk = Talk(visit.page, zone).open().say("مرحبا أحتاج إلى مساعدة من الشرطة")
        card = talk.widget.locator(".message.language")
        assert card.locator("p").first.evaluate(LANGUAGES) == "ar"
        assert card.locator(".sender").evaluate(LANGUAGES) == "nl-BE"
        assert card.locator("a .hidden").first.evaluate(LANGUAGES) == "nl-BE"

    chromium.look(zone.url, look)


def test_style_sheets_of_the_page_do_not_reach_the_chat(chromium, zone):
    def look(visit):
        talk = Talk(visit.page, zone).open()
        parts = [talk.widget.locator(part).first for part in (".message p", ".send", ".choices button", ".list li")]
        before = [part.evaluate(STYLE) for part in parts]
        talk.page.evaluate(HOSTILE)
        assert [part.evaluate(STYLE) for part in parts] == before
        assert talk.button("Verstuur").is_visible()

    chromium.look(zone.url, look)


def test_the_first_message_is_there_soon_after_opening(chromium, zone):
    def look(visit):
        Talk(visit.page, zone).open()  # the server has answered before
        talk = Talk(visit.page, zone, "/contact")
        talk.page.evaluate("sessionStorage.clear()")
        talk = Talk(visit.page, zone)
        return talk.page.evaluate("""() => new Promise(done => {
            const start = performance.now(), root = document.querySelector("wijkwijzer-chat").shadowRoot;
            new MutationObserver(() => root.querySelector(".message") && done((performance.now() - start) / 1000))
                .observe(root, { childList: true, subtree: true });
            root.querySelector(".launch").click() })""")

    assert chromium.look(zone.url, look) < SOON


def test_the_full_page_has_one_way_out_and_it_leaves_nothing(chromium, zone):
    def look(visit):
        page = visit.page
        page.route("https://www.google.be/**", lambda route: route.fulfill(body="ergens anders", content_type="text/html"))
        talk = Talk(visit.page, zone, full=True).idle().say("mijn fiets is gestolen")
        assert [one.is_visible() for one in page.locator("a.exit").all()].count(True) == 1
        page.locator("a.exit:visible").click()
        page.wait_for_url("https://www.google.be/**")
        page.goto(f"{zone.chat}/chat/health")
        assert talk.token() is None
        page.goto(f"{zone.chat}/chat")
        return talk.idle().text()

    assert "gestolen" not in chromium.look(zone.url, look)
