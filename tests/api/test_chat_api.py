"""The chat API as design.md writes it, on the running assistant: every call, every error, always the emergency numbers."""

import json

import httpx
import pytest

from tests.conftest import Conversation, Running, running_assistant

FIELDS = {"kind", "topic", "lang", "text", "buttons", "links"}


def assert_problem(response: httpx.Response, status: int) -> None:
    """An RFC 9457 document with a Dutch title and both emergency numbers."""
    assert response.status_code == status, response.text
    assert response.headers["content-type"].startswith("application/problem+json")
    body = response.json()
    assert body["status"] == status and body["title"] and "tel:101" in response.text and "tel:112" in response.text


def test_a_session_opens_with_who_it_is_and_what_it_cannot_do(resident):
    (opening,) = resident.messages
    assert set(opening) == FIELDS and opening["lang"] == "nl" and opening["topic"] is None
    for words in ("automatische assistent", "geen patrouille", "101", "112", "bewaar"):
        assert words in opening["text"], words
    assert len(opening["buttons"]) == 6


def test_a_text_gets_messages_with_exactly_the_fields_of_the_contract(resident):
    for message in resident.say("mijn fiets is gestolen aan het station"):
        assert set(message) == FIELDS
        assert all(set(button) == {"id", "title"} for button in message["buttons"])
        assert all(set(link) == {"title", "url"} for link in message["links"])


def test_the_topic_is_named_unless_it_is_sensitive(resident):
    assert resident.say("mijn fiets is gestolen aan het station")[0]["topic"] == "fietsdiefstal"
    assert {message["topic"] for message in resident.say("mijn man slaat mij al jaren")} == {None}


def test_a_button_of_this_session_is_honoured(resident):
    resident.press("Inbraak in huis of zaak")
    assert resident.messages[0]["kind"] == "suggestions" and len(resident.messages[0]["buttons"]) > 5


def test_a_button_of_another_session_is_refused(assistant, resident):
    other = assistant.open()
    choice = other.messages[0]["buttons"][0]["id"]
    assert_problem(resident.client.post("/messages", json={"choice": choice}, headers=resident.headers), 400)


@pytest.mark.parametrize("choice", ["/nood_geweld", "nood_geweld", "", "1", "../x"])
def test_an_invented_button_is_refused(resident, choice):
    assert_problem(resident.client.post("/messages", json={"choice": choice}, headers=resident.headers), 400)


@pytest.mark.parametrize("typed", ["/restart", "/session_start", "/nood_geweld", '/fietsdiefstal{"x": "y"}', "/back"])
def test_a_leading_slash_is_text(resident, typed):
    messages = resident.say(typed)  # Rasa itself would answer /restart and /back with nothing at all
    assert messages and messages[0]["kind"] != "emergency" and "detail" not in messages[0]


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"null", b'"x"', b"{}", b'{"text": null}', b'{"text": 5}', b'{"text": ["x"]}',
                                  b'{"text": {"a": 1}}', b'{"text": ""}', b'{"text": "   "}', b'{"text": "////"}',
                                  b'{"text": "a", "choice": "b"}', b'{"message": "a"}', b'{"text": true}', b"\xff\xfe",
                                  b"[" * 5000])
def test_a_malformed_message_is_a_400(resident, body):
    assert_problem(resident.client.post("/messages", content=body, headers=resident.headers), 400)


@pytest.mark.parametrize("text", ["\0", "a\0b hallo", "👩‍👧‍👦🚲", "ﷺ" * 10, "\u202e omgekeerd", "x" * 2000, "é" * 2000,
                                  "<script>alert(1)</script>", "{kaartstop.telefoon}", "' OR 1=1 --", "${ACTIONS_TOKEN}"],
                         ids=range(11))
def test_strange_text_is_answered_or_refused_and_never_echoed(resident, text):
    response = resident.client.post("/messages", json={"text": text}, headers=resident.headers)
    assert response.status_code in (200, 400)
    assert "script" not in response.text and "OR 1=1" not in response.text


def test_a_long_text_is_a_413_and_the_conversation_goes_on(resident):
    assert_problem(resident.client.post("/messages", json={"text": "a" * 2001}, headers=resident.headers), 413)
    assert resident.say("hallo")


def test_a_megabyte_is_a_413(resident):
    assert_problem(resident.client.post("/messages", json={"text": "a" * 1_000_000}, headers=resident.headers), 413)


@pytest.mark.parametrize("headers", ["", "Bearer", "Bearer x.y", "Basic abc", "Bearer 1", "Bearer ../../etc/passwd"])
def test_an_unknown_session_is_a_401(assistant, headers):
    response = httpx.post(f"{assistant.url}/messages", json={"text": "hallo"}, headers={"Authorization": headers})
    assert_problem(response, 401)


async def test_a_session_of_another_server_key_is_a_401(assistant):
    from bot.sessions import Sessions
    from bot.settings import load

    token, _ = await Sessions(load({"CHAT_SECRET": "x" * 40})).open()
    assert_problem(httpx.post(f"{assistant.url}/messages", json={"text": "a"}, headers={"Authorization": f"Bearer {token}"}), 401)


