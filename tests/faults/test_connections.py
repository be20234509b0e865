"""Clients that are slow, silent, or many: nobody else waits for them, and they are let go."""

import asyncio
import contextlib
import resource
import socket
import time

import aiohttp
import httpx
import pytest

from tests.api.test_chat_api import assert_problem
from tests.conftest import running_assistant

CROWD, IDLE = 400, 10_000
AT_ONCE = 50
QUICK_SECONDS = 2.0


@pytest.fixture(scope="module")
def roomy(model, tmp_path_factory):
    """An assistant with room for exactly IDLE conversations."""
    with running_assistant(tmp_path_factory.mktemp("roomy"), CHAT_MAX_SESSIONS=str(IDLE)) as running:
        yield running


@pytest.fixture
def sockets(assistant):
    """CROWD open connections with the shared assistant."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, max(soft, 4 * CROWD)), hard))
    address = httpx.URL(assistant.url)
    opened = [socket.create_connection((address.host, address.port), timeout=30) for _ in range(CROWD)]
    yield opened
    for one in opened:
        one.close()
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def is_quick(assistant) -> bool:
    start = time.monotonic()
    resident = assistant.open()
    assert resident.say("mijn fiets is gestolen")[0]["topic"] == "fietsdiefstal"
    resident.close()
    return time.monotonic() - start < QUICK_SECONDS


def test_connections_that_never_say_anything_hold_nobody_up(assistant, sockets):
    assert is_quick(assistant)


def test_who_sends_a_byte_at_a_time_holds_nobody_up(assistant, sockets):
    head = b"POST /chat/messages HTTP/1.1\r\nHost: x\r\nContent-Length: 4000\r\n\r\n{"
    for byte in head:
        for one in sockets[:40]:
            one.sendall(bytes([byte]))
    assert is_quick(assistant)


def test_who_never_ends_a_message_is_told_and_let_go(assistant):
    address = httpx.URL(assistant.url)
    begun = {b"408": b"POST /chat/messages HTTP/1.1\r\nHost: x\r\n",
             b"503": b"POST /chat/messages HTTP/1.1\r\nHost: x\r\nContent-Length: 4000\r\n\r\n{"}
    with contextlib.ExitStack() as stack:
        slow = {status: stack.enter_context(socket.create_connection((address.host, address.port), 60)) for status in begun}
        for status, connection in slow.items():
            connection.sendall(begun[status])
        for status, connection in slow.items():
            told = b""
            with contextlib.suppress(ConnectionResetError):
                while piece := connection.recv(65536):
                    told += piece
            assert told.split()[1] == status and b"tel:112" in told and b"tel:101" in told


def test_who_disappears_in_mid_answer_costs_nobody_anything(assistant):
    address = httpx.URL(assistant.url)
    for _ in range(20):
        resident = assistant.open()
        body = b'{"text": "mijn fiets is gestolen"}'
        head = (f"POST /chat/messages HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {resident.token}\r\n"
                f"Content-Length: {len(body)}\r\n\r\n")
        gone = socket.create_connection((address.host, address.port), timeout=30)
        gone.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\x00\x00\x00\x00\x00\x00\x00")  # a reset, no goodbye
        gone.sendall(head.encode() + body)
        gone.close()
        assert resident.say("hoe maak ik een afspraak")[0]["kind"] == "answer"
        resident.close()
    assert is_quick(assistant)


async def test_ten_thousand_idle_conversations(roomy):
    room = asyncio.Semaphore(AT_ONCE)

    async def opened(client):
        async with room, client.post(f"{roomy.url}/sessions") as response:
            return response.status, (await response.json()).get("session")

    first = roomy.open()
    first.say("mijn man slaat mij")
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=AT_ONCE)) as client:
        found = await asyncio.gather(*(opened(client) for _ in range(IDLE - 1)))
    assert {status for status, _ in found} == {201} and len({token for _, token in found}) == IDLE - 1
    assert_problem(httpx.post(f"{roomy.url}/sessions"), 503)
    start = time.monotonic()
    assert first.press("Ja")[-1]["kind"] in ("question", "emergency")
    assert time.monotonic() - start < QUICK_SECONDS
    first.close()
    assert is_quick(roomy)
