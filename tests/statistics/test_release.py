"""From exact counts to released figures: when, how often, which rows, complete or not, kept how long."""

import dataclasses
import datetime as dt

import pytest
from sqlalchemy import event, select, text

from bot.statistics.counts import Counts, FileCounts
from bot.statistics.models import release, release_log
from bot.statistics.periods import Period
from bot.statistics.release import noisy
from tests.statistics.tools import CONTACT, SENSITIVE, Clock, changes, contact, live, make_service

MONDAY = "2026-11-23 00:00"   # the first day of 2026-W48
TUESDAY = "2026-12-01 00:00"  # its release


def rows(store):
    """Everything in the database, in order."""
    with store.engine.connect() as connection:
        return [sorted(map(tuple, connection.execute(select(table)))) for table in (release, release_log)]


@pytest.fixture
def clock():
    return Clock(MONDAY)


def begin(counts, store, parameters, clock):
    """A service that counts since a minute before Monday."""
    clock.set("2026-11-22 23:59")
    service = make_service(counts, store, parameters, clock)
    clock.set(MONDAY)
    service.tick()
    return service


@pytest.fixture
def service(store, parameters, clock):
    return begin(Counts(), store, parameters, clock)


def test_nothing_is_released_before_the_end_of_the_embargo_and_everything_at_it(service, store, clock):
    contact(service)
    live(service, clock, "2026-11-30 23:59")
    clock.moment += dt.timedelta(seconds=59, microseconds=999_999)
    service.tick()
    assert Period.parse("2026-W48") not in store.log("priority_week")
    clock.set(TUESDAY)
    assert set(map(str, service.tick())) == {"2026-W48", "2026-M11"}
    assert set(store.values("priority_week")[Period.parse("2026-W48")]) == set(service.parameters.tables["priority_week"].cells)
    assert "2026-Q4" in service.counts.opened() and not store.values("daypart")


def test_released_values_are_the_counts_with_noise(store, parameters, clock):
    service = make_service(Counts(), store, parameters, clock)
    for _ in range(3000):
        contact(service)
    for _ in range(1000):
        contact(service, SENSITIVE)
    live(service, clock, TUESDAY)
    week, month = Period.parse("2026-W48"), Period.parse("2026-M11")
    # the noise is beyond 40 with a chance of e^-40 at epsilon 1, and beyond 160 at epsilon 1/4
    assert abs(store.values("priority_week")[week]["inbraak"] - 3000) < 40
    assert abs(store.values("priority_month")[month]["integriteit"] - 1000) < 40
    assert abs(store.values("topic")[month]["inbraak_alarm"] - 3000) < 80
    assert abs(store.values("outcome")[month]["answered"] - 3000) < 160
    assert abs(store.values("outcome")[month]["broken_off"]) < 160
    assert service.counts.exact(str(week), "priority_week") == {} and str(week) not in service.counts.opened()


def test_a_quiet_period_writes_as_many_rows_as_a_busy_one(store, parameters, clock):
    service = make_service(Counts(), store, parameters, clock)
    for _ in range(50):
        contact(service)
    live(service, clock, "2026-12-15 00:00")
    clock.set("2027-01-05 00:00")
    service.tick()
    keys = {}
    for period, table, cell, _ in rows(store)[0]:
        keys.setdefault((table, period), set()).add(cell)
    for name, table in parameters.tables.items():
        own = [cells for (what, _), cells in keys.items() if what == name]
        assert own and all(cells == set(table.cells) for cells in own), name
    assert {period for table, period in keys if table == "priority_week"} == {"2026-W48", "2026-W49", "2026-W50", "2026-W51"}


def test_a_second_release_adds_nothing(service, store, clock):
    contact(service)
    live(service, clock, TUESDAY)
    before = rows(store)
    assert before[0] and service.release() == [] and service.tick() == []
    service.counts.open("2026-W48", True)  # as after a crash between writing and forgetting
    service.counts.add(changes("2026-W48", "priority_week", "inbraak", 500))
    assert service.release() == [] and rows(store) == before
    assert "2026-W48" not in service.counts.opened()


def test_a_contact_after_the_release_of_its_period_is_not_counted(service, clock):
    live(service, clock, TUESDAY)
    service.add(changes("2026-W48", "priority_week", "inbraak"))
    assert "2026-W48" not in service.counts.opened()
    service.add(changes("2026-W49", "priority_week", "inbraak"))
    assert service.counts.exact("2026-W49", "priority_week") == {"inbraak": 1}


def test_rows_are_written_in_sorted_order(service, store, clock):
    written = []
    event.listen(store.engine, "before_cursor_execute", lambda *call: written.append((call[2], call[3])))
    for cells in (SENSITIVE, CONTACT):
        contact(service, cells)
    live(service, clock, TUESDAY)
    inserts = [parameters for statement, parameters in written if statement.startswith("INSERT INTO release ")]
    assert len(inserts) == 3  # one a period: 2026-W47, 2026-W48, 2026-M11
    for parameters in inserts:
        keys = [tuple(row.values())[:3] if isinstance(row, dict) else tuple(row)[:3] for row in parameters]
        assert len(keys) >= 4 and keys == sorted(keys)


def test_postgresql_stores_them_in_that_order_too(service, store, clock):
    if store.engine.url.get_backend_name() == "sqlite":
        pytest.skip("SQLite has no order but that of the key: the tables have no row id")
    live(service, clock, TUESDAY)
    with store.engine.connect() as connection:
        found = connection.execute(text('SELECT period, "table", cell FROM release ORDER BY ctid')).all()
    for period in ("2026-W48", "2026-M11"):
        keys = [tuple(row) for row in found if row.period == period]
        assert keys and keys == sorted(keys)


