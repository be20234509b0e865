"""The attacks of statistics.md section 3 as plain functions: each takes the mechanism and raises AssertionError when it succeeds.

Statistical attacks use a fixed number of draws and a stated slack of at least 5.8 standard deviations, which a sound mechanism
passes less than once in 3e8 comparisons; a run makes some hundred of them.
"""

import collections
import dataclasses
import datetime as dt
import errno
import math
import os
import stat
from fractions import Fraction
from pathlib import Path
from typing import Any, Callable, Iterable, Mapping

from sqlalchemy import inspect, text
from sqlalchemy.engine import Engine

from bot.statistics.contact import count
from bot.statistics.figures import Figure
from bot.statistics.parameters import Table
from bot.statistics.periods import KINDS, Period
from bot.statistics.queries import Cells, Figures
from bot.statistics.release import Service
from tests.statistics.laplace import probability

Noisy = Callable[[Mapping[str, int], Table], Mapping[str, int]]
Show = Callable[[int, Table], Figure]
RELEASES, GUESSES = 40_000, 22_000
DEVIATIONS = 6.5
ENOUGH = 1000  # a value that came up less often says too little
SLACK = 0.02   # of statistics.md: 5.9 standard deviations of sqrt(1/4 / GUESSES) = 0.34 %
VALUES = range(-120, 140)  # beyond it comes one draw in 1e13 at epsilon 1/4
MOMENT = dt.datetime(2026, 11, 25, 20, 30, tzinfo=dt.timezone.utc)


def one_cell(table: Table) -> Table:
    """A table with a single cell: draws of cells do not depend on each other."""
    return dataclasses.replace(table, cells=("x",))


def single_contact(noisy: Noisy, table: Table) -> None:
    """40,000 releases with and without a victim: no value is more than e^epsilon times as likely."""
    table, seen = one_cell(table), []
    for exact in (3, 4):
        seen.append(collections.Counter(noisy({"x": exact}, table)["x"] for _ in range(RELEASES)))
    for value in set(seen[0]) | set(seen[1]):
        counts = [counter[value] for counter in seen]
        if max(counts) < ENOUGH:
            continue
        assert min(counts) > 0, "a value that only comes up with the victim"
        slack = DEVIATIONS * math.sqrt(sum(1 / number for number in counts))
        assert abs(math.log(counts[0] / counts[1])) <= float(table.epsilon) + slack, (value, counts)


def bound(*epsilons: Fraction) -> float:
    """How often the best guess from the released values of independent tables is right, exactly; e^eps / (1 + e^eps) for one.

    A table speaks for or against the victim with weight epsilon; the guess follows the sum.
    """
    weights = {Fraction(0): 1.0}
    for epsilon in epsilons:
        right, after = math.exp(epsilon) / (1 + math.exp(epsilon)), collections.Counter()
        for weight, chance in weights.items():
            after[weight + epsilon] += chance * right
            after[weight - epsilon] += chance * (1 - right)
        weights = after
    return sum(chance for weight, chance in weights.items() if weight > 0) + weights.get(Fraction(0), 0) / 2


def guesses(show: Show, table: Table, fakes: int) -> dict[str, bool]:
    """The best guess from what is shown: whether it is likelier with the victim, by the formula of the noise."""
    chances = collections.defaultdict(lambda: [0.0, 0.0])
    for value in VALUES:
        for victim in (0, 1):
            chances[show(value, table).shown][victim] += probability(value - fakes - victim, table.epsilon)
    return {shown: with_victim > without for shown, (without, with_victim) in chances.items()}


def injection(noisy: Noisy, show: Show, table: Table, fakes: Iterable[int] = range(13)) -> None:
    """0 to 12 fake contacts around an unknown victim: the best guess is right at most e^eps / (1 + e^eps) + 2 %."""
    table = one_cell(table)
    best = bound(table.epsilon) + SLACK
    for number in fakes:
        raw = shown = 0
        rule = guesses(show, table, number)
        for turn in range(GUESSES):
            victim = turn % 2
            value = noisy({"x": number + victim}, table)["x"]
            raw += (value - number >= 1) == bool(victim)
            shown += rule[show(value, table).shown] == bool(victim)
        assert raw / GUESSES <= best, f"{number} fakes, from the released value"
        assert shown / GUESSES <= best, f"{number} fakes, from what is shown"


def all_tables(noisy: Noisy, tables: Iterable[Table]) -> None:
    """One contact adds to several tables: the best guess from all of them together is no better than what the sum allows."""
    tables = [one_cell(table) for table in tables]
    right = 0
    for turn in range(GUESSES):
        victim, weight = turn % 2, Fraction(0)
        for table in tables:
            weight += table.epsilon if noisy({"x": 20 + victim}, table)["x"] >= 21 else -table.epsilon
        right += 1 / 2 if weight == 0 else (weight > 0) == bool(victim)
    assert right / GUESSES <= bound(*(table.epsilon for table in tables)) + SLACK