@pytest.mark.parametrize("how", ["header", "body"])
def test_closing_forgets_the_conversation_at_once(assistant, how):
    resident = assistant.open()
    resident.say("mijn fiets is gestolen")
    if how == "header":
        response = resident.client.post("/sessions/close", headers=resident.headers)
    else:  # a beacon: no headers of its own, text/plain
        response = resident.client.post("/sessions/close", content=json.dumps({"session": resident.token}),
                                        headers={"Content-Type": "text/plain;charset=UTF-8"})
    assert response.status_code == 204 and not response.content
    assert_problem(resident.client.post("/messages", json={"text": "hallo"}, headers=resident.headers), 401)


def test_closing_twice_or_an_unknown_session_tells_nothing(assistant, resident):
    for _ in range(2):
        assert resident.client.post("/sessions/close", headers=resident.headers).status_code == 204
    assert httpx.post(f"{assistant.url}/sessions/close", json={"session": "x.y"}).status_code == 204
    assert_problem(httpx.post(f"{assistant.url}/sessions/close", content=b"{"), 400)


def test_wiping_in_the_conversation_keeps_the_session_but_forgets_what_was_said(resident):
    resident.say("mijn fiets is gestolen aan het station")
    old_buttons = [button["id"] for message in resident.messages for button in message["buttons"]]
    assert resident.say("wis dit gesprek aub")[0]["kind"] == "closing"
    assert_problem(resident.client.post("/messages", json={"choice": old_buttons[0]}, headers=resident.headers), 400)
    assert all(message["topic"] != "fietsdiefstal" for message in resident.say("en hoe lang duurt dat?"))


def test_health_says_that_the_model_is_loaded_and_nothing_else(assistant):
    response = httpx.get(f"{assistant.url}/health")
    assert response.status_code == 200 and response.json() == {"status": "ok"}


@pytest.mark.parametrize(("origin", "allowed"), [("http://localhost:8000", True), ("https://kwaad.example", False),
                                                  ("null", False)])
def test_only_origins_of_the_zone_profile_may_call(assistant, origin, allowed):
    response = httpx.post(f"{assistant.url}/sessions", headers={"Origin": origin})
    if allowed:
        assert response.status_code == 201 and response.headers["access-control-allow-origin"] == origin
    else:
        assert_problem(response, 403)
        assert "access-control-allow-origin" not in response.headers


def test_a_browser_may_ask_first(assistant):
    asks = {"Origin": "http://localhost:8000", "Access-Control-Request-Method": "POST",
            "Access-Control-Request-Headers": "authorization,content-type"}
    response = httpx.options(f"{assistant.url}/messages", headers=asks)
    assert response.status_code in (200, 204) and "Authorization" in response.headers["access-control-allow-headers"]


@pytest.mark.parametrize("path", ["/webhooks/rest/webhook", "/conversations/x/tracker", "/model/parse", "/socket.io/", "/domain"])
def test_rasas_own_doors_are_shut(assistant, path):
    base = assistant.url.removesuffix("/chat")
    assert httpx.get(base + path).status_code in (404, 405)
    assert httpx.post(base + path, json={"message": "a", "text": "a"}).status_code in (404, 405)


def test_an_unknown_path_and_method_still_show_the_numbers(assistant):
    assert_problem(httpx.get(f"{assistant.url}/nothing"), 404)
    assert_problem(httpx.get(f"{assistant.url}/messages"), 405)


def test_answers_are_not_cached(assistant):
    assert httpx.post(f"{assistant.url}/sessions").headers["cache-control"] == "no-store"


def test_two_residents_do_not_hear_each_other(assistant):
    first, second = assistant.open(), assistant.open()
    first.say("mijn fiets is gestolen aan het station")
    assert all(message["topic"] != "fietsdiefstal" for message in second.say("en hoe lang duurt dat?"))


def test_too_fast_is_a_429_and_too_many_conversations_a_503(model, tmp_path):
    with running_assistant(tmp_path, CHAT_MESSAGES_PER_MINUTE="3", CHAT_MAX_SESSIONS="2") as small:
        resident = small.open()
        for _ in range(3):
            resident.say("hallo")
        response = resident.client.post("/messages", json={"text": "hallo"}, headers=resident.headers)
        assert_problem(response, 429)
        assert int(response.headers["retry-after"]) > 0
        small.open()
        assert_problem(httpx.post(f"{small.url}/sessions"), 503)


def test_when_the_action_server_dies_the_resident_still_sees_the_numbers(model, tmp_path):
    with running_assistant(tmp_path) as lame:
        resident = lame.open()
        lame.actions.kill()
        lame.actions.wait(10)
        typed = {"text": "kanarie77, mijn fiets is gestolen"}
        assert_problem(resident.client.post("/messages", json=typed, headers=resident.headers), 503)
        assert resident.say("hij staat hier met een mes kanarie77")[0]["kind"] == "emergency"
        assert lame.open().messages
    log = (tmp_path / "log.txt").read_text()
    assert "kanarie77" not in log and "t" * 40 not in log


def test_nothing_typed_reaches_the_log(assistant: Running, resident: Conversation):
    for text in ("kanarie1234 mijn fiets is gestolen", "/kanarie1234", "kanarie1234 help hij slaat mij nu"):
        resident.say(text)
    resident.client.post("/messages", content=b'{"text": ["kanarie1234"]}', headers=resident.headers)
    assistant.log.flush()
    with open(assistant.log.name) as log:
        assert "kanarie1234" not in log.read()
