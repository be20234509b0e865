"""Attacks on what is stored: the database, two backups, a crash, forged settings."""

import os
import subprocess
import sys

import pytest
from sqlalchemy import text

from bot.errors import LimitError, UnknownLabel
from bot.settings import ROOT, load
from bot.statistics import parameters as parameters_module
from bot.statistics.contact import count
from bot.statistics.counts import FileCounts
from bot.statistics.store import Store
from tests.attacks import attacks
from tests.statistics.tools import memory_folder

COUNT = """
import sys, time
from bot.settings import load
from bot.statistics import service
from tests.attacks.attacks import contact
made = service.make(load())
made.start()
for number in range(int(sys.argv[1])):
    contact(made)
    print(number + 1, flush=True)
time.sleep(60)
"""


def counting(tmp_path, memory, contacts):
    """A process that counts so many contacts, says so after each, and then waits."""
    environment = {**os.environ, "STATISTICS_URL": f"sqlite:///{tmp_path / 'data' / 'statistics.db'}",
                   "STATISTICS_STATE_DIR": str(memory / "state"), "TMPDIR": str(tmp_path), "HOME": str(tmp_path)}
    return subprocess.Popen([sys.executable, "-W", "ignore", "-c", COUNT, str(contacts)], cwd=ROOT, env=environment,
                            stdout=subprocess.PIPE, text=True)


def counted(memory):
    """How many contacts are found in memory."""
    counts = FileCounts(memory / "state")
    return sum(counts.exact(period, "priority_week").get("cybercrime", 0) for period in counts.opened())


def statistics(arguments, **environment):
    """Run the operator's command."""
    with memory_folder() as memory:
        variables = {**os.environ, "STATISTICS_STATE_DIR": str(memory), **environment}
        return subprocess.run([sys.executable, "-W", "ignore", "-m", "bot.statistics", *arguments], cwd=ROOT, env=variables,
                              capture_output=True, text=True, timeout=60)


def test_the_schema_has_no_time_and_no_ordered_row_id(system):
    attacks.schema(system.service.store.engine)


def test_the_schema_in_postgresql_has_no_time_and_no_ordered_row_id(postgresql, parameters):
    store = Store.for_service(load({"STATISTICS_URL": postgresql.emptied()}), parameters)
    store.prepare()
    attacks.schema(store.engine)
    store.engine.dispose()


def test_no_journal_replays_the_order_of_increments(system):
    attacks.journal(system.service.store.engine)


def test_the_database_is_byte_identical_before_and_after_100_contacts_in_an_open_period(system):
    attacks.snapshots(system.service, system.data)


def test_another_user_of_the_machine_does_not_see_when_somebody_came(system):
    attacks.watcher(system.service, system.state)


def test_the_log_does_not_tell_when_somebody_came_while_counting_fails(system, caplog):
    attacks.log_of_a_failing_counter(system.service, caplog.records)


def test_an_all_zero_period_writes_as_many_rows_as_a_busy_one(system):
    for _ in range(300):
        attacks.contact(system.service)
    system.later(days=6)
    busy = system.service.store.values("priority_week")
    system.later(days=7)
    every = system.service.store.values("priority_week")
    (empty,) = set(every) - set(busy)
    attacks.empty_period(every[empty], next(iter(busy.values())))


@pytest.mark.parametrize("cells", [{"priority_week": "integriteit"}, {"topic": "partnergeweld"}, {"who": "jan"},
                                   {"outcome": "jan.peeters"}, {"referral": "02 253 33 33"}, {"daypart": "21:30"}])
def test_an_unknown_label_is_refused(system, cells):
    with pytest.raises(UnknownLabel) as error:
        count({}, cells, system.moment, system.service.parameters)
    assert not any(label in str(error.value) for label in cells.values())


def test_a_second_release_run_adds_nothing(system):
    attacks.contact(system.service)
    assert system.later(days=6)
    before = attacks.files(system.data)
    assert system.later(minutes=1) == [] and system.service.release() == []
    assert attacks.files(system.data) == before


def test_a_redraw_gives_the_same_values(system):
    attacks.contact(system.service)
    attacks.redraw(system.service, "2026-W48", "priority_week")


def test_kill_9_loses_nothing_and_leaves_no_exact_count_on_the_data_volume(tmp_path):
    with memory_folder() as memory:
        process = counting(tmp_path, memory, 25)
        assert [process.stdout.readline() for _ in range(25)][-1] == "25\n"
        before = attacks.files(tmp_path)
        process.kill()
        process.wait(10)
        assert attacks.files(tmp_path) == before and list(before) == ["data/statistics.db"]
        assert b"cybercrime" not in before["data/statistics.db"]
        assert counted(memory) == 25


def test_kill_9_in_the_middle_of_counting_loses_nothing(tmp_path):
    with memory_folder() as memory:
        process = counting(tmp_path, memory, 1_000_000)
        said = [process.stdout.readline() for _ in range(300)]
        process.kill()
        said = int("".join([*said, process.stdout.read()]).split()[-1])
        process.wait(10)
        assert said >= 300 and counted(memory) in (said, said + 1)
        assert b"cybercrime" not in attacks.files(tmp_path)["data/statistics.db"]


@pytest.mark.parametrize("environment", [{"STATISTICS_THRESHOLD": "4"}, {"STATISTICS_THRESHOLD_SENSITIVE": "9"},
                                         {"STATISTICS_EMBARGO_DAYS": "0"}])
def test_a_threshold_lowered_by_the_environment_refuses_to_start(tmp_path, environment):
    result = statistics(["status"], STATISTICS_URL=f"sqlite:///{tmp_path / 's.db'}", **environment)
    assert result.returncode == 2 and next(iter(environment)) in result.stderr


@pytest.mark.parametrize(("old", "new"), [
    ('{period: month,   epsilon: "1",   sensitive: true', '{period: month,   epsilon: "2",   sensitive: true'),
    ('{period: month,   epsilon: "1",   sensitive: true', '{period: week,    epsilon: "1",   sensitive: true'),
    ('epsilon: "1/4", sensitive: true,  cells: outcomes', 'epsilon: "1/4", sensitive: false, cells: outcomes'),
    ('epsilon: "1/2"', 'epsilon: "0"')])
def test_parameters_weakened_in_the_file_refuse_to_start(tmp_path, old, new):
    original = parameters_module.FILE.read_text(encoding="utf-8")
    assert old in original
    (tmp_path / "statistics.yml").write_text(original.replace(old, new), encoding="utf-8")
    with pytest.raises(LimitError):
        parameters_module.load(load({}), tmp_path / "statistics.yml")


def test_a_database_released_outside_the_limits_refuses_to_start(system):
    system.later(days=6)
    with system.service.store.engine.begin() as connection:
        connection.execute(text("UPDATE release_log SET threshold = 1"))  # the others: tests/statistics/test_release_failures.py
    result = statistics(["status"], STATISTICS_URL=f"sqlite:///{system.data / 'statistics.db'}")
    assert result.returncode == 2 and "hard limits" in result.stderr
