"""What a simulation prints: true against shown figures, trends, and how often the margins hold."""

from collections import Counter
from typing import Iterator

from benchmarks.ledger import PERIODS, Ledger
from bot.statistics import figures as figures_module
from bot.statistics.figures import Figure, show
from bot.statistics.periods import MONTH, QUARTER, Period
from bot.statistics.queries import Figures
from bot.statistics.release import noisy

ROUNDING = 2
REDRAWS = 400


def views(figures: Figures) -> Iterator[tuple[str, str]]:
    """(table, kind of period) of what the dashboard shows: each table by its own period, weekly figures also by month."""
    yield from PERIODS.items()
    yield "priority_week", MONTH
    yield "priority_week", QUARTER
    yield "priority_month", QUARTER


def whole(figures: Figures, table: str, kind: str) -> list[Period]:
    """Closed periods that were counted from beginning to end, newest first."""
    return [period for period in figures.periods(table, kind) if figures.cells(table, period).complete]


def truth(ledger: Ledger, table: str, period: Period) -> Counter:
    """True counts of a table over a period, by cell."""
    total: Counter = Counter()
    for part in period.parts(PERIODS[table]):
        total.update(ledger.true[table][part])
    return total


def within(figure: Figure, true: int) -> bool:
    """True when the figure says nothing wrong: the truth lies within margin and rounding, or under the limit by as much."""
    slack = figure.margin + ROUNDING
    return true < figure.limit + slack if figure.value is None else abs(figure.value - true) <= slack


def print_tables(figures: Figures, ledger: Ledger) -> None:
    """One line a table and period kind; then the priorities by month in full."""
    print("\ntable            by       figures  shown  hidden  mean error  largest  within margin and rounding")
    for table, kind in views(figures):
        errors, held, hidden = [], [], 0
        for period in whole(figures, table, kind):
            true = truth(ledger, table, period)
            for cell, figure in figures.cells(table, period).figures.items():
                held.append(within(figure, true[cell]))
                hidden += figure.value is None
                if figure.value is not None:
                    errors.append(abs(figure.value - true[cell]))
        if held:
            mean = f"{sum(errors) / len(errors):.1f}" if errors else "-"
            print(f"{table:16} {kind:8} {len(held):7} {len(errors):6} {hidden:7} {mean:>11} {max(errors, default=0):8} "
                  f"{100 * sum(held) / len(held):7.1f} %")
    print("\npriority by month: true / shown")
    for table in ("priority_week", "priority_month"):
        for cell in figures.parameters.table(table).cells:
            row = [f"{truth(ledger, table, period)[cell]:3} / {figures.cells(table, period).figures[cell].shown:>3}"
                   for period in reversed(whole(figures, table, MONTH))]
            print(f"{cell:16} " + "   ".join(row))


def print_trends(figures: Figures, ledger: Ledger) -> None:
    """How often a month was called more, less or about equal, beside what really happened by week."""
    said: Counter = Counter()
    for table in ("priority_week", "priority_month"):
        for period in whole(figures, table, MONTH)[:-1]:
            for cell in figures.parameters.table(table).cells:
                change = (truth(ledger, table, period)[cell] / period.weeks
                          - truth(ledger, table, period.previous())[cell] / period.previous().weeks)
                word = figures.trend(table, cell, period)
                right = {figures_module.UP: change > 0, figures_module.DOWN: change < 0}.get(word)
                said[word if right is None else f"{word}, {'right' if right else 'wrong'}"] += 1
    print("\ntrend by month: " + ", ".join(f"{word} {number}" for word, number in sorted(said.items())))


def coverage(figures: Figures, ledger: Ledger) -> None:
    """The same truth released again and again: the rate at which stated margins hold."""
    print(f"\n{REDRAWS} releases of the same truth: share of figures within margin and rounding (stated: 95 %)")
    for table, kind in views(figures):
        own, limit = figures.parameters.table(table), figures.parameters.limit(figures.parameters.table(table))
        held = Counter()
        for period in whole(figures, table, kind):
            parts = list(period.parts(own.period))
            true = truth(ledger, table, period)
            for _ in range(max(1, REDRAWS // len(whole(figures, table, kind)))):
                drawn = [noisy(ledger.true[table][part], own) for part in parts]
                for cell in own.cells:
                    held[within(show([values[cell] for values in drawn], own, limit), true[cell])] += 1
        print(f"{table:16} {kind:8} {100 * held[True] / sum(held.values()):6.2f} % of {sum(held.values())}")
