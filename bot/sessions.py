"""Chat sessions: server-made, signed ids; the buttons each was offered; how fast it talks. RAM only."""

import asyncio
import contextlib
import secrets
import time
from collections import deque
from dataclasses import dataclass, field
from typing import Any, AsyncIterator, Callable

from itsdangerous import BadSignature, Signer

from bot.errors import SessionError, WijkwijzerError
from bot.settings import Settings

MINUTE = 60.0
MAX_OFFERED = 60


class Overloaded(WijkwijzerError):
    """No room for another conversation."""


class TooFast(WijkwijzerError):
    """A session sent more messages in a minute than allowed."""


@dataclass
class Session:
    """One conversation: `id` is the sender id that Rasa sees; `offered` maps button ids to intent payloads.

    `wiped` stays true after the resident wiped it: what was counted is forgotten with the rest, so it counts no more.
    `renewed` is true in the turn that wiped it: buttons of before count no more.
    `last` is what the last turn showed, for a page change; empty from the first sensitive message on (`sensitive`).
    """

    id: str
    expires: float
    offered: dict[str, str] = field(default_factory=dict)
    recent: deque[float] = field(default_factory=deque)
    wiped: bool = False
    last: list[dict[str, Any]] = field(default_factory=list, repr=False)
    sensitive: bool = False
    renewed: bool = False
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)

    def offer(self, payload: str) -> str:
        """A new opaque button id for a payload; the oldest offers are forgotten."""
        button = secrets.token_urlsafe(9)
        self.offered[button] = payload
        for forgotten in list(self.offered)[:-MAX_OFFERED]:
            del self.offered[forgotten]
        return button

    def wipe(self) -> None:
        """Forget what was offered and shown so far."""
        self.offered.clear()
        self.last = []
        self.wiped = self.renewed = True

    def keep_last(self, messages: list[dict[str, Any]], sensitive: bool) -> None:
        """Keep the messages of a turn instead of those before; a sensitive turn means that none are kept any more."""
        self.sensitive |= sensitive
        self.last = [] if self.sensitive else list(messages)


class Sessions:
    """All open sessions, in the memory of this process (of several: bot.shared_sessions). `clock` is monotonic seconds."""

    def __init__(self, settings: Settings, clock: Callable[[], float] = time.monotonic) -> None:
        self._signer = Signer(settings.chat_secret, salt="wijkwijzer.chat")
        self._ttl = settings.chat_ttl_minutes * MINUTE
        self._limit = settings.chat_max_sessions
        self._per_minute = settings.chat_messages_per_minute
        self._clock = clock
        self._open: dict[str, Session] = {}

    async def open(self) -> tuple[str, Session]:
        """(token, session); raises Overloaded when memory is full of conversations."""
        await self.sweep()
        if len(self._open) >= self._limit:
            raise Overloaded("no room for another conversation")
        token, session = self._new()
        self._open[session.id] = session
        return token, session

    async def get(self, token: str) -> Session:
        """The session of a token; raises SessionError when it is forged, unknown, expired or closed."""
        id = self._id(token)
        session = self._open.get(id)
        if session is None or session.expires <= self._clock():
            self._open.pop(id, None)
            raise SessionError("unknown or expired session")
        return session

    async def touch(self, session: Session) -> None:
        """Count a message and prolong the session; raises TooFast."""
        now = self._clock()
        while session.recent and session.recent[0] <= now - MINUTE:
            session.recent.popleft()
        if len(session.recent) >= self._per_minute:
            raise TooFast("too many messages in a minute")
        session.recent.append(now)
        session.expires = now + self._ttl

    @contextlib.asynccontextmanager
    async def turn(self, session: Session) -> AsyncIterator[None]:
        """One turn at a time: a second message of the same conversation waits here."""
        async with session.lock:
            yield

    async def keep(self, session: Session) -> None:
        """Keep what a turn changed: offers, last messages, whether it was wiped or sensitive."""

    async def lives(self, session: Session) -> bool:
        """False once it was closed or its time is over."""
        return session.id in self._open

    async def close(self, session: Session) -> None:
        """Forget a session; closing twice is fine."""
        self._open.pop(session.id, None)
        session.keep_last([], sensitive=True)

    async def sweep(self) -> list[str]:
        """Forget the sessions whose time is over and return their ids."""
        now = self._clock()
        over = [id for id, session in self._open.items() if session.expires <= now]
        for id in over:
            del self._open[id]
        return over

    def __len__(self) -> int:
        return len(self._open)

    def _new(self) -> tuple[str, Session]:
        session = Session(secrets.token_urlsafe(24), self._clock() + self._ttl)
        return self._signer.sign(session.id).decode(), session

    def _id(self, token: str) -> str:
        try:
            return self._signer.unsign(token).decode()
        except (BadSignature, UnicodeError) as error:
            raise SessionError("forged token") from error
