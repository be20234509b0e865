"""When things go wrong, or somebody tries to make them: the numbers stay, the text stays, and text stays text."""

import re

import pytest

from benchmarks.talk import Talk, fake

EVIL = ["<img src=x onerror=window.hurt=1>", "<script>window.hurt=1</script>", "\"><svg onload=window.hurt=1>", "{{constructor}}"]
MESSAGE = {"kind": "answer", "topic": "lez", "lang": "nl", "text": "Ja.", "buttons": [], "links": []}
CORS = {"Access-Control-Allow-Origin": "*"}
IMPATIENT = "AbortSignal.timeout = (wait => ms => wait(Math.min(ms, 1500)))(AbortSignal.timeout.bind(AbortSignal))"
SEND = "**/chat/messages"


def failing(page, what):
    """Let every message fail in some way."""
    page.unroute(SEND)
    page.route(SEND, {
        "500": lambda route: route.fulfill(status=500, json={"title": "Er liep iets mis."}, headers=CORS),
        "503": lambda route: route.fulfill(status=503, json={"title": "De assistent kan nu niet antwoorden."}, headers=CORS),
        "429": lambda route: route.fulfill(status=429, json={"title": "Dat gaat te snel."}, headers=CORS),
        "html": lambda route: route.fulfill(status=502, body="<h1>Bad Gateway</h1>", headers=CORS),
        "garbled": lambda route: route.fulfill(status=200, body='{"messages": [{"text": 3}]}', headers=CORS),
        "cut": lambda route: route.fulfill(status=200, body='{"messages": [{"te', headers=CORS),
        "gone": lambda route: route.abort(),
    }[what])


@pytest.mark.parametrize("what", ["500", "503", "429", "html", "garbled", "cut", "gone"])
def test_a_failure_shows_the_numbers_keeps_the_text_and_can_be_tried_again(chromium, zone, what):
    def look(visit):
        talk = Talk(visit.page, zone).open()
        failing(talk.page, what)
        talk.field.fill("mijn fiets is gestolen")
        talk.field.press("Enter")
        talk.widget.locator(".alert").wait_for()
        assert talk.widget.locator("[role=alert] .alert").count() == 1
        assert [talk.widget.locator(f".alert a[href='tel:{number}']").count() for number in (112, 101)] == [1, 1]
        assert talk.field.input_value() == "mijn fiets is gestolen" and talk.widget.locator(".own").count() == 0
        talk.page.unroute(SEND)
        talk.button("Probeer opnieuw").click()
        talk.widget.locator(".own").wait_for()
        talk.page.wait_for_timeout(200)
        talk.idle()
        assert "fiets" in talk.text().lower() and talk.field.input_value() == "" and talk.widget.locator(".alert").count() == 0

    chromium.look(zone.url, look)


def test_without_a_server_the_numbers_are_there_and_it_begins_when_the_server_is_back(chromium, zone):
    def look(visit):
        visit.page.route(re.compile("/chat/sessions$"), lambda route: route.abort())
        talk = Talk(visit.page, zone)
        talk.widget.locator(".launch").click()
        talk.widget.locator(".alert").wait_for()
        assert talk.widget.locator(".strip a[href='tel:112']").is_visible()
        talk.page.unroute(re.compile("/chat/sessions$"))
        talk.page.unroute_all()
        talk.button("Probeer opnieuw").click()
        talk.idle()
        assert "Dag!" in talk.text()

    chromium.look(zone.url, look)


def test_without_internet_it_says_so_at_once_and_takes_it_back(chromium, zone):
    def look(visit):
        talk = Talk(visit.page, zone).open()
        talk.page.context.set_offline(True)
        talk.widget.locator(".alert").wait_for()
        assert "geen internet" in talk.alert() and "112" in talk.alert()
        talk.page.context.set_offline(False)
        talk.widget.locator(".alert").wait_for(state="detached")

    chromium.look(zone.url, look)


def test_a_retry_is_still_there_when_the_internet_is_back(chromium, zone):
    def look(visit):
        talk = Talk(visit.page, zone).open()
        talk.page.context.set_offline(True)
        talk.field.fill("mijn fiets is gestolen")
        talk.field.press("Enter")
        talk.button("Probeer opnieuw").wait_for()
        talk.page.context.set_offline(False)
        talk.button("Probeer opnieuw").click()
        talk.page.wait_for_timeout(200)
        assert "fiets" in talk.idle().text().lower() and talk.widget.locator(".own").count() == 1

    chromium.look(zone.url, look)


def test_a_server_that_never_answers_is_given_up(chromium, zone):
    def look(visit):
        talk = Talk(visit.page, zone)
        talk.page.evaluate(IMPATIENT)
        talk.open()
        talk.page.route(SEND, lambda route: None)
        talk.field.fill("dag")
        talk.field.press("Enter")
        talk.widget.locator(".alert").wait_for()
        assert "duurt te lang" in talk.alert() and talk.field.input_value() == "dag"

    chromium.look(zone.url, look)


def test_too_long_a_text_is_told_and_not_lost(chromium, zone):
    def look(visit):
        talk = Talk(visit.page, zone).open()
        sent = []
        talk.page.on("request", lambda request: sent.append(request.url) if request.url.endswith("/messages") else None)
        talk.field.fill("a" * 2001)
        talk.field.press("Enter")
        assert "2001 van 2000" in talk.alert() and len(talk.field.input_value()) == 2001 and not sent
        assert talk.field.get_attribute("aria-invalid") == "true"

    chromium.look(zone.url, look)


