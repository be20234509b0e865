"""Chat sessions that several chat servers share through a vault: any of them may take the next message."""

import contextlib
import json
import time
from typing import Any, AsyncIterator, Callable

from bot.errors import SessionError
from bot.sessions import MAX_OFFERED, MINUTE, Overloaded, Session, Sessions, TooFast
from bot.settings import Settings
from bot.vault import Vault

KIND, RATE, OPEN = "session", "messages", "open"
PATIENCE_SECONDS = 20.0


class SharedSessions(Sessions):
    """As Sessions; a `Session` is here one reading of what is shared, and `keep` shares what a turn changed.

    Every method raises VaultError too. The speed limit counts a minute from its first message.
    """

    def __init__(self, settings: Settings, vault: Vault, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__(settings, clock)
        self._vault = vault

    async def open(self) -> tuple[str, Session]:
        """As Sessions.open; the limit holds for all servers together."""
        token, session = self._new()
        if not await self._vault.enter(OPEN, session.id, self._limit):
            raise Overloaded("no room for another conversation")
        await self._vault.put(KIND, session.id, _written(session))
        return token, session

    async def get(self, token: str) -> Session:
        """As Sessions.get."""
        id = self._id(token)
        text = await self._vault.get(KIND, id)
        if text is None:
            raise SessionError("unknown or expired session")
        return _read(id, text, self._clock() + self._ttl)

    async def touch(self, session: Session) -> None:
        """As Sessions.touch."""
        if await self._vault.times(RATE, session.id, int(MINUTE)) > self._per_minute:
            raise TooFast("too many messages in a minute")
        await self._vault.prolong(KIND, session.id)
        await self._vault.enter(OPEN, session.id, self._limit)

    @contextlib.asynccontextmanager
    async def turn(self, session: Session) -> AsyncIterator[None]:
        """As Sessions.turn, over all servers."""
        async with self._vault.alone(session.id, PATIENCE_SECONDS):
            yield

    async def keep(self, session: Session) -> None:
        """As Sessions.keep: beside what another turn of the same conversation kept meanwhile. A closed one stays closed."""

        def add(text: str) -> str:
            kept = _read(session.id, text, session.expires)
            offered = {} if session.renewed else kept.offered
            session.offered = dict(list({**offered, **session.offered}.items())[-MAX_OFFERED:])
            session.wiped |= kept.wiped
            session.keep_last(session.last, kept.sensitive)
            return _written(session)

        await self._vault.change(KIND, session.id, add)

    async def lives(self, session: Session) -> bool:
        """As Sessions.lives."""
        return await self._vault.get(KIND, session.id) is not None

    async def close(self, session: Session) -> None:
        """As Sessions.close."""
        await self._vault.forget(KIND, session.id)
        await self._vault.leave(OPEN, session.id)
        await super().close(session)

    async def sweep(self) -> list[str]:
        """Nothing: Redis forgets by itself."""
        return []


def _written(session: Session) -> str:
    return json.dumps({"offered": session.offered, "wiped": session.wiped, "last": session.last, "sensitive": session.sensitive})


def _read(id: str, text: str, expires: float) -> Session:
    values: dict[str, Any] = json.loads(text)
    return Session(id, expires, **values)
