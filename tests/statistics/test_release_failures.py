"""Whatever breaks in the middle of a release: nothing is lost, nothing is drawn twice, nothing is written twice."""

import logging
import threading

import pytest
from sqlalchemy import event, select, text, update
from sqlalchemy.exc import OperationalError

from bot import settings as settings_module
from bot.errors import LimitError, StatisticsError
from bot.statistics.counts import Counts, FileCounts
from bot.statistics.models import release, release_log
from bot.statistics.periods import Period
from bot.statistics.redis_counts import RedisCounts
from bot.statistics.release import Service
from bot.statistics.store import Store
from tests.statistics.tools import Clock, contact, live, make_service

MONDAY, EVE, TUESDAY = "2026-11-23 00:00", "2026-11-30 23:55", "2026-12-01 00:00"
DUE = {"2026-W48": 1, "2026-M11": 3}  # released on Tuesday, with so many tables


def rows(store):
    with store.engine.connect() as connection:
        return [sorted(map(tuple, connection.execute(select(table)))) for table in (release, release_log)]


def values(store):
    return {(table, cell): value for _, table, cell, value in rows(store)[0]}


def drawn(counts):
    """What was drawn for the periods that are due; a second draw would be something else than a number."""
    tables = {"2026-W48": ["priority_week"], "2026-M11": ["priority_month", "topic", "outcome"]}
    return {(table, cell): value for period in tables for table in tables[period]
            for cell, value in counts.draw(period, table, lambda exact: {"drawn": "twice"}).items()}


@pytest.fixture
def clock():
    return Clock(MONDAY)


@pytest.fixture
def service(memory, store, parameters, clock):
    """A service with 50 contacts that is five minutes before a release."""
    service = make_service(FileCounts(memory), store, parameters, clock)
    for _ in range(50):
        contact(service)
    live(service, clock, EVE)
    clock.set(TUESDAY)
    return service


def refuse(*_, **__):
    raise OperationalError("INSERT of kanarie", {}, Exception("the database is gone"))


def test_a_write_that_fails_is_done_later_with_the_same_values(service, store, monkeypatch, caplog):
    with monkeypatch.context() as broken:
        broken.setattr(store, "write", refuse)
        for _ in range(3):
            assert service.tick() == []
    # the first period failed and stopped the rest: draw the rest as well, then compare
    assert rows(store) == [[], []] and "kanarie" not in caplog.text and len(caplog.records) == 3
    with monkeypatch.context() as broken:
        broken.setattr(store, "write", lambda *_: True)
        broken.setattr(service.counts, "settle", lambda *_: None)
        service.tick()
    expected = drawn(service.counts)
    assert len(expected) > 60 and all(type(value) is int for value in expected.values())
    assert set(map(str, service.tick())) == set(DUE)
    assert values(store) == expected


def test_a_process_that_dies_between_drawing_and_writing_goes_on_with_the_same_values(service, memory, store, parameters, clock,
                                                                                      monkeypatch):
    monkeypatch.setattr(store, "write", refuse)
    service.tick()
    first = service.counts.draw("2026-M11", "topic", lambda exact: {"drawn": "twice"})
    monkeypatch.undo()
    make_service(FileCounts(memory), store, parameters, clock)
    assert {cell: value for (table, cell), value in values(store).items() if table == "topic"} == first
    assert sorted(DUE) == sorted({row[0] for row in rows(store)[1]})


def test_an_answer_that_is_lost_after_the_commit_writes_nothing_twice(service, store, monkeypatch):
    real = store.write

    def write(*arguments):
        real(*arguments)
        refuse()

    monkeypatch.setattr(store, "write", write)
    service.tick()
    before = rows(store)
    assert before[0]
    service.tick()
    monkeypatch.undo()
    service.tick()
    after = rows(store)
    assert set(before[0]) <= set(after[0]) and len(after[1]) == sum(DUE.values())
    assert not set(DUE) & set(service.counts.opened())


def test_half_a_period_is_never_stored(service, store, monkeypatch):
    """The connection breaks between the log and the figures."""
    def interrupt(connection, cursor, statement, *_):
        if statement.startswith("INSERT INTO release "):
            refuse()

    event.listen(store.engine, "before_cursor_execute", interrupt)
    service.tick()
    assert rows(store) == [[], []]
    event.remove(store.engine, "before_cursor_execute", interrupt)
    assert set(map(str, service.tick())) == set(DUE)


def test_a_real_postgresql_that_stops_in_mid_release(memory, postgresql, parameters, clock, monkeypatch):
    store = Store.for_service(settings_module.load({"STATISTICS_URL": postgresql.emptied()}), parameters)
    service = make_service(FileCounts(memory), store, parameters, clock)
    for _ in range(50):
        contact(service)
    live(service, clock, EVE)
    real, seen = store.write, []

    def write(period, tables, complete):
        if not seen:
            seen.append((period, tables))
            postgresql.stop()
        return real(period, tables, complete)

    monkeypatch.setattr(store, "write", write)
    clock.set(TUESDAY)
    try:
        assert service.tick() == [] and service.tick() == []
        contact(service)  # residents do not notice
    finally:
        postgresql.start()
    assert set(map(str, service.tick())) == set(DUE)
    (period, tables), = seen
    assert {name: store.values(name)[period] for name in tables} == tables
    assert sum(service.counts.exact("2026-W49", "priority_week").values()) == 1


