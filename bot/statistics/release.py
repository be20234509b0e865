"""From exact counts to released figures: once, after the embargo, for every cell of the key space."""

import asyncio
import datetime as dt
import logging
from typing import Callable, Mapping

from sqlalchemy.exc import SQLAlchemyError

from bot.statistics.contact import Change
from bot.statistics.counts import Counts
from bot.statistics.noise import discrete_laplace
from bot.statistics.parameters import Parameters, Table
from bot.statistics.periods import Period
from bot.statistics.store import Store

logger = logging.getLogger(__name__)

MISSED_AFTER = dt.timedelta(minutes=15)  # a longer silence of the service may have cost contacts
TICK_SECONDS = 60
Clock = Callable[[], dt.datetime]


def now() -> dt.datetime:
    """The present moment; replaced in tests and in the simulation."""
    return dt.datetime.now(dt.timezone.utc)


def noisy(exact: Mapping[str, int], table: Table) -> dict[str, int]:
    """One released value a cell of the table, zeros too, in sorted order."""
    return {cell: exact.get(cell, 0) + discrete_laplace(table.epsilon) for cell in sorted(table.cells)}


class Service:
    """Counts, opens periods when they begin and releases them when they are due."""

    def __init__(self, counts: Counts, store: Store, parameters: Parameters, clock: Clock = now) -> None:
        self.counts, self.store, self.parameters, self.clock = counts, store, parameters, clock
        self.missed_after = MISSED_AFTER  # a simulation whose clock jumps sets it higher
        self._prepared = False

    def start(self) -> None:
        """Called once: what was counted before goes on, after a longer silence marked as incomplete.

        Raises LimitError when the database was released outside the hard limits, StatisticsError when it is not ours.
        A database or a counter that is gone stops nobody: residents come first, and every minute it is tried again.
        """
        try:
            self._prepare()
        except (OSError, SQLAlchemyError) as error:
            _tell(error)
        self.tick()

    async def keep_ticking(self) -> None:
        """Tick every minute, for ever, in another thread: a database may be slow."""
        while True:
            await asyncio.sleep(TICK_SECONDS)  # first: the service has ticked as it started
            await asyncio.get_running_loop().run_in_executor(None, self.tick)

    def _prepare(self) -> None:
        if not self._prepared:
            self.store.prepare()
            self._prepared = True

    def add(self, changes: list[Change]) -> None:
        """Count; a period that is released already is never touched again."""
        moment = self.clock()
        self.counts.add([change for change in changes
                         if moment < Period.parse(change.period).due(self.parameters.embargo_days)])

    def tick(self) -> list[Period]:
        """Open the present periods and release what is due; called every minute. Never raises; the released periods."""
        try:
            self._open_present()
            self.counts.flush()
            return self.release()
        except Exception as error:  # whoever calls this every minute must go on doing so
            _tell(error)
            return []

    def _open_present(self) -> None:
        moment = self.clock()
        opened = self.counts.opened()
        for kind in sorted({table.period for table in self.parameters.tables.values()}):
            period = Period.of(kind, moment)
            if str(period) not in opened:
                self.counts.open(str(period), str(period.previous()) in opened)
        self.counts.alive(moment.timestamp(), self.missed_after.total_seconds())  # last: the new ones may be incomplete too

    def release(self) -> list[Period]:
        """Release every period that is due; raises OSError or SQLAlchemyError, and is then simply called again."""
        self._prepare()
        released = []
        for id, complete in sorted(self.counts.opened().items(), key=lambda item: Period.parse(item[0])):
            period = Period.parse(id)
            if self.clock() < period.due(self.parameters.embargo_days):
                continue
            tables = {table.name: self.counts.draw(id, table.name, lambda exact, table=table: noisy(exact, table))
                      for table in self.parameters.tables.values() if table.period == period.kind}
            if self.store.write(period, tables, complete):
                released.append(period)
            self.counts.settle(id)
        if released:
            today = self.clock().date()
            self.store.forget_before(today.replace(year=today.year - self.parameters.years, day=min(today.day, 28)))
        return released


def _tell(error: Exception) -> None:
    logger.error("statistics: %s; nothing is lost, it is tried again", type(error).__name__)
