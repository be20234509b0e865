"""What the chat leaves behind on a device and asks of others: as little as can be, and nothing after something sensitive."""

import pytest

from benchmarks.talk import Talk, alive

EXIT = "https://www.google.be"
SENSITIVE = "mijn man slaat mij"
KEPT = "({ cookies: document.cookie, local: localStorage.length, session: Object.keys(sessionStorage) })"
BACK = "window.dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))"


def exit_page(page):
    """A stub in the place of the neutral site."""
    page.route(f"{EXIT}/**", lambda route: route.fulfill(body="<title>elders</title>ergens anders", content_type="text/html"))


def test_a_strict_foreign_page_has_no_violation_and_nobody_else_is_asked_anything(chromium, zone):
    def look(visit):
        talk = Talk(visit.page, zone)
        talk.page.wait_for_timeout(300)
        before = [url for url in visit.requests if url.startswith(zone.chat)]
        assert [url.rpartition("/")[2].startswith("wijkwijzer-chat-") for url in before] == [True], before
        talk.open().say("mijn fiets is gestolen").say("mijn man heeft mij gisteren geslagen, ik ben nu veilig bij mijn zus")
        talk.menu("Grotere tekst")
        assert talk.page.evaluate("window.violations") == []
        assert [url for url in visit.requests if not url.startswith((zone.chat, zone.url))] == []

    chromium.look(zone.url, look)


def test_the_tab_remembers_a_token_until_something_sensitive_is_said(chromium, zone):
    def look(visit):
        talk = Talk(visit.page, zone).open().say("mijn fiets is gestolen")
        assert talk.page.evaluate(KEPT) == {"cookies": "", "local": 0, "session": ["wijkwijzer"]}
        assert alive(talk.page, zone, talk.token())
        talk.say(SENSITIVE)
        assert talk.page.evaluate(KEPT) == {"cookies": "", "local": 0, "session": []}
        assert "dan is dit gesprek meteen weg" in talk.text()

    chromium.look(zone.url, look)


def test_the_tab_forgets_the_token_when_a_menu_names_sensitive_topics(chromium, zone):
    def look(visit):
        talk = Talk(visit.page, zone).open()
        assert talk.token()
        talk.button("Geweld of seksueel geweld").click()
        talk.page.wait_for_function("() => !sessionStorage.getItem('wijkwijzer')")
        assert "dan is dit gesprek meteen weg" in talk.idle().text()

    chromium.look(zone.url, look)


def test_an_ordinary_conversation_goes_on_on_the_next_page_and_never_opens_by_itself(chromium, zone):
    def look(visit):
        talk = Talk(visit.page, zone).open().say("mijn fiets is gestolen")
        talk.page.goto(f"{zone.url}/contact")
        assert talk.widget.locator(".panel").is_hidden()
        assert talk.widget.locator(".launch").inner_text() == "Terug naar je gesprek"
        talk.open()
        assert "Je gesprek gaat verder" in talk.text() and "fiets" in talk.text().lower()
        talk.say("en hoe lang duurt dat?")

    chromium.look(zone.url, look)


def test_a_sensitive_conversation_is_gone_with_the_page_also_on_the_server(chromium, zone):
    def look(visit):
        talk = Talk(visit.page, zone).open()
        token = talk.token()
        talk.say(SENSITIVE)
        talk.page.goto(f"{zone.url}/contact")
        assert not alive(talk.page, zone, token)
        assert talk.widget.locator(".launch").inner_text() == "Chat met de assistent"
        talk.page.go_back()
        talk.open()
        assert "slaat" not in talk.text()

    chromium.look(zone.url, look)


@pytest.mark.parametrize("how", ["click", "shift"])
@pytest.mark.parametrize("full", [False, True])
@pytest.mark.parametrize("said", ["mijn fiets is gestolen", SENSITIVE])  # what is not sensitive would else outlive the page
def test_the_quick_exit_leaves_nothing(chromium, zone, how, full, said):
    def look(visit):
        exit_page(visit.page)
        visit.page.goto(f"{zone.url}/contact")
        talk = Talk(visit.page, zone, full=full).begin()
        token = talk.token()
        talk.say(said)
        if how == "click":
            talk.widget.get_by_role("link", name="Verlaat deze pagina").click()
        else:
            for _ in range(3):
                talk.page.keyboard.press("Shift")
        talk.page.wait_for_url(f"{EXIT}/**")
        assert not alive(talk.page, zone, token)
        talk.page.go_back()
        talk.page.wait_for_timeout(500)
        assert talk.page.url == f"{zone.url}/contact", "the page that was left still stands in the history of this tab"
        assert "slaat" not in talk.page.content() and "fiets is gestolen" not in talk.page.content()
        talk.page.goto(zone.chat + "/chat" if full else zone.url)
        if not full:
            assert talk.token() is None

    chromium.look(zone.url, look)


