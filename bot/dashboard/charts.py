"""Where the parts of a chart stand: percentages across and em down, so that charts follow the width and the text size.

Only what may be shown becomes a position: a hidden figure has no bar, and nothing tells how small it is.
"""

import textwrap
from dataclasses import dataclass
from typing import Callable, Iterable, Mapping, Optional, Sequence

from bot.dashboard import texts
from bot.dashboard.source import Point
from bot.dashboard.views import Row
from bot.statistics.figures import Figure

TOP, PLOT = 1.6, 10.0                 # em: room for labels over the bars, the bars
NAMES, YEARS, BOTTOM = 1.3, 2.6, 3.0  # em under the line of zero
COLUMN, CAP = 0.62, 0.14              # of the room of a bar: its width, half of the end of its margin
LINE, BAR, GAP = 1.35, 1.05, 0.85     # em: a line of a name, a bar, room between two
WIDEST = 56                           # per cent across: the rest is for the number beside the bar
CHARACTERS = 34                       # of a line of a name: fits 320 pixels
LEVELS = 4                            # shades of the map

Positions = Mapping[str, str]


@dataclass(frozen=True)
class Mark:
    """One bar. `at` has the positions of its words, `bar` those of what is drawn: empty for a hidden figure."""

    figure: Optional[Figure]
    complete: bool
    at: Positions
    bar: Positions
    names: Sequence[str]


@dataclass(frozen=True)
class Chart:
    """All marks with the height of the whole; `at` has the positions that they share."""

    marks: Sequence[Mark]
    height: str
    at: Positions

    @property
    def incomplete(self) -> bool:
        """True when a mark with a figure is of a period that was not counted wholly."""
        return any(mark.figure and not mark.complete for mark in self.marks)


def columns(points: Sequence[Point], cell: str) -> Chart:
    """Standing bars of one cell over several periods; a mark has the names of its period and, once, its year."""
    figures = [cells.figures[cell] if cells else None for _, cells in points]
    scale = _scale(figure for figure in figures if figure)
    step, marks, before = 100 / len(points), [], ""
    for place, ((period, cells), figure) in enumerate(zip(points, figures, strict=True)):
        name, year = texts.short(period)
        middle = (place + 0.5) * step
        drawn = _standing(figure, scale) if figure and figure.value is not None else {}
        across = {"x": middle - COLUMN * step / 2, "middle": middle, "width": COLUMN * step,
                  "left": middle - CAP * step, "right": middle + CAP * step}
        marks.append(Mark(figure, cells is not None and cells.complete, _all(_per, across), _all(_em, drawn),
                          (name, "" if year == before else year)))
        before = year
    zero = TOP + PLOT
    return Chart(marks, _em(zero + BOTTOM), _all(_em, {"zero": zero, "names": zero + NAMES, "years": zero + YEARS,
                                                       "bare": zero - 0.5}))


def bars(rows: Sequence[Row], complete: bool) -> Chart:
    """Lying bars, one a row; a mark has the lines of its name, at as many heights."""
    scale = _scale(row.figure for row in rows)
    marks, down = [], 0.0
    for row in rows:
        lines = textwrap.wrap(row.label, CHARACTERS)
        top = down + len(lines) * LINE + 0.15
        value, margin = row.figure.value, row.figure.margin
        drawn = {} if value is None else {name: WIDEST * contacts / scale for name, contacts in
                                          (("width", value), ("low", max(0, value - margin)), ("high", value + margin))}
        heights = {"y": top, "middle": top + BAR / 2, "end": top + BAR, "cap_top": top + BAR / 4, "cap_end": top + BAR * 3 / 4,
                   "value": top + 0.8 * BAR, **{f"line{number}": down + (number + 0.8) * LINE for number in range(len(lines))}}
        marks.append(Mark(row.figure, complete, _all(_em, heights), _all(_per, drawn), lines))
        down = top + BAR + GAP
    return Chart(marks, _em(down), {"thick": _em(BAR)})


def shade(figure: Figure, others: Iterable[Figure]) -> int:
    """How dark a field of a map is: 0 for a hidden figure, else 1 to LEVELS by its part of the largest."""
    largest = max((other.value or 0 for other in others), default=0)
    return 0 if figure.value is None else max(1, round(LEVELS * figure.value / largest))


def _scale(figures: Iterable[Figure]) -> int:
    """The largest value with its margin: what fills the chart."""
    return max((figure.value + figure.margin for figure in figures if figure.value is not None), default=1)


def _standing(figure: Figure, scale: int) -> dict[str, float]:
    def down(contacts: int) -> float:
        return TOP + PLOT * (1 - contacts / scale)

    low, high = max(0, figure.value - figure.margin), figure.value + figure.margin
    return {"y": down(figure.value), "height": PLOT * figure.value / scale, "top": down(high), "bottom": down(low),
            "value": down(high) - 0.35}


def _all(unit: Callable[[float], str], positions: Mapping[str, float]) -> Positions:
    return {name: unit(position) for name, position in positions.items()}


def _em(number: float) -> str:
    return f"{number:.2f}em"


def _per(number: float) -> str:
    return f"{number:.2f}%"
