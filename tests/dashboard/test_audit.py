"""What is recorded of staff, and for how long, on both databases."""

import datetime as dt

import pytest
from sqlalchemy import select

from bot.dashboard.models import audit
from bot.dashboard.staff import EXPORTED, StaffError
from tests.dashboard.conftest import PASSWORD, deeds


def test_the_audit_tells_who_did_what(accounts):
    accounts.check("ann", "fout wachtwoord")
    accounts.check("ann", PASSWORD)
    accounts.record("ann", EXPORTED, "priority_week 2026-W47 csv")
    accounts.set_password("ann", PASSWORD)
    accounts.unlock("ann")
    accounts.remove("ann")
    assert deeds(accounts) == [("ann", what) for what in (
        "account_removed", "unlocked", "password_set", "exported", "logged_in", "login_failed", "account_added")]
    assert [entry.about for entry in accounts.audit(4)] == ["", "", "", "priority_week 2026-W47 csv"]


def test_five_failures_are_recorded_as_a_lock(accounts):
    for _ in range(9):
        accounts.check("ann", "fout wachtwoord")
    assert deeds(accounts) == [("ann", "locked_out"), *[("ann", "login_failed")] * 5, ("ann", "account_added")]


@pytest.mark.parametrize("who,what,about", [
    ("ann", "looked", ""), ("ann", EXPORTED, ""), ("ann", "logged_out", "topic"), ("een naam", "logged_out", ""),
    ("ann", EXPORTED, "a" * 81), ("ann", EXPORTED, "topic\n2026"), ("ann", EXPORTED, "<b>"), ("ann", EXPORTED, "a  b"),
])
def test_nothing_else_is_recorded(accounts, who, what, about):
    before = accounts.audit(10)
    with pytest.raises(StaffError):
        accounts.record(who, what, about)
    assert accounts.audit(10) == before


def test_the_audit_is_kept_a_year(accounts, engine, clock):
    clock.forward(days=365)
    assert deeds(accounts) == [("ann", "account_added")]
    clock.forward(seconds=1)
    assert deeds(accounts) == []
    accounts.record("ann", "logged_out")
    with engine.connect() as connection:
        assert connection.execute(select(audit.c.what)).scalars().all() == ["logged_out"]


def test_moments_are_utc(accounts, clock):
    assert accounts.audit(1)[0].when == clock.moment.astimezone(dt.timezone.utc)
