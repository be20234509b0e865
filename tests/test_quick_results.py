"""Results of actions are refused exactly as Rasa refuses them, without reading its schema each time."""

import pytest
from jsonschema import ValidationError
from rasa.core.actions.action import RemoteAction

from bot.quick_results import install

RIGHT = [{}, {"events": [], "responses": []}, {"responses": [{"text": "dag"}], "more": 1},
         {"events": [{"event": "slot", "name": "wie", "value": None, "timestamp": None}]},
         {"events": [{"event": "action", "name": "action_listen", "policy": None, "confidence": None, "timestamp": 1.0}]}]
WRONG = [None, [], "text", {"events": {}}, {"events": ["slot"]}, {"events": [{"event": "no such"}]}, {"events": [{}]},
         {"events": [{"event": "slot", "name": 1, "value": "x"}]}, {"responses": "dag"}, {"responses": ["dag"]}]
AS_RASA = RemoteAction._validate_action_result


@pytest.fixture
def quick(monkeypatch):
    """RemoteAction with our check, as Rasa's afterwards."""
    monkeypatch.setattr(RemoteAction, "_validate_action_result", AS_RASA)
    install()
    return RemoteAction("action_any", None)._validate_action_result


def told(check, result):
    try:
        return check(result)
    except ValidationError as error:
        return (list(error.absolute_path), error.message.partition(". Failed to validate")[0])


@pytest.mark.parametrize("result", RIGHT + WRONG, ids=str)
def test_a_result_is_taken_or_refused_as_rasa_would(quick, result):
    theirs = told(lambda result: AS_RASA(RemoteAction("action_any", None), result), result)
    assert told(quick, result) == theirs
    assert (theirs is True) == (result in RIGHT)


def test_the_schema_is_not_read_again(quick, monkeypatch):
    monkeypatch.setattr(RemoteAction, "action_response_format_spec", lambda: pytest.fail("the schema was asked for again"))
    assert quick({"events": [], "responses": []}) is True
