"""The one function through which a figure becomes visible, for every page, chart, export and print."""

import math
from dataclasses import dataclass
from fractions import Fraction
from typing import Optional, Sequence

from bot.statistics.parameters import Table

ROUNDED_TO = 5
SHARE_FROM = 30      # a share of fewer contacts says nothing
SHARE_ROUNDED_TO = 5
CONFIDENCE = 1.96    # 95 %
UP, DOWN, SAME, UNKNOWN = "up", "down", "same", "unknown"


@dataclass(frozen=True)
class Figure:
    """What may be seen of a number of contacts: a multiple of five, or only that it is under the threshold.

    `margin` is the noise that 95 % of figures stay within, in contacts; rounding adds at most 2.
    """

    value: Optional[int]
    limit: int
    margin: int

    @property
    def shown(self) -> str:
        """The figure as text, such as 45 or <5."""
        return f"<{self.limit}" if self.value is None else str(self.value)


def show(values: Sequence[int], table: Table, limit: int) -> Figure:
    """A figure from released values of `table`: sum, clamp at 0, round to five, then hide what is under the limit."""
    total = max(0, sum(values))
    rounded = (total + ROUNDED_TO // 2) // ROUNDED_TO * ROUNDED_TO
    return Figure(rounded if rounded >= limit else None, limit, margin(table.epsilon, len(values)))


def margin(epsilon: Fraction, draws: int) -> int:
    """How far 95 % of sums of so many draws lie from the truth at most, in contacts, rounded up."""
    return math.ceil(CONFIDENCE * deviation(epsilon) * math.sqrt(draws))


def deviation(epsilon: Fraction) -> float:
    """Standard deviation of one draw: 1.36 at epsilon 1, 2.8 at 1/2, 5.6 at 1/4."""
    alpha = math.exp(-float(epsilon))
    return math.sqrt(2 * alpha) / (1 - alpha)


def share(part: Figure, whole: Figure) -> Optional[int]:
    """Percentage, rounded to five; None when the whole is under 30 or the part is hidden."""
    if part.value is None or whole.value is None or whole.value < SHARE_FROM:
        return None
    return min(100, round(100 * part.value / whole.value / SHARE_ROUNDED_TO) * SHARE_ROUNDED_TO)


def trend(now: Sequence[int], now_weeks: int, before: Sequence[int], before_weeks: int, table: Table, limit: int) -> str:
    """UP or DOWN when the weekly average changed by more than twice its standard error, else SAME; UNKNOWN when both hide.

    Periods of four and five weeks are compared by week, or every fifth week would look like a rise.
    """
    if show(now, table, limit).value is None and show(before, table, limit).value is None:
        return UNKNOWN
    change = sum(now) / now_weeks - sum(before) / before_weeks
    error = deviation(table.epsilon) * math.sqrt(len(now) / now_weeks**2 + len(before) / before_weeks**2)
    if abs(change) <= 2 * error:
        return SAME
    return UP if change > 0 else DOWN