def test_a_conversation_that_is_over_is_told_the_text_stays_and_a_new_one_works(chromium, zone):
    def look(visit):
        talk = Talk(visit.page, zone).open().say("mijn fiets is gestolen")
        talk.page.request.post(f"{zone.chat}/chat/sessions/close", data={"session": talk.token()})
        talk.field.fill("en hoe lang duurt dat?")
        talk.field.press("Enter")
        talk.widget.locator(".alert").wait_for()
        assert "voorbij" in talk.alert() and talk.field.input_value() == "en hoe lang duurt dat?" and "fiets" not in talk.text()
        talk.button("Begin een nieuw gesprek").click()
        talk.idle()
        assert talk.field.input_value() == "en hoe lang duurt dat?"
        talk.say("hoe vraag ik vakantietoezicht aan")

    chromium.look(zone.url, look)


def test_the_end_is_announced_can_be_put_off_and_then_wipes(chromium, zone):
    def look(visit):
        visit.page.clock.install()
        talk = Talk(visit.page, zone).open().say("mijn fiets is gestolen")
        talk.page.clock.fast_forward("28:01")
        talk.widget.locator(".alert").wait_for()
        assert "Over 2 minuten" in talk.alert()
        with talk.page.expect_response("**/sessions/resume"):  # else the leap in time is longer than anybody waits for an answer
            talk.button("Ja, ga verder").click()
        talk.widget.locator(".alert").wait_for(state="detached")
        talk.page.clock.fast_forward("25:00")
        assert talk.widget.locator(".alert").count() == 0 and "fiets" in talk.text().lower()
        talk.page.clock.fast_forward("05:05")
        talk.page.wait_for_timeout(100)
        assert "gewist" in talk.text() and "fiets" not in talk.text().lower() and talk.token() is None

    chromium.look(zone.url, look)


def test_the_end_is_to_be_seen_and_put_off_when_the_chat_is_closed(chromium, zone):
    def look(visit):
        visit.page.clock.install()
        talk = Talk(visit.page, zone).open().say("mijn fiets is gestolen")
        talk.button("Sluit").click()
        assert talk.widget.locator(".launch").inner_text() == "Terug naar je gesprek"
        talk.page.clock.fast_forward("28:01")
        talk.widget.locator(".launch", has_text="Over 2 minuten wissen we dit gesprek").click()
        talk.button("Ja, ga verder").click()
        talk.widget.locator(".alert").wait_for(state="detached")
        talk.button("Sluit").click()
        assert talk.widget.locator(".launch").inner_text() == "Terug naar je gesprek"
        talk.page.clock.fast_forward("30:05")
        talk.widget.locator(".launch", has_text="Chat met de assistent").wait_for()

    chromium.look(zone.url, look)


@pytest.mark.parametrize("evil", EVIL)
def test_what_comes_from_a_server_or_a_resident_is_text(chromium, zone, evil):
    def look(visit):
        talk = Talk(visit.page, zone).open()
        links = [{"title": evil, "url": "https://a.be/?" + evil}, {"title": "x", "url": "javascript:hurt=1"}]
        fake(talk.page, {"messages": [{**MESSAGE, "lang": evil, "text": f"{evil}\n\n- {evil}",
                                       "buttons": [{"id": evil, "title": evil}], "links": links}]})
        talk.say(evil)
        talk.page.wait_for_timeout(200)
        assert talk.text().count(evil) >= 4
        assert talk.page.evaluate("window.hurt") is None and talk.page.evaluate("window.violations") == []
        assert talk.widget.locator(".list :is(img, script, svg)").count() == 0
        assert talk.widget.locator("a[href^='javascript']").count() == 0

    chromium.look(zone.url, look)


def test_saving_has_a_neutral_name_and_the_words_of_both(chromium, zone):
    def look(visit):
        talk = Talk(visit.page, zone).open().say("mijn fiets is gestolen")
        with talk.page.expect_download() as download:
            talk.menu("Bewaar als tekst")
        text = open(download.value.path(), encoding="utf-8").read()
        assert download.value.suggested_filename == "tekst.txt"
        assert "Jij:\nmijn fiets is gestolen" in text and "Assistent:\nDag!" in text

    chromium.look(zone.url, look)


def test_printing_shows_the_conversation_alone_warns_first_when_sensitive_and_leaves_no_trace(chromium, zone):
    def look(visit):
        talk = Talk(visit.page, zone).open().say("mijn man heeft mij gisteren geslagen, ik ben nu veilig bij mijn zus")
        page = talk.page
        title = page.title()
        page.evaluate("() => { window.print = () => { window.printed = document.title } }")
        talk.menu("Print het gesprek")
        assert "weet waarover je praatte" in talk.widget.locator(".ask").inner_text() and page.evaluate("window.printed") is None
        talk.widget.locator(".ask").get_by_role("button", name="Nee").click()
        assert page.evaluate("window.printed") is None
        talk.button("Print het gesprek").click()
        talk.widget.locator(".ask").get_by_role("button", name="Ja").click()
        assert page.evaluate("window.printed") == "Informatie"
        page.emulate_media(media="print")
        assert page.locator("main").is_hidden() and page.locator(".wijkwijzer-paper").is_visible()
        assert "1712" in page.locator(".wijkwijzer-paper").evaluate("paper => paper.shadowRoot.textContent")
        page.emulate_media(media="screen")
        page.evaluate("window.dispatchEvent(new Event('afterprint'))")
        assert page.locator(".wijkwijzer-paper").count() == 0 and page.title() == title

    chromium.look(zone.url, look)
