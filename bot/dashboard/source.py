"""Where the figures of a page come from: the released ones or the invented example, never both."""

import datetime as dt
from dataclasses import dataclass
from typing import Optional, Sequence

from sanic.request import Request

from bot.dashboard import example, texts
from bot.errors import NotReleased
from bot.facts.store import Facts
from bot.statistics import figures as shown
from bot.statistics.parameters import Parameters
from bot.statistics.periods import MONTH, QUARTER, YEAR, Period
from bot.statistics.queries import Cells, Figures, next_release

INVENTED = "/voorbeeld"
CHOICE = "periode"
FEW, NONE, NO_FIGURES = "few", "none", "no_figures"
TREND_PERIODS = 13
MONTHS_AND_LONGER = (MONTH, QUARTER, YEAR)
Point = tuple[Period, Optional[Cells]]


@dataclass(frozen=True)
class Source:
    """Figures with the prefix of their pages' addresses."""

    figures: Figures
    facts: Facts
    base: str
    now: dt.datetime

    @classmethod
    def of(cls, request: Request, invented: bool) -> "Source":
        """Read for this request; raises SQLAlchemyError when the database is not there."""
        context = request.app.ctx
        figures = example.figures(context.parameters) if invented else Figures.read(context.store)
        return cls(figures, context.facts, INVENTED if invented else "", context.clock())

    @property
    def invented(self) -> bool:
        """True for the example."""
        return bool(self.base)

    @property
    def parameters(self) -> Parameters:
        """The parameters of the anonymity model."""
        return self.figures.parameters

    def label(self, table: str, cell: str) -> str:
        """How a cell is called."""
        return texts.label(table, cell, self.facts)

    def periods(self, kind: str, *tables: str) -> list[Period]:
        """Periods of a kind that all these tables have figures of, newest first."""
        several = [set(self.figures.periods(table, kind)) for table in tables]
        return sorted(set.intersection(*several), reverse=True)

    def cells(self, table: str, period: Period) -> Optional[Cells]:
        """The figures of a table, None where the period has none."""
        return self.figures.cells(table, period) if period in self.figures.periods(table, period.kind) else None

    def series(self, table: str, last: Period, most: int = TREND_PERIODS) -> list[Point]:
        """The periods up to and with `last`, from the first that has figures, at most so many."""
        first = self.figures.periods(table, last.kind)[-1]
        found: list[Point] = []
        period = last
        while len(found) < most and period >= first:
            found.append((period, self.cells(table, period)))
            period = period.previous()
        return found[::-1]

    def comparison(self, table: str, cell: str, period: Period) -> str:
        """up, down, same, few (both under the threshold), none (no period before) or no_figures."""
        known = self.figures.periods(table, period.kind)
        if period not in known:
            return NO_FIGURES
        if period.previous() not in known:
            return NONE
        trend = self.figures.trend(table, cell, period)
        return FEW if trend == shown.UNKNOWN else trend

    def next_release(self, kind: str) -> dt.datetime:
        """When the next figures of a kind come."""
        return next_release(self.parameters, kind, self.now)


def chosen(request: Request, options: Sequence[Period]) -> Optional[Period]:
    """The period of the form, the first option when none was chosen, None when there is none; raises StatisticsError."""
    given = request.args.get(CHOICE)
    if given is None:
        return options[0] if options else None
    return known(given, options)


def known(id: str, options: Sequence[Period]) -> Period:
    """The period of an id from an address; raises StatisticsError for every other than a released one."""
    period = Period.parse(id)
    if period not in options:
        raise NotReleased(f"{period}: no figures")
    return period


def options(source: Source, kinds: Sequence[str], *tables: str) -> list[Period]:
    """Every period of these kinds that may be chosen, kind by kind, newest first."""
    return [period for kind in kinds for period in source.periods(kind, *tables)]
