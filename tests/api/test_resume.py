"""POST /chat/sessions/resume: a page change in the tab goes on where it was, and nothing sensitive ever comes back."""

import httpx
import pytest

from tests.api.test_chat_api import FIELDS, assert_problem
from tests.conftest import running_assistant


def resume(resident):
    """The messages that the session has to show again; they are the resident's last turn from then on."""
    answer = resident.client.post("/sessions/resume", headers=resident.headers)
    assert answer.status_code == 200 and answer.headers["cache-control"] == "no-store", answer.text
    assert set(answer.json()) == {"messages"}
    resident.messages = answer.json()["messages"]
    return resident.messages


def without_ids(messages):
    return [{**message, "buttons": [button["title"] for button in message["buttons"]]} for message in messages]


def test_the_opening_comes_back_with_fresh_buttons_that_work(resident):
    opening = resident.messages
    again = resume(resident)
    assert without_ids(again) == without_ids(opening) and all(set(message) == FIELDS for message in again)
    ids = {button["id"] for message in opening for button in message["buttons"]}
    assert not ids & {button["id"] for message in again for button in message["buttons"]}
    resident.press("Inbraak in huis of zaak")
    assert resident.messages[0]["kind"] == "suggestions"


def test_only_the_last_turn_comes_back_and_as_often_as_asked(resident):
    resident.say("hallo")
    last = resident.say("mijn fiets is gestolen aan het station")
    for _ in range(3):
        assert without_ids(resume(resident)) == without_ids(last)
    assert "fiets" in resident.text


def test_the_conversation_goes_on_in_its_context(assistant, resident):
    other = assistant.open()
    for each in (resident, other):
        each.say("mijn fiets is gestolen aan het station")
    resume(resident)
    answers = [without_ids(each.say("en hoe lang duurt dat?")) for each in (resident, other)]
    assert answers[0] == answers[1] and answers[0][0]["topic"] == "fietsdiefstal"


@pytest.mark.parametrize("said", ["help hij slaat mij nu", "mijn man slaat mij al jaren", "ik word gediscrimineerd op mijn werk",
                                  "ik ben verkracht", "iemand stalkt mij al weken", "ik wil niet meer leven"])
def test_nothing_comes_back_once_something_sensitive_was_shown(resident, said):
    resident.say(said)
    assert resume(resident) == []
    resident.say("mijn fiets is gestolen aan het station")
    assert resume(resident) == []
    resident.say("hallo")
    assert resume(resident) == []


def test_a_menu_that_names_sensitive_topics_does_not_come_back(resident):
    resident.press("Geweld of seksueel geweld")
    assert resident.messages and resume(resident) == []


def test_the_widget_is_told_from_when_on_nothing_comes_back(resident):
    def told(text):
        answer = resident.client.post("/messages", json={"text": text}, headers=resident.headers)
        return answer.headers.get("conversation-sensitive")

    assert told("mijn fiets is gestolen aan het station") is None
    assert told("mijn man slaat mij al jaren") == "yes"
    assert told("mijn fiets is gestolen aan het station") == "yes", "what was sensitive stays so until the end"


def test_a_wiped_conversation_does_not_come_back(resident):
    resident.say("mijn fiets is gestolen")
    resident.say("wis dit gesprek aub")
    assert resume(resident) == []
    last = resident.say("hallo")
    assert without_ids(resume(resident)) == without_ids(last)


def test_a_turn_that_failed_leaves_what_was_shown_before(resident):
    opening = resident.messages
    assert_problem(resident.client.post("/messages", json={"text": "a" * 2001}, headers=resident.headers), 413)
    assert without_ids(resume(resident)) == without_ids(opening)


@pytest.mark.parametrize("headers", [{}, {"Authorization": "Bearer x.y"}, {"Authorization": "Basic abc"}])
def test_an_unknown_session_is_a_401(assistant, headers):
    assert_problem(httpx.post(f"{assistant.url}/sessions/resume", headers=headers), 401)


def test_a_closed_session_is_a_401(resident):
    resident.close()
    assert_problem(httpx.post(f"{resident.client.base_url}sessions/resume", headers=resident.headers), 401)


def test_the_token_of_the_body_is_not_enough(resident):
    assert_problem(resident.client.post("/sessions/resume", json={"session": resident.token}), 401)


def test_a_browser_may_ask_first_and_only_from_a_site_of_the_profile(assistant, resident):
    asks = {"Origin": "http://localhost:8000", "Access-Control-Request-Method": "POST",
            "Access-Control-Request-Headers": "authorization"}
    answer = httpx.options(f"{assistant.url}/sessions/resume", headers=asks)
    assert answer.status_code in (200, 204) and answer.headers["access-control-allow-origin"] == "http://localhost:8000"
    assert "Authorization" in answer.headers["access-control-allow-headers"]
    assert_problem(resident.client.post("/sessions/resume", headers={**resident.headers, "Origin": "https://kwaad.example"}), 403)


def test_resuming_counts_for_the_speed_limit(model, tmp_path):
    with running_assistant(tmp_path, CHAT_MESSAGES_PER_MINUTE="2") as slow:
        resident = slow.open()
        resume(resident)
        resident.say("hallo")
        assert_problem(resident.client.post("/sessions/resume", headers=resident.headers), 429)
