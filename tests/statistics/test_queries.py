"""What the dashboard may ask: closed periods only, every longer one a sum of released values, with marks of what is missing."""

import datetime as dt
import random

import pytest
from sqlalchemy import insert

from bot.errors import NotReleased, UnknownLabel
from bot.statistics import figures
from bot.statistics.models import release
from bot.statistics.periods import KINDS, Period
from bot.statistics.queries import Figures, next_release
from tests.statistics.tools import Clock

LAST = Period.parse("2026-W48")  # the last released week; 2026-M11 and 2026-Q3 are the last released month and quarter


def all_between(kind, first, last):
    period = Period.parse(first)
    while period.start <= Period.parse(last).start:
        yield period
        period = period.next()


@pytest.fixture
def filled(sqlite_store, parameters):
    """A store with ISO years 2025 and 2026 up to November, and what was written in it."""
    source, written = random.Random(5411), {}
    ranges = {"week": ("2025-W01", "2026-W48"), "month": ("2025-M01", "2026-M11"), "quarter": ("2025-Q1", "2026-Q3")}
    for kind, (first, last) in ranges.items():
        tables = [table for table in parameters.tables.values() if table.period == kind]
        for period in all_between(kind, first, last):
            values = {table.name: {cell: source.randint(-3, 40) for cell in table.cells} for table in tables}
            written[period] = values
            sqlite_store.write(period, values, str(period) != "2025-W10")
    return sqlite_store, written


def test_every_window_is_the_sum_of_its_released_values(filled, parameters):
    store, written = filled
    read, windows = Figures.read(store), 0
    for name, table in parameters.tables.items():
        limit = parameters.limit(table)
        for kind in KINDS[KINDS.index(table.period):]:
            for period in read.periods(name, kind):
                cells, parts = read.cells(name, period), [written[part][name] for part in period.parts(table.period)]
                assert cells.parts == cells.expected == len(parts)
                for cell in table.cells:
                    assert cells.figures[cell] == figures.show([part[cell] for part in parts], table, limit)
                assert cells.total == figures.show([value for part in parts for value in part.values()], table, limit)
                windows += 1
    assert windows > 200


def test_only_closed_periods_can_be_chosen(filled):
    read = Figures.read(filled[0])
    assert read.periods("priority_week", "week")[0] == LAST and len(read.periods("priority_week", "week")) == 52 + 48
    assert list(map(str, read.periods("priority_week", "month")))[:2] == ["2026-M11", "2026-M10"]
    assert list(map(str, read.periods("priority_week", "quarter")))[0] == "2026-Q3"
    assert list(map(str, read.periods("priority_week", "year"))) == ["2025"]
    assert read.periods("topic", "week") == [] == read.periods("daypart", "month")


@pytest.mark.parametrize(("table", "id"), [
    ("priority_week", "2026-W49"), ("priority_week", "2026-W50"), ("priority_week", "2026-M12"), ("priority_week", "2026-Q4"),
    ("priority_week", "2026"), ("priority_week", "2024-W52"), ("priority_week", "2024"), ("priority_week", "2999-W52"),
    ("priority_month", "2026-W48"), ("topic", "2026-W48"), ("daypart", "2026-M09"), ("daypart", "2026-Q4"), ("topic", "2026-M12"),
])
def test_open_future_unmeasured_and_too_short_periods_are_not_released(filled, table, id):
    read = Figures.read(filled[0])
    with pytest.raises(NotReleased):
        read.cells(table, Period.parse(id))
    assert read.trend(table, next(iter(read.parameters.tables[table].cells)), Period.parse(id)) == figures.UNKNOWN


def test_an_empty_database_has_nothing_to_choose_from(sqlite_store):
    read = Figures.read(sqlite_store)
    assert all(read.periods(table, kind) == [] for table in read.parameters.tables for kind in KINDS)
    with pytest.raises(NotReleased):
        read.cells("priority_week", LAST)