def test_a_page_that_was_left_and_comes_back_from_the_cache_is_left_again(chromium, zone):
    def look(visit):
        talk = Talk(visit.page, zone).open()
        gone = []
        talk.page.route(f"{EXIT}/**", lambda route: (gone.append(1), route.fulfill(status=204)))
        talk.widget.get_by_role("link", name="Verlaat deze pagina").click()
        talk.page.wait_for_timeout(300)
        assert talk.page.evaluate("getComputedStyle(document.documentElement).display") == "none"
        assert talk.text() == ""
        talk.page.evaluate(BACK)
        talk.page.wait_for_timeout(300)
        assert len(gone) == 2

    chromium.look(zone.url, look)


def test_two_shifts_or_shift_for_a_capital_leave_nothing(chromium, zone):
    def look(visit):
        talk = Talk(visit.page, zone).open()
        talk.field.focus()
        for key in ("Shift", "Shift", "a", "Shift", "Shift+B", "Shift"):
            talk.page.keyboard.press(key)
        talk.page.wait_for_timeout(200)
        assert talk.page.url.startswith(zone.url)

    chromium.look(zone.url, look)


def test_wiping_forgets_here_and_on_the_server_and_a_new_conversation_works(chromium, zone):
    def look(visit):
        talk = Talk(visit.page, zone).open().say("mijn fiets is gestolen")
        token = talk.token()
        talk.menu("Wis dit gesprek")
        assert "fiets" not in talk.text() and "gewist" in talk.text() and talk.token() is None
        talk.page.wait_for_timeout(300)
        assert not alive(talk.page, zone, token)
        talk.say("hoe vraag ik vakantietoezicht aan")
        assert talk.token() not in (None, token)

    chromium.look(zone.url, look)


def test_typing_that_all_must_be_forgotten_empties_the_page_too(chromium, zone):
    def look(visit):
        talk = Talk(visit.page, zone).open().say("mijn fiets is gestolen")
        talk.field.fill("wis gesprek")
        talk.field.press("Enter")
        talk.widget.locator(".list").get_by_text("gewist").wait_for()
        talk.idle()
        assert "fiets" not in talk.text().lower() and "gewist" in talk.text()
        talk.say("hoe vraag ik vakantietoezicht aan")

    chromium.look(zone.url, look)


def test_what_comes_after_wiping_or_leaving_is_nobodys(chromium, zone):
    def look(visit):
        talk = Talk(visit.page, zone)
        held = []
        talk.page.route("**/chat/sessions", lambda route: held.append(route))
        talk.widget.locator(".launch").click()
        talk.page.wait_for_timeout(300)
        talk.menu("Wis dit gesprek")
        with talk.page.expect_request("**/chat/sessions/close"):
            held[0].continue_()
        talk.page.wait_for_timeout(300)
        assert talk.token() is None and talk.widget.locator(".message").count() == 0

    chromium.look(zone.url, look)


def test_two_tabs_never_share_a_conversation(chromium, zone):
    def look(visit):
        talk = Talk(visit.page, zone).open().say("mijn fiets is gestolen")
        token = talk.token()
        other = talk.page.context.new_page()
        other.add_init_script(f"if (!sessionStorage.getItem('copied')) {{ sessionStorage.setItem('wijkwijzer', '{token}');"
                              "sessionStorage.setItem('copied', 'yes') }")
        other.goto(zone.url)
        other.locator("wijkwijzer-chat .launch").click()
        other.locator("wijkwijzer-chat .message").first.wait_for()
        assert "fiets" not in other.locator("wijkwijzer-chat .list").inner_text().lower().replace("fietsdiefstal", "")
        assert other.evaluate("sessionStorage.getItem('wijkwijzer')") != token
        assert alive(talk.page, zone, token)

    chromium.look(zone.url, look)
