"""Open now or not: Europe/Brussels, public holidays, weekends, daylight saving."""

import datetime as dt

import pytest

from bot.errors import FactsError
from bot.facts.hours import BRUSSELS, Hours

WEEK = {day: "09:00-18:00" for day in ("ma", "di", "wo", "do", "vr")}
OFFICE = Hours.from_yaml({"week": WEEK, "feestdagen": "gesloten"}, "test")
UNSURE = Hours.from_yaml({"week": WEEK, "feestdagen": "onbekend"}, "test")


def at(text: str) -> dt.datetime:
    """A moment in Brussels."""
    return dt.datetime.fromisoformat(text).replace(tzinfo=BRUSSELS)


@pytest.mark.parametrize(("moment", "phrase"), [
    ("2026-11-23T09:00", "nu open tot 18 uur"),
    ("2026-11-23T17:59", "nu open tot 18 uur"),
    ("2026-11-23T18:00", "nu gesloten, weer open morgen om 9 uur"),
    ("2026-11-23T08:59", "nu gesloten, weer open vandaag om 9 uur"),
    ("2026-11-21T12:00", "nu gesloten, weer open maandag om 9 uur"),
    ("2026-11-22T23:30", "nu gesloten, weer open morgen om 9 uur"),
    ("2026-12-25T12:00", "nu gesloten, weer open maandag om 9 uur"),
    ("2026-07-21T12:00", "nu gesloten, weer open morgen om 9 uur"),
    ("2026-05-25T12:00", "nu gesloten, weer open morgen om 9 uur"),
])
def test_phrase_of_office_hours(moment, phrase):
    assert OFFICE.phrase(at(moment)) == phrase


def test_holidays_that_are_not_confirmed_promise_nothing():
    assert "open tot" not in UNSURE.phrase(at("2026-12-25T12:00"))


def test_utc_is_read_as_brussels_time_in_summer_and_winter():
    assert OFFICE.phrase(dt.datetime(2026, 7, 20, 7, 0, tzinfo=dt.timezone.utc)).startswith("nu open")
    assert OFFICE.phrase(dt.datetime(2026, 1, 19, 7, 30, tzinfo=dt.timezone.utc)).startswith("nu gesloten")


def test_day_and_night():
    assert Hours.from_yaml({"altijd": True}, "test").phrase(at("2026-01-01T03:00")) == "dag en nacht bereikbaar"


@pytest.mark.parametrize("raw", [{}, {"week": WEEK}, {"week": {"xx": "09:00-10:00"}, "feestdagen": "gesloten"},
                                 {"week": {"ma": "9 tot 10"}, "feestdagen": "gesloten"},
                                 {"week": {"ma": "18:00-09:00"}, "feestdagen": "gesloten"},
                                 {"week": {}, "feestdagen": "gesloten"}, {"week": WEEK, "feestdagen": "misschien"}])
def test_malformed_hours_are_refused_by_name(raw):
    with pytest.raises(FactsError, match="test"):
        Hours.from_yaml(raw, "test")
