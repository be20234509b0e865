"""What goes into Rasa: cleaned text and offered buttons, never an intent payload that somebody typed."""

import pytest

from bot.errors import ResponseError
from bot.payloads import clean, parse_data


@pytest.mark.parametrize(("typed", "seen"), [
    ("/nood_geweld", "nood_geweld"),
    ("  //restart ", "restart"),
    ("/ / fietsdiefstal{\"a\": 1}", "fietsdiefstal{\"a\": 1}"),
    ("a\0b", "ab"),
    ("een\nregel", "een regel"),
    ("cafe\u0301", "café"),
    ("\ud800 hallo", "hallo"),
    ("help 👩‍👧", "help 👩‍👧"),
    ("////", ""),
    (" \t\n", ""),
])
def test_text_is_cleaned(typed, seen):
    assert clean(typed) == seen


@pytest.mark.parametrize(("payload", "intent", "choice"), [
    ("/fietsdiefstal", "fietsdiefstal", {}),
    ("/fietsdiefstal__kost", "fietsdiefstal", {"detail": "kost"}),
    ("/menu_inbraak", "hulp_menu", {"menu": "inbraak"}),
    ("/taal_fr", "andere_taal", {"language": "fr"}),
])
def test_a_button_becomes_a_parse_result(payload, intent, choice):
    parsed = parse_data(payload)
    assert (parsed["intent"]["name"], parsed["choice"], parsed["text"]) == (intent, choice, "")


def test_what_is_not_a_payload_raises():
    with pytest.raises(ResponseError):
        parse_data("fietsdiefstal")
