"""The limit per client: it counts, it forgets, and it never keeps an address."""

from types import SimpleNamespace

import pytest

from bot import clients as module
from bot.clients import MAX_CLIENTS, WINDOW_SECONDS, Clients, network
from bot.conversations import Conversations
from bot.settings import load


class Clock:
    """Seconds that a test moves by hand."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock():
    return Clock()


def test_a_client_opens_as_many_as_allowed_and_again_after_the_window(clock):
    clients = Clients(3, clock)
    assert [clients.allows("203.0.113.7") for _ in range(5)] == [True, True, True, False, False]
    assert clients.allows("203.0.113.8")
    clock.now = WINDOW_SECONDS
    assert clients.allows("203.0.113.7")


def test_no_address_stands_in_memory_and_two_windows_share_no_name(clock):
    clients = Clients(3, clock)
    clients.allows("203.0.113.7")
    before = set(clients._counts)
    assert "203.0.113" not in repr(vars(clients)) and b"203.0.113" not in b"".join(before)
    clock.now = WINDOW_SECONDS
    clients.allows("203.0.113.7")
    assert len(clients._counts) == 1 and not before & set(clients._counts)


@pytest.mark.parametrize(("one", "other", "same"), [
    ("2001:db8:1:2::5", "2001:db8:1:2:ffff::9", True), ("2001:db8:1:2::5", "2001:db8:1:3::5", False),
    ("::ffff:203.0.113.7", "203.0.113.7", True), ("203.0.113.7", "203.0.113.8", False), (" 203.0.113.7 ", "203.0.113.7", True),
    ("", "", True), ("no address", "another", False), ("x" * 101, "x" * 5000, True)])
def test_who_an_address_belongs_to(one, other, same):
    assert (network(one) == network(other)) == same


def test_many_addresses_do_not_fill_the_memory(clock, monkeypatch):
    assert MAX_CLIENTS == 100_000
    monkeypatch.setattr(module, "MAX_CLIENTS", 10)
    clients = Clients(5, clock)
    allowed = [clients.allows(f"198.51.100.{number}") for number in range(30)]
    assert len(clients._counts) == 11 and allowed == [True] * 15 + [False] * 15


@pytest.mark.parametrize(("header", "given", "ip", "client"), [
    ("", {}, "127.0.0.1", None), ("", {}, "::1", None), ("", {}, "203.0.113.7", "203.0.113.7"),
    ("", {"X-Real-IP": "198.51.100.1"}, "203.0.113.7", "203.0.113.7"),  # nobody claims an address when no proxy is told of
    ("X-Real-IP", {"X-Real-IP": "198.51.100.1"}, "127.0.0.1", "198.51.100.1"), ("X-Real-IP", {}, "127.0.0.1", "127.0.0.1")])
def test_whose_conversations_are_counted(header, given, ip, client):
    settings = load({"CHAT_CLIENT_HEADER": header} if header else {})
    assert Conversations(settings)._client(SimpleNamespace(headers=given, ip=ip)) == client
