"""The measuring itself: lines through memory, percentiles, and a crowd that notices every lost, wrong or bare answer."""

import asyncio
import json
import math

import pytest
from aiohttp import web

from benchmarks import residents
from benchmarks.load import percentiles, slope
from benchmarks.residents import Findings, Play, scripts
from tests.conftest import free_port

OPENING = {"kind": "text", "topic": None, "text": "Dag", "buttons": [], "links": []}


def test_a_slope_is_per_second():
    assert slope([(0, 5), (10, 25), (20, 45)]) == pytest.approx(2)
    assert slope([(0, 7), (10, 7)]) == 0 and math.isnan(slope([(0, 7)]))


def test_percentiles_are_those_of_all():
    assert percentiles([number / 1000 for number in range(1, 101)]) == "p50 51, p95 96, p99 100, longest 100 ms"


def test_scripts_are_the_same_each_time_and_hold_dangers_and_intakes():
    assert scripts() == scripts() and len(scripts()) == 72
    assert len({talk[0] for talk in scripts()}) == 72


class Server:
    """A chat API whose every answer to a message is what `next` gives: (status, body)."""

    def __init__(self):
        self.answers, self.said = [], []

    async def start(self):
        app = web.Application()
        app.router.add_post("/chat/sessions", lambda _: self._told(201, {"session": "s", "messages": [OPENING]}))
        app.router.add_post("/chat/messages", self._message)
        app.router.add_post("/chat/sessions/close", lambda _: self._told(204, None))
        self.runner = web.AppRunner(app)
        await self.runner.setup()
        port = free_port()
        await web.TCPSite(self.runner, "127.0.0.1", port).start()
        return f"http://127.0.0.1:{port}/chat"

    async def _told(self, status, body):
        return web.Response(status=status, text="" if body is None else json.dumps(body), headers={"Retry-After": "0.01"})

    async def _message(self, request):
        self.said.append((await request.json())["text"])
        if not self.answers:
            return await self._told(200, {"messages": [{**OPENING, "topic": self.said[-1]}]})
        status, body = self.answers.pop(0)
        if status is None:
            request.transport.close()
        return await self._told(status or 200, body)


@pytest.mark.parametrize(("answers", "lost", "wrong", "bare", "statuses"), [
    ([], 0, 0, 0, {200: 2, 201: 1, 204: 1}),
    ([(503, {"emergency": ["tel:101", "tel:112"]})], 0, 0, 0, {200: 2, 201: 1, 204: 1, 503: 1}),
    ([(503, {})], 0, 0, 1, {200: 2, 201: 1, 204: 1, 503: 1}),
    ([(401, {"emergency": ["tel:101", "tel:112"]})], 1, 0, 0, {201: 1, 401: 1}),
    ([(200, {"messages": []})], 0, 1, 0, {200: 2, 201: 1, 204: 1}),
    ([(None, {})], 1, 0, 0, {201: 1}),
])
async def test_a_talk_finds_what_went_wrong(answers, lost, wrong, bare, statuses):
    server = Server()
    play = Play(await server.start(), [("een", "twee")], Findings())
    await play.rehearse()
    server.answers = list(answers)
    await play.talk()
    found = play.findings
    assert (len(found.lost), len(found.wrong), len(found.without_numbers), found.statuses) == (lost, wrong, bare, statuses)
    await play.close()
    await server.runner.cleanup()


async def test_who_is_refused_for_ever_is_lost(monkeypatch):
    monkeypatch.setattr(residents, "MAX_TRIES", 3)
    server = Server()
    play = Play(await server.start(), [("een",)], Findings())
    await play.rehearse()
    server.answers = [(429, {"emergency": ["tel:101", "tel:112"]})] * 5
    await asyncio.wait_for(play.talk(), 5)
    assert play.findings.lost and play.findings.statuses[429] == 3
    await play.close()
    await server.runner.cleanup()
