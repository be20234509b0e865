"""Accounts and their passwords, on both databases."""

import pytest
from argon2 import PasswordHasher
from argon2.profiles import CHEAPEST
from sqlalchemy import insert, select, text, update

from bot import database
from bot.dashboard.models import account, audit, lock
from bot.dashboard.staff import UNKNOWN, Staff, StaffError
from tests.dashboard.conftest import PASSWORD


def test_only_the_right_password_of_a_known_name_is_accepted(accounts):
    assert accounts.check("ann", PASSWORD)
    for name, password in (("ann", "zeven gele fietsem"), ("ann", ""), ("bob", PASSWORD), ("", ""), ("ANN", PASSWORD)):
        assert not accounts.check(name, password), (name, password)


def test_without_an_account_nobody_is_accepted(engine, clock):
    accounts = Staff(engine, clock)
    for name in ("admin", "root", UNKNOWN, "", "test"):
        assert not accounts.check(name, "") and not accounts.check(name, name)
    assert accounts.names() == []


def test_passwords_are_kept_as_argon2id_only(accounts, engine):
    with engine.connect() as connection:
        stored = connection.execute(select(account.c.hash)).scalar_one()
    assert stored.startswith("$argon2id$") and PASSWORD not in stored


@pytest.mark.parametrize("name", ["ab", "a" * 41, "Ann", "ann peeters", "ann\0", "änn", "", "an'n--", "unknown", "ann\n"])
def test_a_name_that_will_not_do(accounts, name):
    with pytest.raises(StaffError):
        accounts.add(name, PASSWORD)
    assert accounts.names() == ["ann"]


@pytest.mark.parametrize("password", ["elf tekens.", "p" * 201, "", "jan.janssens"])
def test_a_password_that_will_not_do(accounts, password):
    with pytest.raises(StaffError):
        accounts.add("jan.janssens", password)
    with pytest.raises(StaffError):
        accounts.set_password("ann", password[:11])
    assert accounts.check("ann", PASSWORD)


def test_the_shortest_and_the_longest_password_do(accounts):
    for name, password in (("bob", "twaalf teken"), ("eva", "é" * 200)):
        accounts.add(name, password)
        assert accounts.check(name, password)


def test_a_password_is_the_same_however_it_was_composed(accounts):
    accounts.add("bob", "caf\u00e9 op de hoek")
    assert accounts.check("bob", "cafe\u0301 op de hoek")
    assert not accounts.check("bob", "cafe op de hoek")


def test_a_name_is_given_once(accounts):
    with pytest.raises(StaffError, match="already"):
        accounts.add("ann", "een ander wachtwoord")
    assert accounts.check("ann", PASSWORD)


@pytest.mark.parametrize("deed", ["remove", "unlock"])
def test_an_account_that_is_not_there_cannot_be_changed(accounts, deed):
    with pytest.raises(StaffError, match="no account"):
        getattr(accounts, deed)("bob")
    with pytest.raises(StaffError, match="no account"):
        accounts.set_password(UNKNOWN, PASSWORD)


def test_the_generation_changes_with_the_password_and_with_the_account(accounts):
    seen = {accounts.generation("ann")}
    accounts.set_password("ann", PASSWORD)
    seen.add(accounts.generation("ann"))
    accounts.remove("ann")
    assert accounts.generation("ann") is None
    accounts.add("ann", PASSWORD)
    seen.add(accounts.generation("ann"))
    assert len(seen) == 3 and None not in seen


def test_what_somebody_types_as_a_name_is_stored_nowhere(accounts, engine):
    typed = ("mijn geheime zin", "geheim-wachtwoord", "x" * 5000, "a\0b", "'; DROP TABLE account; --", "\ud800")
    for name in typed:
        assert not accounts.check(name, "fout wachtwoord")
    assert accounts.names() == ["ann"]
    with engine.connect() as connection:
        stored = str([connection.execute(select(table)).all() for table in (account, lock, audit)])
    for name in typed:
        assert name not in stored


def test_an_old_hash_is_renewed_at_login(accounts, engine):
    weak = PasswordHasher(time_cost=2, memory_cost=8, parallelism=1)
    with engine.begin() as connection:
        connection.execute(update(account).values(hash=weak.hash(PASSWORD)))
    generation = accounts.generation("ann")
    assert accounts.check("ann", PASSWORD) and accounts.check("ann", PASSWORD)
    with engine.connect() as connection:
        stored = connection.execute(select(account.c.hash)).scalar_one()
    assert weak.check_needs_rehash(stored) and not PasswordHasher.from_parameters(CHEAPEST).check_needs_rehash(stored)
    assert accounts.generation("ann") == generation  # nobody's session ends by it


def test_a_broken_hash_lets_nobody_in(accounts, engine):
    with engine.begin() as connection:
        connection.execute(insert(account).values(name="bob", hash="plain", generation="g"))
        connection.execute(insert(lock).values(name="bob", failures=0, until=0))
    assert not accounts.check("bob", "plain")


def test_preparing_twice_changes_nothing(accounts, engine, clock):
    Staff(engine, clock).prepare()
    assert accounts.names() == ["ann"]


def test_a_database_of_another_program_is_not_touched(accounts, engine, clock):
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = 'newer'"))
    with pytest.raises(StaffError, match="DASHBOARD_STAFF_URL"):
        Staff(engine, clock).prepare()


def test_the_file_is_for_its_owner_only(tmp_path, clock):
    accounts = Staff(database.engine("DASHBOARD_STAFF_URL", f"sqlite:///{tmp_path / 'staff.db'}"), clock)
    accounts.add("ann", PASSWORD)
    assert (tmp_path / "staff.db").stat().st_mode & 0o777 == 0o600
    assert accounts.check("ann", PASSWORD)