def test_a_database_that_is_gone_at_the_start_stops_nobody(memory, postgresql, parameters, clock):
    store = Store.for_service(settings_module.load({"STATISTICS_URL": postgresql.emptied()}), parameters)
    postgresql.stop()
    try:
        service = make_service(FileCounts(memory), store, parameters, clock)
        contact(service)
    finally:
        postgresql.start()
    live(service, clock, TUESDAY)
    assert set(map(str, store.log("priority_week"))) == {"2026-W48"}


def test_two_services_on_one_redis_and_one_postgresql_release_one_set_of_figures(redis_server, postgresql, parameters, clock):
    redis_server.client.flushall()
    url = postgresql.emptied()
    stores = [Store.for_service(settings_module.load({"STATISTICS_URL": url}), parameters) for _ in range(2)]
    services = [make_service(RedisCounts(redis_server.url), store, parameters, clock) for store in stores]
    for _ in range(500):
        for service in services:
            contact(service)
    clock.set(EVE)
    for service in services:
        service.tick()
    clock.set(TUESDAY)
    gate, written, real = threading.Barrier(2), [], Store.write

    def run(service, store):
        def write(period, tables, complete):
            gate.wait(10)  # both have drawn
            done = real(store, period, tables, complete)
            written.append((str(period), tables, done))
            return done

        store.write = write
        service.release()

    threads = [threading.Thread(target=run, args=pair) for pair in zip(services, stores, strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted((period, done) for period, _, done in written) == sorted((period, done) for period in DUE for done in (0, 1))
    for period in DUE:
        first, second = (tables for name, tables, _ in written if name == period)
        assert first == second == {name: stores[0].values(name)[Period.parse(period)] for name in first}
    assert abs(values(stores[0])["priority_week", "inbraak"] - 1000) < 40
    assert not redis_server.client.keys("*2026-W48*") and not set(DUE) & set(services[0].counts.opened())


def limited(engine):
    """No more room on the disk: the file may not grow."""
    def limit(connection, _):
        connection.execute(f"PRAGMA max_page_count={connection.execute('PRAGMA page_count').fetchone()[0]}")

    event.listen(engine, "connect", limit)
    engine.dispose()
    return lambda: (event.remove(engine, "connect", limit), engine.dispose())


def only_read(engine):
    """The disk became read-only."""
    def protect(connection, _):
        connection.execute("PRAGMA query_only=ON")

    event.listen(engine, "connect", protect)
    engine.dispose()
    return lambda: (event.remove(engine, "connect", protect), engine.dispose())


@pytest.mark.parametrize("harm", [limited, only_read])
def test_a_sqlite_file_that_cannot_be_written_is_written_later(memory, sqlite_store, parameters, clock, harm, caplog):
    service = make_service(FileCounts(memory), sqlite_store, parameters, clock)
    monthly = [table for table in parameters.tables.values() if table.period == "month"]
    sqlite_store.write(Period.parse("2026-M09"), {table.name: dict.fromkeys(table.cells, 1) for table in monthly}, True)
    live(service, clock, EVE)  # the page is nearly full: another month needs a new one
    repair = harm(sqlite_store.engine)
    clock.set(TUESDAY)
    for _ in range(2):
        service.tick()
    assert not sqlite_store.log("topic").keys() - {Period.parse("2026-M09")} and len(caplog.records) == 2
    first = service.counts.draw("2026-M11", "topic", lambda exact: {"drawn": "twice"})
    repair()
    service.tick()
    assert {row[0] for row in rows(sqlite_store)[1]} == {"2026-M09", *DUE}
    assert sqlite_store.values("topic")[Period.parse("2026-M11")] == first


@pytest.mark.parametrize("weak", [{"epsilon": "2"}, {"epsilon": "0"}, {"epsilon": "-1"}, {"epsilon": "nan"}, {"epsilon": "1/0"},
                                  {"epsilon": ""}, {"threshold": 4}, {"embargo_days": 0}])
def test_a_database_that_was_released_outside_the_limits_does_not_start(sqlite_store, parameters, clock, weak):
    sqlite_store.write(Period.parse("2026-W40"), {"priority_week": {"inbraak": 7}}, True)
    with sqlite_store.engine.begin() as connection:
        connection.execute(update(release_log).values(**weak))
    with pytest.raises(LimitError, match="priority_week of 2026-W40"):
        Service(Counts(), sqlite_store, parameters, clock).start()


def test_a_sensitive_or_unknown_table_in_the_database_needs_the_higher_threshold(sqlite_store, parameters, clock):
    sqlite_store.write(Period.parse("2026-M09"), {"outcome": {"answered": 7}}, True)
    for change in ({"threshold": 9}, {"threshold": 5, "table": "streets"}):
        with sqlite_store.engine.begin() as connection:
            connection.execute(update(release_log).values(**change))
        with pytest.raises(LimitError):
            Service(Counts(), sqlite_store, parameters, clock).start()


def test_a_database_of_a_newer_version_does_not_start(sqlite_store, parameters, clock):
    with sqlite_store.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(StatisticsError, match="STATISTICS_URL"):
        Service(Counts(), sqlite_store, parameters, clock).start()


@pytest.mark.parametrize("error", [OSError("kanarie"), ValueError("kanarie"), KeyError("kanarie"), LimitError("kanarie"),
                                   StatisticsError("kanarie"), RuntimeError("kanarie")])
def test_a_tick_never_raises_and_tells_only_the_kind_of_error(sqlite_store, parameters, clock, monkeypatch, caplog, error):
    service = make_service(Counts(), sqlite_store, parameters, clock)

    def fail(*_):
        raise error

    monkeypatch.setattr(service.counts, "opened", fail)
    assert service.tick() == []
    assert [record.levelno for record in caplog.records] == [logging.ERROR]
    assert type(error).__name__ in caplog.text and "kanarie" not in caplog.text
