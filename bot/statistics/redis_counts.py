"""Running counts in one Redis that several action servers share. Redis must keep nothing on a disk, or nothing is counted."""

import contextlib
import secrets
from typing import Any, Iterator

import redis

from bot.errors import LimitError, SettingsError
from bot.redis_memory import NO_ENTRY, QUESTIONS, SILENT, complaint
from bot.statistics.counts import Counts, Noise, previous

PREFIX = "wijkwijzer:statistics:"
OPENED, ALIVE = f"{PREFIX}opened", f"{PREFIX}alive"
SECONDS = 0.25       # a resident never waits longer for a Redis that is gone
REMEMBERED = 86400   # seconds that Redis knows the last sending of a server
SETTING = "STATISTICS_COUNTER_URL"


class RedisCounts(Counts):
    """One hash a table and period. Changes that cannot be sent are kept in memory and sent with a later one.

    A sending has a random number that Redis notes with it: when only the answer was lost, it is not counted twice.
    """

    def __init__(self, url: str) -> None:
        self._prepare()
        self._sent = f"{PREFIX}sent:{secrets.token_hex(8)}"
        self._sending: dict[tuple[str, str, str], int] = {}
        self._number = ""
        try:
            self._redis: Any = redis.Redis.from_url(url, socket_timeout=SECONDS, socket_connect_timeout=SECONDS,
                                                    decode_responses=True, redis_connect_func=_connect)
        except ValueError:
            raise SettingsError(f"{SETTING}: not an address such as redis://127.0.0.1:6379/0") from None
        with contextlib.suppress(OSError), _working():  # one that is gone stops nobody: every tick tries again, and tells
            self._redis.ping()

    def flush(self) -> None:
        """Send what is pending in one transaction; raises OSError when Redis is gone."""
        with self._guard:
            while self._sending or self._pending:
                if not self._sending:
                    self._sending, self._number = dict(self._pending), secrets.token_hex(8)
                    self._pending.clear()
                with _working():
                    self._redis.transaction(self._send, self._sent)
                self._sending = {}

    def _send(self, pipe: Any) -> None:
        arrived, opened = pipe.get(self._sent) == self._number, pipe.hkeys(OPENED)
        pipe.multi()
        if arrived:
            return
        for (period, table, cell), by in self._sending.items():
            pipe.hincrby(_key("counts", period, table), cell, by)
            pipe.hsetnx(OPENED, period, int(previous(period) in opened))
        pipe.set(self._sent, self._number, ex=REMEMBERED)

    def opened(self) -> dict[str, bool]:
        """As Counts.opened."""
        with _working():
            return {period: value == "1" for period, value in self._redis.hgetall(OPENED).items()}

    def open(self, period: str, complete: bool) -> None:
        """As Counts.open."""
        with _working():
            self._redis.hsetnx(OPENED, period, int(complete))

    def alive(self, seconds: float, silence: float) -> None:
        """As Counts.alive, over all action servers together."""
        def note(pipe: Any) -> None:
            before, opened = float(pipe.get(ALIVE) or 0), pipe.hkeys(OPENED)
            pipe.multi()
            if before and opened and seconds - before > silence:
                pipe.hset(OPENED, mapping=dict.fromkeys(opened, 0))
            pipe.set(ALIVE, seconds)

        with _working():
            self._redis.transaction(note, ALIVE, OPENED)

    def _draw(self, period: str, table: str, noise: Noise) -> dict[str, int]:
        """As Counts.draw: whichever server is first draws, the others get its values."""
        counts, drawn = _key("counts", period, table), _key("drawn", period, table)

        def once(pipe: Any) -> None:
            if pipe.exists(drawn):
                pipe.multi()
                return
            values = noise({cell: int(number) for cell, number in pipe.hgetall(counts).items()})
            pipe.multi()
            pipe.hset(drawn, mapping=values)
            pipe.delete(counts)

        with _working():
            self._redis.transaction(once, counts, drawn)
            return {cell: int(number) for cell, number in self._redis.hgetall(drawn).items()}

    def settle(self, period: str) -> None:
        """As Counts.settle."""
        with _working():
            keys = [key for part in ("counts", "drawn") for key in self._redis.scan_iter(_key(part, period, "*"))]
            if keys:
                self._redis.delete(*keys)
            self._redis.hdel(OPENED, period)

    def exact(self, period: str, table: str) -> dict[str, int]:
        """As Counts.exact."""
        with _working():
            return {cell: int(number) for cell, number in self._redis.hgetall(_key("counts", period, table)).items()}


def _key(part: str, period: str, table: str) -> str:
    return f"{PREFIX}{part}:{period}:{table}"


def _connect(connection: Any) -> None:
    """Said first on every new connection: a Redis that was started again may have been started differently."""
    try:
        connection.on_connect()
        for question in QUESTIONS:
            connection.send_command(*question)
            wrong = complaint(question, connection.read_response())
            if wrong:
                raise LimitError(f"{SETTING}: {wrong}; exact counts are never written to a disk and never thrown away")
    except redis.AuthenticationError as error:
        raise SettingsError(f"{SETTING}: {NO_ENTRY}") from error
    except redis.ResponseError as error:
        connection.disconnect()
        raise LimitError(f"{SETTING}: {SILENT}") from error
    except LimitError:
        connection.disconnect()
        raise


@contextlib.contextmanager
def _working() -> Iterator[None]:
    """One kind of error for a full tmpfs and for a Redis that is gone."""
    try:
        yield
    except redis.RedisError as error:
        raise OSError("redis") from error
