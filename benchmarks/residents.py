"""Many residents at once who follow scripts, and know what they should be answered: for load, faults and scale."""

import asyncio
import itertools
import json
import time
from dataclasses import dataclass, field
from typing import Any, Iterator, NamedTuple, Optional, Sequence

import aiohttp

from benchmarks import sentences

PRESS = "!"  # a turn that begins with this presses the button of that title
MAX_TRIES = 20
MAX_WAIT_SECONDS = 20.0
TIMEOUT = aiohttp.ClientTimeout(total=60)
BUSY = (429, 502, 503)
NUMBERS = ("tel:101", "tel:112")
INTAKES = (
    ("mijn man slaat mij als hij gedronken heeft", "!Ja", "!Langer geleden", "bedankt"),
    ("ik word gestalkt door mijn ex", "!Ja", "zeg ik liever niet"),
    ("mijn buurman scheldt mij uit omdat ik zwart ben", "!Op straat", "en hoe lang duurt dat?"),
    ("een vriendin is verkracht vorige week", "!Ja", "dat is al langer geleden", "wat kost dat?"),
)

Script = tuple[str, ...]
Shown = tuple[Any, ...]


class Response(NamedTuple):
    """An answer over HTTP, read to its end."""

    status: int
    retry_after: float
    text: str


class Turn(NamedTuple):
    """One answered turn: seconds until the answer that counted, what was shown, how often it was refused before."""

    seconds: float
    shown: Shown
    refused: int


@dataclass
class Findings:
    """What went wrong, by kind, with how often each status was given; empty lists are what everybody hopes for."""

    turns: list[tuple[float, float]] = field(default_factory=list)  # when it was answered, how long it took
    statuses: dict[int, int] = field(default_factory=dict)
    lost: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    without_numbers: list[str] = field(default_factory=list)

    def status(self, response: Response) -> None:
        """Count a status; a refusal must carry the emergency numbers."""
        self.statuses[response.status] = self.statuses.get(response.status, 0) + 1
        if response.status >= 400 and not all(number in response.text for number in NUMBERS):
            self.without_numbers.append(f"{response.status} {response.text[:80]}")


class Lost(Exception):
    """A conversation could not go on."""


def scripts(plain: int = 60, dangers: int = 8, turns: int = 3) -> list[Script]:
    """Conversations over all topics that change their mind, some intakes, some emergencies. The same each time."""
    texts = [item.text for item in sentences.read("topics")]
    step = len(texts) // (plain * turns)
    picked = texts[::step][:plain * turns]
    talks: list[Script] = [tuple(picked[number::plain]) for number in range(plain)]
    talks += INTAKES
    talks += [(item.text, "bedankt") for item in sentences.read("danger")[::25][:dangers]]
    return talks


def shown(messages: Sequence[dict[str, Any]]) -> Shown:
    """What a turn showed, without what differs by time of day or by session."""
    return tuple((item["kind"], item["topic"], tuple(button["title"] for button in item["buttons"]),
                  tuple(link["title"] for link in item["links"])) for item in messages)


class Resident:
    """One resident; `url` is the address of the chat API."""

    def __init__(self, client: aiohttp.ClientSession, url: str, findings: Findings) -> None:
        self._client, self._url, self._findings = client, url, findings
        self._headers: dict[str, str] = {}
        self._buttons: dict[str, str] = {}

    async def open(self) -> None:
        """Begin; tries again as it is told to. Raises Lost."""
        response, _ = await self._post("/sessions")
        self._headers = {"Authorization": f"Bearer {json.loads(response.text)['session']}"}
        self._read(response)

    async def turn(self, said: str) -> Turn:
        """Say or press; raises Lost."""
        body = {"choice": self._button(said[1:])} if said.startswith(PRESS) else {"text": said}
        start = time.monotonic()
        response, refused = await self._post("/messages", body)
        if not refused:
            self._findings.turns.append((time.monotonic(), time.monotonic() - start))
        return Turn(time.monotonic() - start, shown(self._read(response)), refused)

    async def close(self) -> None:
        """Forget it."""
        await self._post("/sessions/close")

    def _button(self, title: str) -> str:
        if title not in self._buttons:
            raise Lost(f"no button {title}")
        return self._buttons[title]

    def _read(self, response: Response) -> list[dict[str, Any]]:
        messages = json.loads(response.text)["messages"]
        self._buttons = {button["title"]: button["id"] for item in messages for button in item["buttons"]}
        return messages

    async def _post(self, path: str, body: Optional[dict[str, str]] = None) -> tuple[Response, int]:
        for tries in range(MAX_TRIES):
            try:
                async with self._client.post(self._url + path, json=body, headers=self._headers) as answer:
                    response = Response(answer.status, float(answer.headers.get("Retry-After", 5)), await answer.text())
            except (aiohttp.ClientError, asyncio.TimeoutError) as error:
                raise Lost(f"{type(error).__name__} {error}") from error
            self._findings.status(response)
            if response.status < 300:
                return response, tries
            if response.status not in BUSY:
                raise Lost(f"{response.status} on {path}")
            await asyncio.sleep(min(MAX_WAIT_SECONDS, response.retry_after * (0.5 + tries % 4 / 4)))
        raise Lost(f"refused {MAX_TRIES} times")


class Play:
    """Plays scripts and compares with a reading of each by one resident alone."""

    def __init__(self, url: str, talks: Sequence[Script], findings: Findings) -> None:
        self._url, self.findings, self._talks = url, findings, list(talks)
        self._client = aiohttp.ClientSession(timeout=TIMEOUT, connector=aiohttp.TCPConnector(limit=0))
        self._expected: dict[Script, list[Shown]] = {}
        self._next: Iterator[Script] = itertools.cycle(self._talks)

    async def rehearse(self) -> None:
        """Each script once, alone: what is shown then is right for every later play."""
        for talk in self._talks:
            resident = Resident(self._client, self._url, Findings())
            await resident.open()
            self._expected[talk] = [(await resident.turn(said)).shown for said in talk]
            await resident.close()

    async def talk(self, think: float = 0.0) -> None:
        """The next script from beginning to end, with `think` seconds between turns; findings are noted."""
        script, place = next(self._next), ""
        resident = Resident(self._client, self._url, self.findings)
        try:
            await resident.open()
            for number, said in enumerate(script):
                place = f"turn {number + 1} of {script[0][:40]!r}"
                if number and think:
                    await asyncio.sleep(think)
                turn = await resident.turn(said)
                if turn.shown != self._expected[script][number]:
                    self.findings.wrong.append(f"{place}: {turn.shown} instead of {self._expected[script][number]}")
            await resident.close()
        except Lost as error:
            self.findings.lost.append(f"{place or 'opening'}: {error}")

    async def crowd(self, users: int, seconds: float) -> float:
        """So many residents, each one script after another; turns a second over all, of those that were answered in time."""
        until = time.monotonic() + seconds
        before = len(self.findings.turns)

        async def one() -> None:
            while time.monotonic() < until:
                await self.talk()

        await asyncio.gather(*(one() for _ in range(users)))
        return len([when for when, _ in self.findings.turns[before:] if when <= until]) / seconds

    async def close(self) -> None:
        """Let go of all connections."""
        await self._client.close()
