"""Two chat servers that share one Redis: a conversation goes on with the other, and nobody is left without the numbers."""

import itertools
import time

import httpx
import pytest

from tests.api.test_chat_api import assert_problem
from tests.conftest import Conversation, running_assistant

SECONDS = 20


@pytest.fixture(scope="module")
def servers(model, redis_server, tmp_path_factory):
    """Two whole assistants with the same conversations and the same counts."""
    redis_server.client.flushall()
    shared = {"CHAT_STORE_URL": redis_server.url, "STATISTICS_COUNTER_URL": redis_server.url}
    with running_assistant(tmp_path_factory.mktemp("one"), **shared) as one:
        with running_assistant(tmp_path_factory.mktemp("other"), **shared) as other:
            yield one, other


class Wandering(Conversation):
    """A resident whose every message goes to the next server, as behind a reverse proxy without sticky sessions."""

    def __init__(self, servers):
        super().__init__(servers[0].url)
        self._clients = itertools.cycle([httpx.Client(base_url=server.url, timeout=30) for server in reversed(servers)])

    def _send(self, body):
        self.client = next(self._clients)
        return super()._send(body)


@pytest.fixture
def wanderer(servers):
    return Wandering(servers)


def exact(redis_server) -> int:
    """How many topics were counted so far."""
    client = redis_server.client
    return sum(int(number) for name in client.scan_iter("wijkwijzer:statistics:counts:*:topic")
               for number in client.hvals(name))


def test_buttons_of_one_server_are_honoured_by_the_other(wanderer):
    wanderer.press("Inbraak in huis of zaak")
    assert wanderer.messages[0]["kind"] == "suggestions"
    title = wanderer.messages[0]["buttons"][0]["title"]
    assert wanderer.press(title)[0]["kind"] == "answer"


def test_a_follow_up_is_understood_by_the_other(wanderer):
    assert wanderer.say("hoe doe ik aangifte van een gestolen fiets")[0]["topic"] == "fietsdiefstal"
    assert wanderer.say("en wat moet ik meebrengen?")[0]["kind"] == "answer"


def test_an_intake_walks_over_both_and_reaches_its_route(wanderer):
    wanderer.say("mijn man slaat mij")
    assert wanderer.messages[0]["kind"] == "question"
    wanderer.say("ik ben nu veilig bij mijn zus")
    assert wanderer.messages[-1]["kind"] == "question" and "Wanneer gebeurde het laatst?" in wanderer.text
    wanderer.press("Deze week")
    kinds = [message["kind"] for message in wanderer.messages]
    assert "route" in kinds and "1712" in wanderer.text


def test_after_something_sensitive_no_server_gives_the_last_turn_again(wanderer, servers):
    wanderer.say("hoe beveilig ik mijn achterdeur")
    again = httpx.post(f"{servers[0].url}/sessions/resume", headers=wanderer.headers).json()
    assert again["messages"][0]["text"] == wanderer.messages[0]["text"]
    wanderer.say("mijn vader slaat mijn broertje")
    for server in servers:
        assert httpx.post(f"{server.url}/sessions/resume", headers=wanderer.headers).json() == {"messages": []}


def test_closed_with_one_is_closed_with_all(wanderer, servers):
    wanderer.say("hoe beveilig ik mijn achterdeur")
    httpx.post(f"{servers[0].url}/sessions/close", headers=wanderer.headers)
    for server in servers:
        response = httpx.post(f"{server.url}/messages", json={"text": "dag"}, headers=wanderer.headers)
        assert_problem(response, 401)


def test_a_contact_that_wanders_counts_once(wanderer, redis_server):
    before = exact(redis_server)
    for text in ("mijn fiets is gestolen", "en wat moet ik meebrengen?", "hoe beveilig ik mijn achterdeur", "bedankt"):
        wanderer.say(text)
    until = time.monotonic() + SECONDS
    while exact(redis_server) == before and time.monotonic() < until:
        time.sleep(0.2)
    assert exact(redis_server) == before + 1


def test_without_redis_everybody_gets_the_numbers_and_with_it_all_goes_on(servers, redis_server):
    resident = servers[0].open()
    redis_server.stop()
    try:
        start = time.monotonic()
        assert_problem(resident.client.post("/messages", json={"text": "hij slaat mij nu"}, headers=resident.headers), 503)
        assert_problem(resident.client.post("/sessions"), 503)
        assert_problem(resident.client.post("/sessions/close", headers=resident.headers), 503)
        assert time.monotonic() - start < 5
        assert resident.client.get("/health").status_code == 200
    finally:
        redis_server.start()
    assert_problem(resident.client.post("/messages", json={"text": "dag"}, headers=resident.headers), 401)
    for server in servers:
        assert server.open().say("mijn fiets is gestolen")[0]["topic"] == "fietsdiefstal"
