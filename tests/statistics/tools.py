"""What several tests of the statistics need: a clock that stands still, a folder in memory, a service."""

import contextlib
import datetime as dt
import shutil
import tempfile
from pathlib import Path
from typing import Iterator, Optional

from bot.statistics.contact import Change, count
from bot.statistics.counts import Counts
from bot.statistics.parameters import Parameters
from bot.statistics.periods import BRUSSELS
from bot.statistics.release import Service
from bot.statistics.service import SHARED_MEMORY
from bot.statistics.store import Store

MINUTE = dt.timedelta(minutes=1)
CONTACT = {"priority_week": "inbraak", "topic": "inbraak_alarm", "outcome": "answered", "daypart": "week_morning",
           "referral": "zone"}
SENSITIVE = {"priority_month": "integriteit", "outcome": "referred", "daypart": "weekend_night", "referral": "politie_nood"}


class Clock:
    """The moment that a test says it is, in Brussels."""

    def __init__(self, text: str) -> None:
        self.set(text)

    def set(self, text: str) -> None:
        """Set to a moment such as 2026-11-25 14:30."""
        self.moment = dt.datetime.fromisoformat(text).replace(tzinfo=BRUSSELS)

    def __call__(self) -> dt.datetime:
        return self.moment.astimezone(dt.timezone.utc)


def live(service: Service, clock: Clock, until: str, step: dt.timedelta = 15 * MINUTE) -> None:
    """Let a service tick up to a moment, as often as the real one does it within its silence."""
    end = Clock(until)()
    while clock() < end:
        clock.moment = min(clock() + step, end)
        service.tick()


def contact(service: Service, cells: Optional[dict[str, str]] = None) -> None:
    """One resident who talks to the assistant now."""
    changes, _ = count({}, CONTACT if cells is None else cells, service.clock(), service.parameters)
    service.add(changes)


def changes(period: str, table: str, cell: str, by: int = 1) -> list[Change]:
    """One step, as a list."""
    return [Change(period, table, cell, by)]


def make_service(counts: Counts, store: Store, parameters: Parameters, clock: Clock) -> Service:
    """A service that started."""
    service = Service(counts, store, parameters, clock)
    service.start()
    return service


@contextlib.contextmanager
def memory_folder() -> Iterator[Path]:
    """A new folder on tmpfs."""
    folder = Path(tempfile.mkdtemp(dir=SHARED_MEMORY, prefix="wijkwijzer-test-"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
