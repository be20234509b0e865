"""Running counts in one Redis that several action servers share. Redis must keep nothing on a disk, or nothing starts."""

from typing import Any

import redis

from bot.errors import LimitError, SettingsError
from bot.statistics.counts import Counts, Noise

PREFIX = "wijkwijzer:statistics:"
OPENED, ALIVE = f"{PREFIX}opened", f"{PREFIX}alive"
SECONDS = 0.25       # a resident never waits longer for a Redis that is gone
PERSISTENCE = {"save": "", "appendonly": "no"}


class RedisCounts(Counts):
    """One hash a table and period. Changes that cannot be sent are kept in memory and sent with a later one."""

    def __init__(self, url: str) -> None:
        self._prepare()
        try:
            self._redis: Any = redis.Redis.from_url(url, socket_timeout=SECONDS, socket_connect_timeout=SECONDS,
                                                    decode_responses=True)
        except ValueError as error:
            raise SettingsError("STATISTICS_COUNTER_URL: not an address such as redis://127.0.0.1:6379/0") from error
        self._check_persistence()

    def _check_persistence(self) -> None:
        for name, wanted in PERSISTENCE.items():
            try:
                found = self._redis.config_get(name).get(name)
            except redis.ResponseError as error:
                raise LimitError(f"STATISTICS_COUNTER_URL: it does not tell whether {name} is off") from error
            except redis.RedisError as error:
                raise SettingsError("STATISTICS_COUNTER_URL: this Redis does not answer") from error
            if found != wanted:
                raise LimitError(f"STATISTICS_COUNTER_URL: this Redis writes to a disk ({name} is on); exact counts never do")

    def flush(self) -> None:
        """Send what is pending in one transaction; raises OSError when Redis is gone."""
        with self._guard:
            if not self._pending:
                return
            with _gone_is_an_oserror(), self._redis.pipeline(transaction=True) as pipe:
                for (period, table, cell), by in self._pending.items():
                    pipe.hincrby(_key("counts", period, table), cell, by)
                pipe.execute()
            self._pending.clear()

    def opened(self) -> dict[str, bool]:
        """As Counts.opened."""
        with _gone_is_an_oserror():
            return {period: value == "1" for period, value in self._redis.hgetall(OPENED).items()}

    def open(self, period: str, complete: bool) -> None:
        """As Counts.open."""
        with _gone_is_an_oserror():
            self._redis.hsetnx(OPENED, period, int(complete))

    def alive(self, seconds: float) -> float:
        """As Counts.alive, over all action servers together."""
        with _gone_is_an_oserror():
            return float(self._redis.getset(ALIVE, seconds) or 0)

    def mark_incomplete(self) -> None:
        """As Counts.mark_incomplete."""
        with _gone_is_an_oserror():
            opened = self._redis.hkeys(OPENED)
            if opened:
                self._redis.hset(OPENED, mapping=dict.fromkeys(opened, 0))

    def draw(self, period: str, table: str, noise: Noise) -> dict[str, int]:
        """As Counts.draw: whichever server is first draws, the others get its values."""
        self.flush()
        counts, drawn = _key("counts", period, table), _key("drawn", period, table)

        def once(pipe: Any) -> None:
            if pipe.exists(drawn):
                pipe.multi()
                return
            values = noise({cell: int(number) for cell, number in pipe.hgetall(counts).items()})
            pipe.multi()
            pipe.hset(drawn, mapping=values)
            pipe.delete(counts)

        with _gone_is_an_oserror():
            self._redis.transaction(once, counts, drawn)
            return {cell: int(number) for cell, number in self._redis.hgetall(drawn).items()}

    def settle(self, period: str) -> None:
        """As Counts.settle."""
        with _gone_is_an_oserror():
            keys = [key for part in ("counts", "drawn") for key in self._redis.scan_iter(_key(part, period, "*"))]
            if keys:
                self._redis.delete(*keys)
            self._redis.hdel(OPENED, period)

    def exact(self, period: str, table: str) -> dict[str, int]:
        """As Counts.exact."""
        with _gone_is_an_oserror():
            return {cell: int(number) for cell, number in self._redis.hgetall(_key("counts", period, table)).items()}


def _key(part: str, period: str, table: str) -> str:
    return f"{PREFIX}{part}:{period}:{table}"


class _gone_is_an_oserror:
    """One kind of error for a full tmpfs and for a Redis that is gone."""

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: Any, error: Any, trace: Any) -> None:
        if isinstance(error, redis.RedisError):
            raise OSError("redis") from error
