"""Wrong passwords in a row, on both databases, by a clock that the tests move."""

import threading

import pytest
from sqlalchemy import select

from bot.dashboard.models import lock
from bot.dashboard.staff import UNKNOWN, Staff
from tests.dashboard.conftest import PASSWORD, deeds


def test_five_failures_lock_for_a_quarter_of_an_hour(accounts, clock):
    for _ in range(5):
        assert not accounts.check("ann", "fout wachtwoord")
    assert not accounts.check("ann", PASSWORD)
    clock.forward(minutes=14, seconds=59)
    assert not accounts.check("ann", PASSWORD)
    clock.forward(seconds=1)
    assert accounts.check("ann", PASSWORD)


def test_failures_count_in_a_row(accounts):
    for _ in range(3):
        for _ in range(4):
            assert not accounts.check("ann", "fout wachtwoord")
        assert accounts.check("ann", PASSWORD)


def test_a_try_during_the_lock_does_not_prolong_it_and_afterwards_there_are_five_again(accounts, clock):
    for _ in range(5):
        accounts.check("ann", "fout wachtwoord")
    clock.forward(minutes=10)
    accounts.check("ann", "fout wachtwoord")
    clock.forward(minutes=5)
    for _ in range(4):
        accounts.check("ann", "fout wachtwoord")
    assert accounts.check("ann", PASSWORD)


def test_a_lock_outlives_a_restart(accounts, engine, clock):
    for _ in range(5):
        accounts.check("ann", "fout wachtwoord")
    assert not Staff(engine, clock).check("ann", PASSWORD)


@pytest.mark.parametrize("end", [lambda staff: staff.unlock("ann"), lambda staff: staff.set_password("ann", PASSWORD)])
def test_a_lock_is_ended_by_hand(accounts, end):
    for _ in range(5):
        accounts.check("ann", "fout wachtwoord")
    end(accounts)
    assert accounts.check("ann", PASSWORD)


def test_one_locked_account_leaves_the_others_alone(accounts):
    accounts.add("bob", PASSWORD)
    for _ in range(5):
        accounts.check("ann", "fout wachtwoord")
        accounts.check("iemand", "fout wachtwoord")
    assert accounts.check("bob", PASSWORD)


def test_many_attempts_at_once_gain_nothing(accounts, engine):
    tried = []
    verify = accounts._verify
    accounts._verify = lambda stored, password: tried.append(stored) or verify(stored, password)
    threads = [threading.Thread(target=accounts.check, args=("ann", f"fout wachtwoord {number}")) for number in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(tried) == 12  # as slow for those that came too late
    assert deeds(accounts).count(("ann", "login_failed")) == 5
    assert not accounts.check("ann", PASSWORD)


def test_unknown_names_fill_neither_log_nor_locks(accounts, engine):
    for number in range(30):
        accounts.check(f"niemand{number}", "fout wachtwoord")
    assert deeds(accounts).count((UNKNOWN, "login_failed")) == 5
    assert deeds(accounts).count((UNKNOWN, "locked_out")) == 1
    with engine.connect() as connection:
        assert len(connection.execute(select(lock)).all()) == 2  # ann's and that of all unknown names


def test_the_migration_makes_the_row_that_unknown_names_share(accounts, engine):
    with engine.connect() as connection:
        assert connection.execute(select(lock.c.failures).where(lock.c.name == UNKNOWN)).scalar_one() == 0