def windows(figures: Figures, cells: Callable[[Figures, str, Period], Cells] = Figures.cells) -> None:
    """Every window that can be chosen, and so every difference of two, is a sum of released values and nothing else."""
    for name, table in figures.parameters.tables.items():
        for kind in KINDS[KINDS.index(table.period):]:
            for period in figures.periods(name, kind):
                parts = [figures.values[name][part] for part in period.parts(table.period) if part in figures.values[name]]
                found = cells(figures, name, period)
                for cell in table.cells:
                    total = max(0, sum(part[cell] for part in parts))
                    rounded = (total + 2) // 5 * 5
                    assert found.figures[cell].value == (rounded if rounded >= figures.parameters.limit(table) else None)


def files(folder: Path) -> dict[str, bytes]:
    """Every file of a data volume with its bytes."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def contact(service: Service, priority: str = "cybercrime") -> None:
    """One resident."""
    sensitive = priority in service.parameters.table("priority_month").cells
    cells = {"priority_month" if sensitive else "priority_week": priority, "outcome": "answered", "daypart": "week_evening"}
    changes, _ = count({}, cells, service.clock(), service.parameters)
    service.add(changes)


def times(folder: Path) -> dict[str, tuple[int, int, int]]:
    """What a backup program looks at first: moment of change and inode of every file and folder."""
    return {str(path): (path.stat().st_mtime_ns, path.stat().st_ctime_ns, path.stat().st_ino)
            for path in (folder, *sorted(folder.rglob("*")))}


def snapshots(service: Service, data: Path) -> None:
    """The data volume before, after one contact and after 100, in an open period: byte for byte the same, no journal."""
    before, moments = files(data), times(data)
    contact(service, "integriteit")
    assert (files(data), times(data)) == (before, moments), "two snapshots around one contact differ"
    for _ in range(99):
        contact(service)
    service.tick()
    assert (files(data), times(data)) == (before, moments), "100 contacts changed the data volume"
    assert not [name for name in before if name.endswith(("-journal", "-wal", "-shm"))], "a journal is left"


def watcher(service: Service, state: Path) -> None:
    """Another user of the machine sees that a folder exists and when it changed, not what is in it: contacts leave it alone."""
    def seen() -> tuple:
        status = state.stat()
        return status.st_mtime_ns, status.st_ctime_ns, status.st_size, status.st_nlink, sorted(os.listdir(state.parent))

    contact(service)
    assert stat.S_IMODE(state.stat().st_mode) == 0o700
    before = seen()
    for _ in range(20):
        contact(service)
    assert seen() == before, "the moment of a contact can be read from the folder"


def log_of_a_failing_counter(service: Service, records: list) -> None:
    """The log keeps moments: when counting fails, a contact writes no line; the next tick does."""
    def full(*_: Any) -> None:
        raise OSError(errno.ENOSPC, "no space left")

    service.counts._changing = full
    for _ in range(20):
        contact(service)
    assert not records, "the log tells the moment of a contact"
    service.tick()
    assert len(records) == 1, "nobody hears that counting fails"


def journal(engine: Engine) -> None:
    """A write-ahead log replays the order in which rows came."""
    with engine.connect() as connection:
        assert connection.execute(text("PRAGMA journal_mode")).scalar() == "delete"


def schema(engine: Engine) -> None:
    """No column tells a time, no row id follows the order of insertion."""
    found = inspect(engine)
    tables = set(found.get_table_names()) - {"alembic_version"}
    assert tables == {"release", "release_log"}
    for table in tables:
        for column in found.get_columns(table):
            assert not column["name"].endswith("_at") and column["name"] not in ("date", "time", "id"), column["name"]
            assert "DATE" not in str(column["type"]) and "TIME" not in str(column["type"]), column["name"]
            assert column.get("autoincrement") is not True, column["name"]
        if engine.url.get_backend_name() == "sqlite":
            with engine.connect() as connection:
                made = connection.execute(text("SELECT sql FROM sqlite_master WHERE name = :name"), {"name": table}).scalar()
            assert "WITHOUT ROWID" in made, f"{table} has a row id"
        else:
            with engine.connect() as connection:
                assert not connection.execute(text("SELECT count(*) FROM information_schema.sequences")).scalar()


def empty_period(released: Mapping[str, int], busy: Mapping[str, int]) -> None:
    """A period without a single contact has as many rows as a busy one."""
    assert sorted(released) == sorted(busy)


def redraw(service: Service, period: str, table: str) -> None:
    """Drawing again gives the same values, however often it is asked: an average would take the noise away."""
    own = service.parameters.table(table)
    first = service.counts.draw(period, table, lambda exact: {cell: exact.get(cell, 0) + 7 for cell in own.cells})
    for number in range(20):
        again = service.counts.draw(period, table, lambda exact, by=number: {cell: by for cell in own.cells})
        assert again == first, "a second draw gives other values"


def threshold(show: Show, table: Table, least: int) -> None:
    """No figure from 1 to the threshold, in any representation."""
    for value in range(-30, 60):
        figure = show(value, table)
        assert figure.value is None or figure.value >= least, (value, figure)
        assert figure.shown == (f"<{least}" if figure.value is None else str(figure.value))
        assert figure.value is None or figure.value % 5 == 0

