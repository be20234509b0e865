"""`python -m bot.statistics`: what it says, and how it ends."""

import datetime as dt
import os
import subprocess
import sys

import pytest

from benchmarks.assistant import free_port
from bot import settings as settings_module
from bot.settings import ROOT
from bot.statistics import service as service_module
from bot.statistics.periods import Period
from tests.services import READER
from tests.statistics.tools import CONTACT, changes


@pytest.fixture
def place(memory, database_url):
    """The environment of an operator."""
    return {"STATISTICS_URL": database_url, "STATISTICS_STATE_DIR": str(memory)}


@pytest.fixture
def service(place):
    """The service of that environment; an old week waits for its release."""
    service = service_module.make(settings_module.load(place))
    service.counts.open("2026-W40", True)
    service.counts.add(changes("2026-W40", "priority_week", "inbraak", 1000))
    return service


def test_migrate_makes_the_tables_and_twice_is_fine(command, place, store):
    for _ in range(2):
        assert command("migrate", **place) == (0, "the tables of released figures are up to date\n", "")
    assert store.log("topic") == {}


def test_release_releases_what_is_due_once(command, place, service):
    assert command("release", **place) == (0, "released: 2026-W40\n", "")
    before = service.store.values("priority_week")
    assert abs(before[Period.parse("2026-W40")]["inbraak"] - 1000) < 40
    assert command("release", **place) == (0, "nothing is due\n", "")
    assert service.store.values("priority_week") == before


def test_status_tells_periods_and_no_figure(command, place, service):
    service.release()
    present = str(Period.of("week", dt.datetime.now(dt.timezone.utc)))
    service.counts.open("2026-M11", False)
    service.add(changes(present, "priority_week", CONTACT["priority_week"], 54_110))
    code, said, error = command("status", **place)
    assert (code, error) == (0, "")
    assert f"open      {present}  incomplete" in said and "open      2026-M11  incomplete" in said
    assert "released  2026-W40  priority_week   complete" in said
    assert "54110" not in said and "inbraak" not in said and "1000" not in said


def test_a_wrong_setting_is_one_sentence(command, place):
    for name, value in (("STATISTICS_THRESHOLD", "4"), ("STATISTICS_THRESHOLD_SENSITIVE", "9"), ("STATISTICS_EMBARGO_DAYS", "0"),
                        ("STATISTICS_URL", "mysql://x/y"), ("STATISTICS_URL", "sqlite://"),
                        ("STATISTICS_COUNTER_URL", "localhost"), ("STATISTICS_STATE_DIR", "/proc/nowhere")):
        code, said, error = command("status", **{**place, name: value})
        assert (code, said) == (2, "") and error.startswith(f"error: {name}") and error.count("\n") == 1, (name, error)


def test_an_unreachable_database_or_counter_is_one_sentence(command, place):
    for name, value in (("STATISTICS_URL", f"postgresql://x:kanarie@127.0.0.1:{free_port()}/x"),
                        ("STATISTICS_URL", "sqlite:////proc/nowhere/statistics.db"),
                        ("STATISTICS_COUNTER_URL", f"redis://:kanarie@127.0.0.1:{free_port()}/0")):
        for name_of_command in ("status", "release"):
            code, said, error = command(name_of_command, **{**place, name: value})
            assert (code, said) == (1, "") and error.startswith("error: the database or the counter does not answer")
            assert error.count("\n") == 1 and "kanarie" not in error


@pytest.mark.parametrize("arguments", [[], ["publish"], ["reader"], ["migrate", "now"]])
def test_a_wrong_argument_is_explained(command, place, arguments):
    code, said, error = command(*arguments, **place)
    assert (code, said) == (2, "") and "usage: python -m bot.statistics" in error


@pytest.mark.parametrize("role", ['x"; DROP TABLE release; --', "Reader", "two words", "a" * 64, "", "x\n"])
def test_reader_takes_only_the_plain_name_of_a_role(command, place, store, role):
    code, _, error = command("reader", role, **place)
    assert code == 2 and "plain name of a role" in error and store.log("topic") == {}


def test_reader_needs_a_role_that_exists(command, place):
    code, _, error = command("reader", "nobody_of_this_name", **place)
    assert code == 2 and ("has no role" in error or "needs a PostgreSQL database" in error)
    assert command("reader", READER, **place)[0] == (0 if place["STATISTICS_URL"].startswith("postgresql") else 2)


def test_it_runs_as_a_process_of_its_own(tmp_path, memory):
    place = {"STATISTICS_URL": f"sqlite:///{tmp_path / 'statistics.db'}", "STATISTICS_STATE_DIR": str(memory)}
    run = subprocess.run([sys.executable, "-m", "bot.statistics", "migrate"], cwd=ROOT, env={**os.environ, **place},
                         capture_output=True, text=True)
    assert (run.returncode, run.stdout, run.stderr) == (0, "the tables of released figures are up to date\n", "")
