"""What the dashboard may ask: figures of closed periods, from released values alone."""

import datetime as dt
from dataclasses import dataclass
from typing import Mapping, Sequence

from bot.errors import NotReleased
from bot.statistics import figures
from bot.statistics.figures import Figure
from bot.statistics.parameters import Parameters, Table
from bot.statistics.periods import KINDS, Period
from bot.statistics.store import Store

Released = Mapping[Period, Mapping[str, int]]  # values by period and cell
Log = Mapping[Period, bool]                    # complete by period


@dataclass(frozen=True)
class Cells:
    """The figures of a table over one period. `parts` of `expected` shorter periods were measured."""

    table: Table
    period: Period
    figures: Mapping[str, Figure]
    total: Figure
    complete: bool
    parts: int
    expected: int


@dataclass(frozen=True)
class Figures:
    """All released figures of one zone as they were read; `values` and `log` by table."""

    parameters: Parameters
    values: Mapping[str, Released]
    log: Mapping[str, Log]

    @classmethod
    def read(cls, store: Store) -> "Figures":
        """Read the database; raises SQLAlchemyError when it is not there."""
        tables = store.parameters.tables
        log = {name: store.log(name) for name in tables}  # first: what is released meanwhile has values but is not asked for
        return cls(store.parameters, {name: store.values(name) for name in tables}, log)

    def periods(self, table: str, kind: str) -> list[Period]:
        """Closed periods of `kind` that have figures, newest first. Told from the database alone: no clock, no live count."""
        own = self.parameters.table(table).period
        released = sorted(self.log.get(table, {}))
        if KINDS.index(kind) < KINDS.index(own) or not released:
            return []
        candidates = {Period.on(kind, period.start) for period in released}
        return sorted((period for period in candidates if released[-1].end >= period.end), reverse=True)

    def cells(self, table: str, period: Period) -> Cells:
        """Every cell of a closed period; raises NotReleased. Longer periods are sums of released values."""
        own = self.parameters.table(table)
        expected, parts = self._parts(own, period)
        every = self._sums(own, parts)
        limit = self.parameters.limit(own)
        shown = {cell: figures.show(values, own, limit) for cell, values in every.items()}
        total = figures.show([value for values in every.values() for value in values], own, limit)
        complete = len(parts) == expected and all(self.log[table][part] for part in parts)
        return Cells(own, period, shown, total, complete, len(parts), expected)

    def trend(self, table: str, cell: str, period: Period) -> str:
        """How a cell compares with the period before: figures.UP, DOWN, SAME or UNKNOWN."""
        own = self.parameters.table(table)
        self.parameters.check_cell(table, cell)
        try:
            (_, now), (_, before) = self._parts(own, period), self._parts(own, period.previous())
        except NotReleased:
            return figures.UNKNOWN
        return figures.trend(self._sums(own, now)[cell], sum(part.weeks for part in now), self._sums(own, before)[cell],
                             sum(part.weeks for part in before), own, self.parameters.limit(own))

    def _parts(self, table: Table, period: Period) -> tuple[int, list[Period]]:
        """(how many parts the period has, those that were released); raises NotReleased."""
        if period not in self.periods(table.name, period.kind):
            raise NotReleased(f"{period}: not released")
        wanted = list(period.parts(table.period))
        return len(wanted), [part for part in wanted if part in self.log[table.name]]

    def _sums(self, table: Table, parts: Sequence[Period]) -> dict[str, list[int]]:
        values = [self.values[table.name].get(part, {}) for part in parts]
        return {cell: [value[cell] for value in values if cell in value] for cell in table.cells}


def next_release(parameters: Parameters, kind: str, now: dt.datetime) -> dt.datetime:
    """When the next period of `kind` is released, an aware moment: the one in its embargo, or else the present one."""
    present = Period.of(kind, now)
    moments = (period.due(parameters.embargo_days) for period in (present.previous(), present))
    return next(moment for moment in moments if moment > now)
