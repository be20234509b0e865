"""The action server: loopback only, only for who knows the token, silent about what it was given."""

import socket

import httpx
import pytest

CALL = {"next_action": "action_answer", "sender_id": "x", "tracker": {"sender_id": "x", "slots": {}, "latest_message": {},
        "events": [], "paused": False, "active_loop": {}, "latest_action_name": None}, "domain": {}, "version": "3.6.2"}


@pytest.mark.parametrize("token", [None, "", "wrong", "t" * 39])
@pytest.mark.parametrize("path", ["/webhook", "/actions", "/"])
def test_without_the_token_every_door_is_shut(assistant, token, path):
    params = {} if token is None else {"token": token}
    for method in ("GET", "POST"):
        assert httpx.request(method, assistant.actions_url + path, params=params, json=CALL).status_code == 403


def test_a_forged_tracker_gets_no_exception_text(assistant):
    response = httpx.post(f"{assistant.actions_url}/webhook", params={"token": assistant.token},
                          json={**CALL, "tracker": {**CALL["tracker"], "latest_message": {"text": "kanarie"}}})
    assert "kanarie" not in response.text and "Traceback" not in response.text
    assert response.status_code == 200, "an action never raises: it points to a human"
    assert response.json()["responses"][0]["response"] == "utter_onbegrepen_mens"


def test_an_unknown_action_and_garbage_are_empty_errors(assistant):
    for content in (b"{", b'{"next_action": "action_kanarie"}', b'"kanarie"'):
        response = httpx.post(f"{assistant.actions_url}/webhook", params={"token": assistant.token}, content=content,
                              headers={"Content-Type": "application/json"})
        assert response.status_code >= 400 and "kanarie" not in response.text.replace("action_kanarie", "")


def test_it_listens_on_loopback_only(assistant):
    port = int(assistant.actions_url.rsplit(":", 1)[1])
    own = {info[4][0] for info in socket.getaddrinfo(socket.gethostname(), None, socket.AF_INET)} - {"127.0.0.1", "127.0.1.1"}
    for address in own:
        with socket.socket() as probe:
            probe.settimeout(1)
            assert probe.connect_ex((address, port)) != 0
    with open("/proc/net/tcp") as table:
        listening = [line.split()[1] for line in table.read().splitlines()[1:] if line.split()[3] == "0A"]
    assert [address for address in listening if address.endswith(f":{port:04X}")] == [f"0100007F:{port:04X}"]
