"""Accounts, lock-out and audit, on both databases, by a clock that the tests move."""

import datetime as dt
import threading

import pytest
from argon2 import PasswordHasher
from argon2.profiles import CHEAPEST
from sqlalchemy import insert, select, text, update

from bot import database
from bot.dashboard import staff as staff_module
from bot.dashboard.models import account, audit, lock
from bot.dashboard.staff import EXPORTED, UNKNOWN, Staff, StaffError

PASSWORD = "zeven gele fietsen"


@pytest.fixture(params=["sqlite", "postgresql"])
def engine(request, tmp_path):
    if request.param == "sqlite":
        yield database.engine("DASHBOARD_STAFF_URL", f"sqlite:///{tmp_path / 'new' / 'staff.db'}")
        return
    made = database.engine("DASHBOARD_STAFF_URL", request.getfixturevalue("postgresql").database())
    yield made
    made.dispose()


@pytest.fixture(autouse=True)
def hasher(monkeypatch):
    """A cheap hash, or these tests take a minute; test_login.py holds the real one."""
    monkeypatch.setattr(staff_module, "PasswordHasher", lambda: PasswordHasher.from_parameters(CHEAPEST))


@pytest.fixture
def staff(engine, clock):
    made = Staff(engine, clock)
    made.add("ann", PASSWORD)
    return made


def deeds(staff):
    return [(entry.who, entry.what) for entry in staff.audit(100)]


def test_only_the_right_password_of_a_known_name_is_accepted(staff):
    assert staff.check("ann", PASSWORD)
    for name, password in (("ann", "zeven gele fietsem"), ("ann", ""), ("bob", PASSWORD), ("", ""), ("ANN", PASSWORD)):
        assert not staff.check(name, password), (name, password)


def test_without_an_account_nobody_is_accepted(engine, clock):
    staff = Staff(engine, clock)
    for name in ("admin", "root", UNKNOWN, "", "test"):
        assert not staff.check(name, "") and not staff.check(name, name)
    assert staff.names() == []


def test_passwords_are_kept_as_argon2id_only(staff, engine):
    with engine.connect() as connection:
        stored = connection.execute(select(account.c.hash)).scalar_one()
    assert stored.startswith("$argon2id$") and PASSWORD not in stored


@pytest.mark.parametrize("name", ["ab", "a" * 41, "Ann", "ann peeters", "ann\0", "änn", "", "an'n--", "unknown", "ann\n"])
def test_a_name_that_will_not_do(staff, name):
    with pytest.raises(StaffError):
        staff.add(name, PASSWORD)
    assert staff.names() == ["ann"]


@pytest.mark.parametrize("password", ["elf tekens.", "p" * 201, "", "jan.janssens"])
def test_a_password_that_will_not_do(staff, password):
    with pytest.raises(StaffError):
        staff.add("jan.janssens", password)
    with pytest.raises(StaffError):
        staff.set_password("ann", password[:11])
    assert staff.check("ann", PASSWORD)


def test_the_shortest_and_the_longest_password_do(staff):
    for name, password in (("bob", "twaalf teken"), ("eva", "é" * 200)):
        staff.add(name, password)
        assert staff.check(name, password)


def test_a_password_is_the_same_however_it_was_composed(staff):
    staff.add("bob", "caf\u00e9 op de hoek")
    assert staff.check("bob", "cafe\u0301 op de hoek")
    assert not staff.check("bob", "cafe op de hoek")


def test_a_name_is_given_once(staff):
    with pytest.raises(StaffError, match="already"):
        staff.add("ann", "een ander wachtwoord")
    assert staff.check("ann", PASSWORD)


@pytest.mark.parametrize("deed", ["remove", "unlock"])
def test_an_account_that_is_not_there_cannot_be_changed(staff, deed):
    with pytest.raises(StaffError, match="no account"):
        getattr(staff, deed)("bob")
    with pytest.raises(StaffError, match="no account"):
        staff.set_password(UNKNOWN, PASSWORD)


def test_the_generation_changes_with_the_password_and_with_the_account(staff):
    seen = {staff.generation("ann")}
    staff.set_password("ann", PASSWORD)
    seen.add(staff.generation("ann"))
    staff.remove("ann")
    assert staff.generation("ann") is None
    staff.add("ann", PASSWORD)
    seen.add(staff.generation("ann"))
    assert len(seen) == 3 and None not in seen


def test_five_failures_lock_for_a_quarter_of_an_hour(staff, clock):
    for _ in range(5):
        assert not staff.check("ann", "fout wachtwoord")
    assert not staff.check("ann", PASSWORD)
    clock.forward(minutes=14, seconds=59)
    assert not staff.check("ann", PASSWORD)
    clock.forward(seconds=1)
    assert staff.check("ann", PASSWORD)


def test_failures_count_in_a_row(staff):
    for _ in range(3):
        for _ in range(4):
            assert not staff.check("ann", "fout wachtwoord")
        assert staff.check("ann", PASSWORD)


def test_a_try_during_the_lock_does_not_prolong_it_and_afterwards_there_are_five_again(staff, clock):
    for _ in range(5):
        staff.check("ann", "fout wachtwoord")
    clock.forward(minutes=10)
    staff.check("ann", "fout wachtwoord")
    clock.forward(minutes=5)
    for _ in range(4):
        staff.check("ann", "fout wachtwoord")
    assert staff.check("ann", PASSWORD)


def test_a_lock_outlives_a_restart(staff, engine, clock):
    for _ in range(5):
        staff.check("ann", "fout wachtwoord")
    assert not Staff(engine, clock).check("ann", PASSWORD)


