"""ISO weeks and the months, quarters and years that are whole weeks: every longer period is a sum of weeks.

An ISO month holds the weeks whose Thursday falls in it. Calendar months beside ISO weeks would expose single days.
"""

import datetime as dt
import functools
import re
from dataclasses import dataclass
from typing import Iterator
from zoneinfo import ZoneInfo

from bot.errors import StatisticsError

BRUSSELS = ZoneInfo("Europe/Brussels")
WEEK, MONTH, QUARTER, YEAR = "week", "month", "quarter", "year"
KINDS = (WEEK, MONTH, QUARTER, YEAR)  # from short to long
ID = re.compile(r"(\d{4})(?:-([WMQ])(\d{1,2}))?")
LETTERS = {WEEK: "W", MONTH: "M", QUARTER: "Q"}
MONTHS_A_QUARTER = 3
FIRST_YEAR, LAST_YEAR = 2000, 2999  # so that every period has one before and after it


@functools.total_ordering
@dataclass(frozen=True)
class Period:
    """One period, such as 2026-W53, 2026-M11, 2026-Q4 or 2026; `year` is the ISO year. Ordered by start, short before long."""

    kind: str
    year: int
    number: int = 1

    @classmethod
    def of(cls, kind: str, moment: dt.datetime) -> "Period":
        """The period of `kind` that an aware moment falls in, by the clock in Brussels."""
        return cls.on(kind, moment.astimezone(BRUSSELS).date())

    @classmethod
    def on(cls, kind: str, day: dt.date) -> "Period":
        """The period of `kind` that a day falls in."""
        year, week, _ = day.isocalendar()
        if kind == WEEK:
            return cls(WEEK, year, week)
        month = dt.date.fromisocalendar(year, week, 4).month
        return {MONTH: cls(MONTH, year, month), QUARTER: cls(QUARTER, year, (month - 1) // MONTHS_A_QUARTER + 1),
                YEAR: cls(YEAR, year)}[kind]

    @classmethod
    def parse(cls, id: str) -> "Period":
        """The period of an id; raises StatisticsError when there is no such period."""
        match = ID.fullmatch(id)
        if match:
            kind = {"W": WEEK, "M": MONTH, "Q": QUARTER, None: YEAR}[match[2]]
            period = cls(kind, int(match[1]), int(match[3] or 1))
            if FIRST_YEAR <= period.year <= LAST_YEAR and str(period) == id and _exists(period):
                return period
        raise StatisticsError("not a period such as 2026-W48, 2026-M11, 2026-Q4 or 2026")

    def __str__(self) -> str:
        if self.kind == YEAR:
            return f"{self.year:04d}"
        return f"{self.year:04d}-{LETTERS[self.kind]}{self.number}" if self.kind == QUARTER else \
            f"{self.year:04d}-{LETTERS[self.kind]}{self.number:02d}"

    def __lt__(self, other: "Period") -> bool:
        return (self.start, KINDS.index(self.kind)) < (other.start, KINDS.index(other.kind))

    @property
    def start(self) -> dt.date:
        """The Monday it begins on."""
        if self.kind == WEEK:
            return dt.date.fromisocalendar(self.year, self.number, 1)
        month = {MONTH: self.number, QUARTER: (self.number - 1) * MONTHS_A_QUARTER + 1, YEAR: 1}[self.kind]
        first = dt.date(self.year, month, 1)
        thursday = first + dt.timedelta(days=(3 - first.weekday()) % 7)
        return thursday - dt.timedelta(days=3)

    @property
    def end(self) -> dt.date:
        """The Monday after it."""
        return self.start + dt.timedelta(weeks=1) if self.kind == WEEK else self.next().start

    def due(self, embargo_days: int) -> dt.datetime:
        """The moment from which it may be released: midnight in Brussels, whole days after its end."""
        return dt.datetime.combine(self.end + dt.timedelta(days=embargo_days), dt.time(), BRUSSELS)

    def next(self) -> "Period":
        """The period of the same kind after it."""
        if self.kind == WEEK:
            return Period.on(WEEK, self.start + dt.timedelta(weeks=1))
        most = {MONTH: 12, QUARTER: 4, YEAR: 1}[self.kind]
        return Period(self.kind, self.year, self.number + 1) if self.number < most else Period(self.kind, self.year + 1, 1)

    def previous(self) -> "Period":
        """The period of the same kind before it."""
        return Period.on(self.kind, self.start - dt.timedelta(days=1))

    def parts(self, kind: str) -> Iterator["Period"]:
        """The shorter periods of `kind` that it is made of, in order (itself when it is of that kind)."""
        part = Period.on(kind, self.start)
        while part.start < self.end:
            yield part
            part = part.next()

    @property
    def weeks(self) -> int:
        """How many weeks it has: 1, 4 or 5, 12 to 14, 52 or 53."""
        return (self.end - self.start).days // 7


def _exists(period: Period) -> bool:
    try:
        return Period.on(period.kind, period.start) == period
    except (ValueError, KeyError):
        return False
