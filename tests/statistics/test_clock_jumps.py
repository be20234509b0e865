"""A wall clock that jumps: nothing is released twice, or counted into what is released; conversations do not notice."""

import time

from sqlalchemy import select

from bot import clients, sessions
from bot.settings import load
from bot.statistics.counts import Counts
from bot.statistics.models import release
from bot.statistics.periods import Period
from tests.statistics.tools import Clock, contact, live, make_service

MONDAY, LATER = "2026-11-23 00:00", "2026-12-20 12:00"


def rows(store):
    """Every released figure, in order."""
    with store.engine.connect() as connection:
        return sorted(map(tuple, connection.execute(select(release))))


def test_a_jump_ahead_and_back_releases_once_and_says_that_it_is_incomplete(sqlite_store, parameters):
    clock = Clock(MONDAY)
    service = make_service(Counts(), sqlite_store, parameters, clock)
    live(service, clock, "2026-11-25 12:00")
    contact(service)
    clock.set(LATER)
    assert "2026-W48" in {str(period) for period in service.tick()}
    once = rows(sqlite_store)
    assert once and sqlite_store.log("priority_week")[Period.parse("2026-W48")] is False
    clock.set("2026-11-25 12:15")
    for _ in range(5):
        contact(service)
    live(service, clock, LATER)
    assert "2026-W48" not in service.counts.opened()
    again = rows(sqlite_store)
    assert set(once) <= set(again) and len(again) == len(set(again))
    assert [row for row in again if "2026-W48" in map(str, row)] == [row for row in once if "2026-W48" in map(str, row)]


def test_a_jump_back_before_a_release_loses_nothing(sqlite_store, parameters):
    clock = Clock("2026-11-26 12:00")
    service = make_service(Counts(), sqlite_store, parameters, clock)
    contact(service)
    clock.set("2026-11-24 12:00")
    service.tick()
    contact(service)
    assert sum(service.counts.exact("2026-W48", "priority_week").values()) == 2


def test_conversations_and_limits_live_by_a_clock_that_cannot_jump():
    settings = load({})
    assert sessions.Sessions(settings)._clock is time.monotonic
    assert clients.Clients(3)._clock is time.monotonic