@pytest.mark.parametrize("end", [lambda staff: staff.unlock("ann"), lambda staff: staff.set_password("ann", PASSWORD)])
def test_a_lock_is_ended_by_hand(staff, end):
    for _ in range(5):
        staff.check("ann", "fout wachtwoord")
    end(staff)
    assert staff.check("ann", PASSWORD)


def test_one_locked_account_leaves_the_others_alone(staff):
    staff.add("bob", PASSWORD)
    for _ in range(5):
        staff.check("ann", "fout wachtwoord")
        staff.check("iemand", "fout wachtwoord")
    assert staff.check("bob", PASSWORD)


def test_many_attempts_at_once_gain_nothing(staff, engine):
    tried = []
    verify = staff._verify
    staff._verify = lambda stored, password: tried.append(stored) or verify(stored, password)
    threads = [threading.Thread(target=staff.check, args=("ann", f"fout wachtwoord {number}")) for number in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(tried) == 12  # as slow for those that came too late
    assert deeds(staff).count(("ann", "login_failed")) == 5
    assert not staff.check("ann", PASSWORD)


def test_what_somebody_types_as_a_name_is_stored_nowhere(staff, engine):
    typed = ("mijn geheime zin", "geheim-wachtwoord", "x" * 5000, "a\0b", "'; DROP TABLE account; --", "\ud800")
    for name in typed:
        assert not staff.check(name, "fout wachtwoord")
    assert staff.names() == ["ann"]
    with engine.connect() as connection:
        stored = str([connection.execute(select(table)).all() for table in (account, lock, audit)])
    for name in typed:
        assert name not in stored


def test_unknown_names_fill_neither_log_nor_locks(staff, engine):
    for number in range(30):
        staff.check(f"niemand{number}", "fout wachtwoord")
    assert deeds(staff).count((UNKNOWN, "login_failed")) == 5
    assert deeds(staff).count((UNKNOWN, "locked_out")) == 1
    with engine.connect() as connection:
        assert len(connection.execute(select(lock)).all()) == 2  # ann's and that of all unknown names


def test_the_audit_tells_who_did_what(staff):
    staff.check("ann", "fout wachtwoord")
    staff.check("ann", PASSWORD)
    staff.record("ann", EXPORTED, "priority_week 2026-W47 csv")
    staff.set_password("ann", PASSWORD)
    staff.unlock("ann")
    staff.remove("ann")
    assert deeds(staff) == [("ann", what) for what in (
        "account_removed", "unlocked", "password_set", "exported", "logged_in", "login_failed", "account_added")]
    assert [entry.about for entry in staff.audit(4)] == ["", "", "", "priority_week 2026-W47 csv"]


def test_five_failures_are_recorded_as_a_lock(staff):
    for _ in range(9):
        staff.check("ann", "fout wachtwoord")
    assert deeds(staff) == [("ann", "locked_out"), *[("ann", "login_failed")] * 5, ("ann", "account_added")]


@pytest.mark.parametrize("who,what,about", [
    ("ann", "looked", ""), ("ann", EXPORTED, ""), ("ann", "logged_out", "topic"), ("een naam", "logged_out", ""),
    ("ann", EXPORTED, "a" * 81), ("ann", EXPORTED, "topic\n2026"), ("ann", EXPORTED, "<b>"), ("ann", EXPORTED, "a  b"),
])
def test_nothing_else_is_recorded(staff, who, what, about):
    before = staff.audit(10)
    with pytest.raises(StaffError):
        staff.record(who, what, about)
    assert staff.audit(10) == before


def test_the_audit_is_kept_a_year(staff, engine, clock):
    clock.forward(days=365)
    assert deeds(staff) == [("ann", "account_added")]
    clock.forward(seconds=1)
    assert deeds(staff) == []
    staff.record("ann", "logged_out")
    with engine.connect() as connection:
        assert connection.execute(select(audit.c.what)).scalars().all() == ["logged_out"]


def test_moments_are_utc(staff, clock):
    assert staff.audit(1)[0].when == clock.moment.astimezone(dt.timezone.utc)


def test_an_old_hash_is_renewed_at_login(staff, engine):
    weak = PasswordHasher(time_cost=2, memory_cost=8, parallelism=1)
    with engine.begin() as connection:
        connection.execute(update(account).values(hash=weak.hash(PASSWORD)))
    generation = staff.generation("ann")
    assert staff.check("ann", PASSWORD) and staff.check("ann", PASSWORD)
    with engine.connect() as connection:
        stored = connection.execute(select(account.c.hash)).scalar_one()
    assert weak.check_needs_rehash(stored) and not PasswordHasher.from_parameters(CHEAPEST).check_needs_rehash(stored)
    assert staff.generation("ann") == generation  # nobody's session ends by it


def test_a_broken_hash_lets_nobody_in(staff, engine):
    with engine.begin() as connection:
        connection.execute(insert(account).values(name="bob", hash="plain", generation="g"))
        connection.execute(insert(lock).values(name="bob", failures=0, until=0))
    assert not staff.check("bob", "plain")


def test_preparing_twice_changes_nothing(staff, engine, clock):
    Staff(engine, clock).prepare()
    assert staff.names() == ["ann"]


def test_the_migration_makes_the_row_that_unknown_names_share(staff, engine):
    with engine.connect() as connection:
        assert connection.execute(select(lock.c.failures).where(lock.c.name == staff_module.UNKNOWN)).scalar_one() == 0


def test_a_database_of_another_program_is_not_touched(staff, engine, clock):
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = 'newer'"))
    with pytest.raises(StaffError, match="DASHBOARD_STAFF_URL"):
        Staff(engine, clock).prepare()
