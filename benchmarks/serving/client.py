"""The load generator, a process of its own: N residents who each wait for an answer before they type on, without thinking.

Reads one JSON object from standard input {"who", "url", "conversations", "users", "turns"} and prints one with what it saw.
"""

import asyncio
import itertools
import json
import os
import sys
import time
from typing import Any, Iterator

import aiohttp

from benchmarks import kernel
from benchmarks.serving.project import STOCK

TIMEOUT_SECONDS = 90
STEPS = (0.5, 0.95, 0.99)


def percentile(values: list[float], share: float) -> float:
    """The smallest value that at least this share of the values does not exceed; NaN for none."""
    ordered = sorted(values)
    rank = -int(-len(ordered) * share // 1)  # rounded up
    return ordered[max(rank, 1) - 1] if ordered else float("nan")


class Resident:
    """One conversation with either server; `say` gives the messages that came back, none when something failed."""

    def __init__(self, session: aiohttp.ClientSession, who: str, url: str, name: str) -> None:
        self.session, self.stock, self.url, self.name = session, who == STOCK, url, name
        self.headers: dict[str, str] = {}

    async def open(self) -> None:
        """Ours gives a token first; the REST channel of Rasa takes any name."""
        if not self.stock:
            async with self.session.post(f"{self.url}/chat/sessions") as response:
                self.headers = {"Authorization": f"Bearer {(await response.json())['session']}"}

    async def say(self, text: str) -> list[dict[str, Any]]:
        """One turn."""
        path, body = ("/webhooks/rest/webhook", {"sender": self.name, "message": text}) if self.stock else \
            ("/chat/messages", {"text": text})
        async with self.session.post(self.url + path, json=body, headers=self.headers) as response:
            answer = await response.json(content_type=None)
            if response.status != 200:
                return []
            return answer if self.stock else answer["messages"]


class Load:
    """The turns of a run: `milliseconds` of each, how many stayed unanswered, how much was said."""

    def __init__(self, order: dict[str, Any]) -> None:
        self.order, self.left = order, order["turns"]
        self.milliseconds: list[float] = []
        self.unanswered, self.opened, self.characters = 0, 0, 0
        self.stream: Iterator[list[str]] = itertools.cycle(order["conversations"])

    async def run(self) -> dict[str, Any]:
        """Do all turns; wall time in seconds, latencies in milliseconds."""
        connector = aiohttp.TCPConnector(limit=0)
        timeout = aiohttp.ClientTimeout(total=TIMEOUT_SECONDS)
        async with aiohttp.ClientSession(connector=connector, timeout=timeout) as session:
            start = time.perf_counter()
            await asyncio.gather(*(self._user(session, number) for number in range(self.order["users"])))
            seconds = time.perf_counter() - start
        done = len(self.milliseconds)
        return {**{f"p{share * 100:.0f}": percentile(self.milliseconds, share) for share in STEPS},
                "turns": done, "seconds": seconds, "turns_per_second": done / seconds, "unanswered": self.unanswered,
                "conversations": self.opened, "characters_per_turn": self.characters / max(done, 1)}

    async def _user(self, session: aiohttp.ClientSession, number: int) -> None:
        while self.left > 0:
            texts = next(self.stream)
            resident = Resident(session, self.order["who"], self.order["url"], f"{os.getpid()}-{number}-{self.opened}")
            self.opened += 1
            await resident.open()
            for text in texts:
                if self.left <= 0:
                    return
                self.left -= 1
                await self._turn(resident, text)

    async def _turn(self, resident: Resident, text: str) -> None:
        start = time.perf_counter()
        try:
            messages = await resident.say(text)
        except (aiohttp.ClientError, asyncio.TimeoutError, ValueError):
            messages = []
        self.milliseconds.append((time.perf_counter() - start) * 1000)
        self.unanswered += not messages
        self.characters += sum(len(message.get("text") or "") for message in messages)


if __name__ == "__main__":
    os.sched_setaffinity(0, kernel.cores()[1])
    print(json.dumps(asyncio.run(Load(json.load(sys.stdin)).run())))
