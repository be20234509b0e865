"""The attacks of statistics.md section 3 as plain functions: each takes the mechanism and raises AssertionError when it succeeds.

Statistical attacks use a fixed number of draws and a slack of five standard deviations: a sound mechanism fails one in
some millions of runs.
"""

import collections
import dataclasses
import datetime as dt
import math
from pathlib import Path
from typing import Callable, Mapping

from sqlalchemy import inspect, text
from sqlalchemy.engine import Engine

from bot.statistics.contact import count
from bot.statistics.figures import Figure
from bot.statistics.parameters import Table
from bot.statistics.release import Service

Noisy = Callable[[Mapping[str, int], Table], Mapping[str, int]]
Show = Callable[[int, Table], Figure]
RELEASES, GUESSES = 40_000, 2_000
DEVIATIONS = 5
ENOUGH = 400  # a value that came up less often says too little
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


def injection(noisy: Noisy, show: Show, table: Table) -> None:
    """0 to 12 fake contacts around an unknown victim: the best guess is right at most e^eps / (1 + e^eps) + 2 %."""
    table = one_cell(table)
    best = math.exp(table.epsilon) / (1 + math.exp(table.epsilon)) + 0.02
    for fakes in range(13):
        raw, seen = 0, collections.defaultdict(collections.Counter)
        for victim in (0, 1):
            for _ in range(GUESSES):
                value = noisy({"x": fakes + victim}, table)["x"]
                raw += (value - fakes >= 1) == bool(victim)
                seen[show(value, table).shown][victim] += 1
        slack = DEVIATIONS * math.sqrt(0.25 / (2 * GUESSES))
        assert raw / (2 * GUESSES) <= best + slack, f"{fakes} fakes, from the released value"
        shown = sum(max(answers.values()) for answers in seen.values())
        assert shown / (2 * GUESSES) <= best + slack, f"{fakes} fakes, from what is shown"


def files(folder: Path) -> dict[str, bytes]:
    """Every file of a data volume with its bytes."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def contact(service: Service, priority: str = "cybercrime") -> None:
    """One resident."""
    sensitive = priority in service.parameters.table("priority_month").cells
    cells = {"priority_month" if sensitive else "priority_week": priority, "outcome": "answered", "daypart": "week_evening"}
    changes, _ = count({}, cells, service.clock(), service.parameters)
    service.add(changes)


def snapshots(service: Service, data: Path) -> None:
    """The data volume before, after one contact and after 100, in an open period: byte for byte the same, no journal."""
    before = files(data)
    contact(service, "integriteit")
    assert files(data) == before, "two snapshots around one contact differ"
    for _ in range(99):
        contact(service)
    service.tick()
    assert files(data) == before, "100 contacts changed the data volume"
    assert not [name for name in before if name.endswith(("-journal", "-wal", "-shm"))], "a journal is left"


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

