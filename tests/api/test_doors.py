"""What can be reached of the chat server and by whom, and an answer for everybody whose request makes no sense."""

import json
import socket

import httpx
import pytest

from tests.api.test_chat_api import assert_problem

STRANGE = "https://kwaad.example"
CALLS = ("/chat/sessions", "/chat/messages", "/chat/sessions/resume", "/chat/sessions/close")
UNREADABLE = {
    "raw bytes in the path": "GET /chat/\xff\xfe HTTP/1.1\r\nHost: x\r\n\r\n",
    "no path": "GET HTTP/1.1\r\nHost: x\r\n\r\n",
    "a path that is no address": "GET http:///:a HTTP/1.1\r\nHost: x\r\n\r\n",
    "another protocol": "GET /chat/health HTTP/9.9\r\nHost: x\r\n\r\n",
    "a header without a colon": "GET /chat/health HTTP/1.1\r\nnonsense\r\n\r\n",
    "nothing that looks like a request": "\x16\x03\x01\x02\x00\r\n\r\n",
    "a strange expectation": "POST /chat/messages HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nExpect: tea\r\n\r\n{}",
    "chunks without a length": "POST /chat/sessions/close HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n{}\r\n",
}


def root(assistant):
    return httpx.URL(assistant.url).copy_with(path="/")


def sent(assistant, raw: str) -> tuple[int, bytes]:
    """Status and body of the answer to bytes that are no proper request."""
    address = root(assistant)
    with socket.create_connection((address.host, address.port), timeout=10) as connection:
        connection.sendall(raw.encode("latin-1"))
        answer = b""
        while b"\r\n\r\n" not in answer or not answer.rstrip().endswith(b"}"):
            piece = connection.recv(65536)
            assert piece, f"hung up after {answer!r}"
            answer += piece
    head, _, body = answer.partition(b"\r\n\r\n")
    return int(head.split()[1]), body


@pytest.mark.parametrize("kind", UNREADABLE)
def test_what_cannot_be_read_is_answered_with_the_numbers(assistant, kind):
    status, body = sent(assistant, UNREADABLE[kind])
    assert status in (400, 404) and json.loads(body)["status"] == status
    assert {link["url"] for link in json.loads(body)["emergency"]} == {"tel:101", "tel:112"}
    assert httpx.get(f"{assistant.url}/health").status_code == 200


def test_the_server_does_not_say_what_it_runs_on(assistant):
    for path in ("/", "/version", "/status", "/domain", "/webhooks/rest/webhook", "/conversations/x/tracker"):
        answer = httpx.get(root(assistant).copy_with(path=path))
        assert_problem(answer, 404)
        assert "rasa" not in answer.text.lower() and "server" not in answer.headers


@pytest.mark.parametrize("call", CALLS)
def test_a_strange_website_is_not_let_in_by_a_preflight(assistant, call):
    asked = {"Origin": STRANGE, "Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "authorization"}
    answer = httpx.options(root(assistant).copy_with(path=call), headers=asked)
    assert not [name for name in answer.headers if name.startswith("access-control-")]
    assert answer.status_code == 403


def test_our_website_is(assistant):
    asked = {"Origin": "http://localhost:8000", "Access-Control-Request-Method": "POST"}
    answer = httpx.options(f"{assistant.url}/messages", headers=asked)
    assert answer.status_code == 204 and answer.headers["access-control-allow-origin"] == "http://localhost:8000"
    assert "access-control-allow-credentials" not in answer.headers and "filename" not in str(answer.headers)
