"""Conversations that several chat servers share, sealed, in one Redis that keeps nothing on a disk.

Redis holds no id and no readable text: a name is an HMAC of the conversation's id, a text is sealed (Fernet) by a key made of
CHAT_SECRET and that id, and the id itself only stands in the resident's browser.
"""

import asyncio
import base64
import contextlib
import hmac
import zlib
from typing import Any, AsyncIterator, Awaitable, Callable, Optional, TypeVar

import redis
from cryptography.fernet import Fernet, InvalidToken
from redis import asyncio as aioredis
from redis.asyncio.lock import Lock

from bot.errors import SettingsError, VaultError
from bot.redis_memory import NO_ENTRY, QUESTIONS, SILENT, complaint
from bot.settings import Settings

SETTING = "CHAT_STORE_URL"
PREFIX = "wijkwijzer:chat:"
SECONDS = 1.0         # a resident never waits longer for one answer of Redis
LOCK_SECONDS = 6.0    # a server that dies in mid-turn holds the conversation no longer than this
RENEW_SECONDS = 2.0
Result = TypeVar("Result")


class Vault:
    """Everything that chat servers share; every method but `name` raises VaultError when Redis is gone or unfit."""

    def __init__(self, url: str, secret: str, ttl: float) -> None:
        self.ttl = int(ttl)
        self._secret = secret.encode()
        try:
            self._redis: Any = aioredis.Redis.from_url(url, socket_timeout=SECONDS, socket_connect_timeout=SECONDS,
                                                       redis_connect_func=_connect)
        except ValueError:
            raise SettingsError(f"{SETTING}: not an address such as redis://127.0.0.1:6379/1") from None

    @classmethod
    def of(cls, settings: Settings) -> "Vault":
        """The vault that the settings name."""
        return cls(settings.chat_store_url, settings.chat_secret, settings.chat_ttl_minutes * 60)

    def name(self, kind: str, id: str) -> str:
        """The name in Redis of what is kept of a conversation; tells nothing about its id."""
        return f"{PREFIX}{kind}:{self._digest('name', kind, id).hex()}"

    async def check(self) -> None:
        """Return when Redis answers and is fit."""
        await self._try(self._redis.ping)

    async def get(self, kind: str, id: str) -> Optional[str]:
        """The text that was put, or None when there is none any more."""
        return self._opened(kind, id, await self._try(lambda: self._redis.get(self.name(kind, id))))

    async def put(self, kind: str, id: str, text: str) -> None:
        """Keep a text for `ttl` seconds."""
        await self._try(lambda: self._redis.set(self.name(kind, id), self._sealed(kind, id, text), ex=self.ttl))

    async def change(self, kind: str, id: str, how: Callable[[str], str]) -> None:
        """Replace a text by what `how` makes of it, with nobody in between; nothing when it is gone."""
        name = self.name(kind, id)

        async def replace(pipe: Any) -> None:
            found = self._opened(kind, id, await pipe.get(name))
            pipe.multi()
            if found is not None:
                pipe.set(name, self._sealed(kind, id, how(found)), ex=self.ttl)

        await self._try(lambda: self._redis.transaction(replace, name))

    async def prolong(self, kind: str, id: str) -> None:
        """Keep a text for another `ttl` seconds."""
        await self._try(lambda: self._redis.expire(self.name(kind, id), self.ttl))

    async def forget(self, kind: str, id: str) -> None:
        """Forget a text now; an unknown one is fine."""
        await self._try(lambda: self._redis.delete(self.name(kind, id)))

    async def times(self, kind: str, id: str, seconds: int) -> int:
        """How often this was called for an id since the first time, at most `seconds` ago; this time counts."""
        name = self.name(kind, id)

        async def count(pipe: Any) -> None:
            left = await pipe.ttl(name)
            pipe.multi()
            pipe.incr(name)
            if left < 0:
                pipe.expire(name, seconds)

        return (await self._try(lambda: self._redis.transaction(count, name)))[0]

    async def enter(self, kind: str, id: str, limit: int) -> bool:
        """True when there is room for another one among those that live; it then counts for `ttl` seconds."""
        now = (await self._try(self._redis.time))[0]
        group, member = f"{PREFIX}{kind}", self.name(kind, id)

        async def add(pipe: Any) -> None:
            room = await pipe.zcount(group, now, "+inf") < limit
            pipe.multi()
            pipe.zremrangebyscore(group, "-inf", f"({now}")
            if room:
                pipe.zadd(group, {member: now + self.ttl})
                pipe.expire(group, self.ttl + 1)

        return len(await self._try(lambda: self._redis.transaction(add, group))) > 1

    async def leave(self, kind: str, id: str) -> None:
        """It counts no longer."""
        await self._try(lambda: self._redis.zrem(f"{PREFIX}{kind}", self.name(kind, id)))

    @contextlib.asynccontextmanager
    async def alone(self, id: str, patience: float) -> AsyncIterator[None]:
        """Nobody else is in a conversation meanwhile; VaultError after `patience` seconds of waiting for that."""
        lock = Lock(self._redis, self.name("turn", id), timeout=LOCK_SECONDS, blocking_timeout=patience, sleep=0.05,
                    thread_local=False)
        if not await self._try(lock.acquire):
            raise VaultError("busy")
        renewing = asyncio.ensure_future(_renew(lock))
        try:
            yield
        finally:
            renewing.cancel()
            with contextlib.suppress(redis.RedisError, OSError, asyncio.TimeoutError):  # it ends by itself soon
                await lock.release()

    async def _try(self, call: Callable[[], Awaitable[Result]]) -> Result:
        """Once more on a new connection: those of a Redis that was started again are dead, and say so only when used."""
        try:
            try:
                return await call()
            except redis.ConnectionError:
                await self._redis.connection_pool.disconnect(inuse_connections=False)
                return await call()
        except (redis.RedisError, OSError, asyncio.TimeoutError) as error:
            raise VaultError("redis") from error

    def _digest(self, *parts: str) -> bytes:
        return hmac.digest(self._secret, "\0".join(parts).encode(), "sha256")

    def _fernet(self, kind: str, id: str) -> Fernet:
        return Fernet(base64.urlsafe_b64encode(self._digest("seal", kind, id)))

    def _sealed(self, kind: str, id: str, text: str) -> bytes:
        return self._fernet(kind, id).encrypt(zlib.compress(text.encode(), 1))

    def _opened(self, kind: str, id: str, sealed: Optional[bytes]) -> Optional[str]:
        if sealed is None:
            return None
        try:
            return zlib.decompress(self._fernet(kind, id).decrypt(sealed)).decode()
        except (InvalidToken, zlib.error) as error:
            raise VaultError("what stands in Redis was not sealed by us") from error


async def _renew(lock: Lock) -> None:
    with contextlib.suppress(redis.RedisError, OSError, asyncio.TimeoutError):
        while True:
            await asyncio.sleep(RENEW_SECONDS)
            await lock.reacquire()


async def _connect(connection: Any) -> None:
    """Said first on every new connection: a Redis that was started again may have been started differently."""
    try:
        await connection.on_connect()
        for question in QUESTIONS:
            await connection.send_command(*question)
            wrong = complaint(question, await connection.read_response())
            if wrong:
                raise VaultError(f"{SETTING}: {wrong}; conversations are never written to a disk and never thrown away")
    except redis.AuthenticationError as error:
        await connection.disconnect()
        raise VaultError(f"{SETTING}: {NO_ENTRY}") from error
    except redis.ResponseError as error:
        await connection.disconnect()
        raise VaultError(f"{SETTING}: {SILENT}") from error
    except VaultError:
        await connection.disconnect()
        raise
