"""Tests of the tests: a mechanism that was broken on purpose makes the matching attack succeed."""

import dataclasses
import logging

import pytest
from sqlalchemy import create_engine, text

from bot.statistics import counts as counts_module
from bot.statistics.counts import Counts, FileCounts
from bot.statistics.figures import show
from bot.statistics.queries import Figures
from bot.statistics.release import Service, noisy
from tests.attacks import attacks


def no_noise(exact, table):
    """Counts as they are."""
    return {cell: exact.get(cell, 0) for cell in table.cells}


def weak_noise(exact, table):
    """One step up or down, so that a value can tell for certain."""
    return {cell: exact.get(cell, 0) + (noisy({}, table)[cell] > 0) for cell in table.cells}


@pytest.mark.parametrize("broken", [no_noise, weak_noise])
def test_without_enough_noise_a_single_contact_is_seen(parameters, broken):
    with pytest.raises(AssertionError):
        attacks.single_contact(broken, parameters.table("priority_month"))


def test_without_noise_fake_contacts_show_the_victim(system):
    with pytest.raises(AssertionError, match="from the released value"):
        attacks.injection(no_noise, system.show, system.service.parameters.table("priority_month"))


@pytest.mark.parametrize("fakes", [7, 12])
def test_without_noise_a_threshold_or_a_rounding_shows_the_victim(system, fakes):
    """The eighth contact makes "<10" flip to "10", the thirteenth "10" to "15"; the attacker looks at nothing else."""
    table = system.service.parameters.table("priority_month")
    rule = attacks.guesses(system.show, table, fakes)
    shown = [system.show(no_noise({"x": fakes + victim}, attacks.one_cell(table))["x"], table).shown for victim in (0, 1)]
    assert [rule[text] for text in shown] == [False, True], "right every time"


def test_without_noise_all_tables_together_show_the_victim(parameters):
    with pytest.raises(AssertionError):
        attacks.all_tables(no_noise, parameters.tables.values())


def test_a_longer_period_that_is_drawn_anew_is_seen(system):
    def anew(figures, name, period):
        table = figures.parameters.tables[name]
        limit = figures.parameters.limit(table)
        drawn = {cell: show([40 + value], table, limit) for cell, value in noisy({}, table).items()}
        return dataclasses.replace(figures.cells(name, period), figures=drawn)

    for _ in range(10):
        system.later(days=7)
    with pytest.raises(AssertionError):
        attacks.windows(Figures.read(system.service.store), anew)


def test_a_threshold_of_one_is_seen(system):
    with pytest.raises(AssertionError):
        attacks.threshold(lambda value, table: show([value], table, 1), system.service.parameters.table("priority_week"), 5)


def test_a_write_ahead_log_is_seen(system):
    system.service.store.engine.dispose()
    careless = create_engine(f"sqlite:///{system.data / 'statistics.db'}", future=True)
    with careless.connect() as connection:
        connection.execute(text("PRAGMA journal_mode=WAL"))
    with pytest.raises(AssertionError):
        attacks.journal(careless)
    careless.dispose()
    attacks.journal(system.service.store.engine)  # ours puts it right again


@pytest.mark.parametrize("statement", [
    "ALTER TABLE release ADD COLUMN counted_at TEXT",
    "ALTER TABLE release ADD COLUMN moment TIMESTAMP",
    "CREATE TABLE contacts (id INTEGER PRIMARY KEY AUTOINCREMENT)",
])
def test_a_time_or_an_ordered_row_id_is_seen(system, statement):
    with system.service.store.engine.begin() as connection:
        connection.execute(text(statement))
    with pytest.raises(AssertionError):
        attacks.schema(system.service.store.engine)


def test_a_table_with_row_ids_is_seen(system):
    with system.service.store.engine.begin() as connection:
        connection.execute(text("DROP TABLE release"))
        connection.execute(text('CREATE TABLE release (period TEXT, "table" TEXT, cell TEXT, value INTEGER)'))
    with pytest.raises(AssertionError):
        attacks.schema(system.service.store.engine)


def test_an_exact_count_on_the_data_volume_is_seen(system):
    class OnDisk(Counts):
        def add(self, changes):
            super().add(changes)
            (system.data / "counts.txt").write_text(str(self._state))

    service = Service(OnDisk(), system.service.store, system.service.parameters, system.service.clock)
    service.start()
    with pytest.raises(AssertionError):
        attacks.snapshots(service, system.data)


def test_a_state_file_in_the_folder_itself_is_seen(system, monkeypatch):
    monkeypatch.setattr(counts_module, "FOLDER", ".")
    service = Service(FileCounts(system.state), system.service.store, system.service.parameters, system.service.clock)
    with pytest.raises(AssertionError, match="read from the folder"):
        attacks.watcher(service, system.state)


def test_a_log_line_at_the_moment_of_a_contact_is_seen(system, caplog):
    class Talkative(FileCounts):
        def flush(self):
            try:
                super().flush()
            except OSError:
                logging.getLogger("careless").error("could not be written")
                raise

    service = Service(Talkative(system.state), system.service.store, system.service.parameters, system.service.clock)
    with pytest.raises(AssertionError, match="moment of a contact"):
        attacks.log_of_a_failing_counter(service, caplog.records)


def test_drawing_twice_is_seen(system):
    class Twice(Counts):
        def draw(self, period, table, noise):
            return noise(self.exact(period, table))

    service = Service(Twice(), system.service.store, system.service.parameters, system.service.clock)
    with pytest.raises(AssertionError):
        attacks.redraw(service, "2026-W48", "priority_week")


def test_fewer_rows_for_an_empty_period_are_seen():
    with pytest.raises(AssertionError):
        attacks.empty_period({}, {"cybercrime": 3})