def test_noise_is_drawn_for_every_cell_in_sorted_order(parameters):
    for table in parameters.tables.values():
        assert list(noisy({}, table)) == sorted(table.cells)
        assert list(noisy(dict.fromkeys(reversed(table.cells), 3), table)) == sorted(table.cells)


def test_the_first_ever_period_is_incomplete_and_the_next_one_complete(sqlite_store, parameters, clock):
    clock.set("2026-11-25 14:30")
    service = make_service(Counts(), sqlite_store, parameters, clock)
    live(service, clock, "2026-12-08 00:00")
    assert sqlite_store.log("priority_week") == {Period.parse("2026-W48"): False, Period.parse("2026-W49"): True}
    assert sqlite_store.log("topic") == {Period.parse("2026-M11"): False}


@pytest.mark.parametrize(("minutes", "complete"), [(14, True), (15, True), (16, False), (60 * 24 * 2, False)])
def test_a_restart_costs_completeness_only_after_a_longer_silence(memory, sqlite_store, parameters, clock, minutes, complete):
    service = begin(FileCounts(memory), sqlite_store, parameters, clock)
    live(service, clock, "2026-11-25 12:00")
    clock.moment += dt.timedelta(minutes=minutes)
    service = make_service(FileCounts(memory), sqlite_store, parameters, clock)
    live(service, clock, "2026-12-08 00:00")
    assert sqlite_store.log("priority_week")[Period.parse("2026-W48")] is complete
    assert sqlite_store.log("priority_week")[Period.parse("2026-W49")] is True


def test_a_period_that_began_while_nothing_ran_is_incomplete(memory, sqlite_store, parameters, clock):
    service = begin(FileCounts(memory), sqlite_store, parameters, clock)
    live(service, clock, "2026-11-29 22:00")  # a Sunday evening
    clock.set("2026-11-30 10:00")
    service = make_service(FileCounts(memory), sqlite_store, parameters, clock)
    live(service, clock, "2026-12-15 00:00")
    log = sqlite_store.log("priority_week")
    assert [log[Period.parse(f"2026-W{number}")] for number in (48, 49, 50)] == [False, False, True]


def test_a_machine_that_was_asleep_is_noticed_without_a_restart(sqlite_store, parameters, clock):
    service = begin(Counts(), sqlite_store, parameters, clock)
    live(service, clock, "2026-11-25 12:00")
    clock.set("2026-11-25 18:00")
    live(service, clock, TUESDAY)
    assert sqlite_store.log("priority_week")[Period.parse("2026-W48")] is False


def test_a_simulation_may_let_its_clock_jump(sqlite_store, parameters, clock):
    service = begin(Counts(), sqlite_store, parameters, clock)
    service.missed_after = dt.timedelta.max
    live(service, clock, TUESDAY, step=dt.timedelta(days=1))
    assert sqlite_store.log("priority_week")[Period.parse("2026-W48")] is True


def test_a_period_that_ended_while_nothing_ran_is_released_at_the_start(memory, sqlite_store, parameters, clock):
    service = make_service(FileCounts(memory), sqlite_store, parameters, clock)
    for _ in range(500):
        contact(service)
    clock.set("2027-02-01 08:00")
    service = make_service(FileCounts(memory), sqlite_store, parameters, clock)
    assert abs(sqlite_store.values("priority_week")[Period.parse("2026-W48")]["inbraak"] - 500) < 40
    assert not any(sqlite_store.log("priority_week").values())
    assert set(service.counts.opened()) == {"2027-W05", "2027-M02", "2027-Q1"}


def test_only_what_is_older_than_the_limit_is_deleted(store, parameters, clock):
    tables = {name: dict.fromkeys(table.cells, 7) for name, table in parameters.tables.items() if table.period == "week"}
    for id in ("2016-W01", "2021-W46", "2021-W48", "2021-W49", "2026-W40"):
        store.write(Period.parse(id), tables, True)
    service = make_service(Counts(), store, parameters, clock)
    live(service, clock, TUESDAY)
    # five years before 1 December 2026 is 1 December 2021, in 2021-W48
    kept = ["2021-W48", "2021-W49", "2026-W40", "2026-W48"]
    assert list(map(str, store.log("priority_week"))) == kept == list(map(str, store.values("priority_week")))


def test_keeping_them_longer_is_a_setting(sqlite_store, parameters, clock):
    sqlite_store.write(Period.parse("2016-W01"), {"priority_week": {"inbraak": 7}}, True)
    service = make_service(Counts(), sqlite_store, dataclasses.replace(parameters, years=30), clock)
    live(service, clock, TUESDAY)
    assert Period.parse("2016-W01") in sqlite_store.log("priority_week")


def test_the_log_tells_the_parameters_of_each_release(service, store, clock):
    live(service, clock, TUESDAY)
    found = {row[1]: row[3:] for row in rows(store)[1] if row[0] in ("2026-W48", "2026-M11")}
    assert found == {"priority_week": ("1", 5, 1), "priority_month": ("1", 10, 1), "topic": ("1/2", 5, 1),
                     "outcome": ("1/4", 10, 1)}


def test_a_leap_day_is_no_obstacle(sqlite_store, parameters, clock):
    clock.set("2028-02-20 12:00")
    service = make_service(Counts(), sqlite_store, parameters, clock)
    live(service, clock, "2028-02-29 00:00", step=dt.timedelta(hours=1))
    assert Period.parse("2028-W08") in sqlite_store.log("priority_week")
