"""Malformed lengths of a body: Sanic 21.12 reads for ever on a negative one, and one such request silenced a whole server."""

import socket

import httpx
import pytest

from tests.conftest import running_assistant

LENGTHS = ["Content-Length: -5", "Content-Length: +5", "Content-Length: 5x", "Content-Length: 99999999999999999999",
           "Content-Length: 5\r\nContent-Length: 6", "Content-Length: 5\r\nTransfer-Encoding: chunked"]


@pytest.fixture(scope="module")
def own(model, tmp_path_factory):
    """An assistant that these tests may silence."""
    with running_assistant(tmp_path_factory.mktemp("strict")) as running:
        yield running
        for process in (running.chat, running.actions):  # a server that is caught in a loop does not hear a polite signal
            process.kill()


@pytest.mark.parametrize("length", LENGTHS)
@pytest.mark.parametrize("server", ["chat", "actions"])
def test_a_malformed_length_is_refused_and_the_server_goes_on(own, server, length):
    url, path = {"chat": (own.url, "/chat/messages"), "actions": (own.actions_url, "/webhook")}[server]
    address = httpx.URL(url)
    with socket.create_connection((address.host, address.port), timeout=10) as connection:
        connection.sendall(f"POST {path} HTTP/1.1\r\nHost: x\r\n{length}\r\n\r\nhello".encode())
        answer = connection.recv(65536)
    refused = {"chat": b"400", "actions": b"403"}[server]  # without the token the action server says nothing else
    assert answer.split()[1] == refused, answer[:200]
    assert httpx.get(f"{url}/health", timeout=10).status_code == 200
