"""What a page says about a table: rows with words beside the figures, in an order that betrays nothing hidden."""

from dataclasses import dataclass
from typing import Optional, Sequence

from bot import topics
from bot.dashboard import texts
from bot.dashboard.source import MONTHS_AND_LONGER, Point, Source
from bot.statistics import figures as shown
from bot.statistics.figures import Figure
from bot.statistics.periods import KINDS, WEEK, Period
from bot.statistics.queries import Cells

NOT_UNDERSTOOD = "not_understood"
SOME = 3  # more leaders than this is no message


@dataclass(frozen=True)
class Row:
    """One cell in words; `share` is a percentage of the whole table, None where none may be told."""

    table: str
    cell: str
    label: str
    figure: Figure
    comparison: str
    share: Optional[int]


@dataclass(frozen=True)
class PriorityLine:
    """One priority on the overview; figures are None where the period has none."""

    id: str
    label: str
    sensitive: bool
    figure: Optional[Figure]
    before: Optional[Figure]
    comparison: str
    complete: bool


def rows(source: Source, cells: Cells) -> list[Row]:
    """Every cell of a table, in the order of its key space."""
    name = cells.table.name
    return [Row(name, cell, source.label(name, cell), figure, source.comparison(name, cell, cells.period),
                shown.share(figure, cells.total)) for cell, figure in cells.figures.items()]


def ranked(several: Sequence[Row]) -> tuple[list[Row], list[Row]]:
    """(rows with a figure, largest first; rows under the threshold). Equal and hidden rows stand by name."""
    by_name = sorted(several, key=lambda row: row.label)
    visible = sorted((row for row in by_name if row.figure.value is not None), key=lambda row: -row.figure.value)
    return visible, [row for row in by_name if row.figure.value is None]


def message(subject: str, several: Sequence[Row]) -> str:
    """The heading of a chart: the largest rows, as far as their margins tell them from the others."""
    words = texts.load()["leaders"]
    visible, _ = ranked(several)
    if not visible:
        return words["nothing"].format(subject=subject)
    lowest = visible[0].figure.value - visible[0].figure.margin
    leaders = [row.label for row in visible if row.figure.value + row.figure.margin >= lowest]
    kind = "many" if len(leaders) > SOME else "some"
    return words[kind].format(subject=subject, names=texts.names([f"‘{name}’" for name in leaders]))


def of_priority(several: Sequence[Row], priority: str) -> list[Row]:
    """The rows of a table of topics that belong to one priority."""
    return [row for row in several if topics.load()[row.cell].priority.id == priority]


def table_of(priority: topics.Priority) -> str:
    """Where a priority is counted."""
    return "priority_month" if priority.sensitive else "priority_week"


def priorities(source: Source, period: Period) -> list[PriorityLine]:
    """Every priority in the order and with the names of the plan."""
    return [_line(source, priority, period) for priority in topics.load().priorities.values()]


def _line(source: Source, priority: topics.Priority, period: Period) -> PriorityLine:
    table = table_of(priority)
    now, before = source.cells(table, period), source.cells(table, period.previous())
    return PriorityLine(priority.id, priority.label, priority.sensitive, now and now.figures[priority.id],
                        before and before.figures[priority.id], source.comparison(table, priority.id, period),
                        now is not None and now.complete)


def rising(several: Sequence[Row]) -> list[Row]:
    """The rows that became more, largest first."""
    return [row for row in ranked(several)[0] if row.comparison == shown.UP]


def longer(points: Sequence[Point]) -> list[Period]:
    """The periods that have more weeks than others beside them: their bars are higher for that alone."""
    most = max(period.weeks for period, _ in points)
    found = [period for period, _ in points if period.weeks == most]
    return found if len(found) < len(points) else []


def kinds_of(table: str, source: Source) -> tuple[str, ...]:
    """The kinds of period that a table may be seen by, months first where it has them."""
    own = source.parameters.table(table).period
    return (*MONTHS_AND_LONGER, WEEK) if own == WEEK else KINDS[KINDS.index(own):]