def test_a_period_that_missed_contacts_marks_every_longer_one(filled):
    read = Figures.read(filled[0])
    complete = {id: read.cells("priority_week", Period.parse(id)).complete
                for id in ("2025-W10", "2025-W11", "2025-M03", "2025-M04", "2025-Q1", "2025-Q2", "2025")}
    assert complete == {"2025-W10": False, "2025-W11": True, "2025-M03": False, "2025-M04": True, "2025-Q1": False,
                        "2025-Q2": True, "2025": False}


def test_a_period_that_was_never_measured_is_told(sqlite_store, parameters):
    cells = parameters.tables["priority_week"].cells
    for id in ("2026-W45", "2026-W47", "2026-W48"):  # 46 is missing
        sqlite_store.write(Period.parse(id), {"priority_week": dict.fromkeys(cells, 10)}, True)
    month = Figures.read(sqlite_store).cells("priority_week", Period.parse("2026-M11"))
    assert (month.parts, month.expected, month.complete) == (3, 4, False)
    assert month.figures["inbraak"].value == 30
    with pytest.raises(NotReleased):
        Figures.read(sqlite_store).cells("priority_week", Period.parse("2026-W46"))


def test_a_cell_that_was_dropped_or_added_breaks_nothing(sqlite_store, parameters):
    cells = dict.fromkeys(parameters.tables["topic"].cells, 20)
    added = next(iter(cells))
    del cells[added]
    sqlite_store.write(Period.parse("2026-M10"), {"topic": {**cells, "a_topic_of_the_past": 70}}, True)
    with sqlite_store.engine.begin() as connection:
        connection.execute(insert(release).values(period="2026-M10", table="a_table_of_the_past", cell="x", value=1))
    found = Figures.read(sqlite_store).cells("topic", Period.parse("2026-M10"))
    assert set(found.figures) == set(parameters.tables["topic"].cells)
    assert found.figures[added].value is None and found.total.value == 20 * len(cells)
    with pytest.raises(UnknownLabel):
        Figures.read(sqlite_store).trend("topic", "a_topic_of_the_past", Period.parse("2026-M10"))


def test_trends_compare_with_the_period_before(sqlite_store, parameters):
    cells = parameters.tables["priority_week"].cells
    for id, value in (("2026-W45", 50), ("2026-W46", 80), ("2026-W47", 81), ("2026-W48", 20)):
        sqlite_store.write(Period.parse(id), {"priority_week": dict.fromkeys(cells, value)}, True)
    read = Figures.read(sqlite_store)
    assert [read.trend("priority_week", "inbraak", Period.parse(f"2026-W{week}")) for week in (45, 46, 47, 48)] == \
        [figures.UNKNOWN, figures.UP, figures.SAME, figures.DOWN]


def test_a_release_while_the_dashboard_reads_is_no_error(filled, parameters, monkeypatch):
    store, written = filled
    new, real, done = LAST.next(), store.log, []

    def log(table):
        found = real(table)
        if not done:
            done.append(store.write(new, written[LAST], True))
        return found

    monkeypatch.setattr(store, "log", log)
    read = Figures.read(store)
    for table in parameters.tables:
        for kind in KINDS:
            for period in read.periods(table, kind):
                read.cells(table, period)
    store.forget_before(dt.date(2030, 1, 1))
    assert read.cells("priority_week", LAST).total.value


def test_deleting_while_the_dashboard_reads_is_no_error(filled, monkeypatch):
    store, _ = filled
    real = store.values
    monkeypatch.setattr(store, "values", lambda table: store.forget_before(dt.date(2025, 6, 1)) and None or real(table))
    read = Figures.read(store)
    assert read.cells("priority_week", Period.parse("2025")).total.value


def test_a_dashboard_without_figures_says_when_there_will_be(parameters):
    now = Clock("2026-11-25 14:30")()
    assert next_release(parameters, "week", now) == Clock("2026-12-01 00:00")()
    assert next_release(parameters, "quarter", now) == Clock("2027-01-05 00:00")()
    monday = Clock("2026-11-30 14:30")()
    assert next_release(parameters, "week", monday) == Clock("2026-12-01 00:00")(), "last week's, on its embargo day"
