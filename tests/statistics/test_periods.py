"""Weeks, and months, quarters and years that are whole weeks, over ten years and both ends of daylight saving time."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import StatisticsError
from bot.statistics.periods import BRUSSELS, KINDS, MONTH, QUARTER, WEEK, YEAR, Period

DAYS = [dt.date(2020, 1, 1) + dt.timedelta(days=number) for number in range(4018)]  # up to and with 31 December 2030
days = st.dates(dt.date(2001, 1, 1), dt.date(2990, 12, 31))
kinds = st.sampled_from(KINDS)


def all_of(kind):
    return sorted({Period.on(kind, day) for day in DAYS})


@pytest.mark.parametrize("kind", KINDS)
def test_every_day_of_ten_years_falls_in_exactly_one_period(kind):
    assert DAYS[-1] == dt.date(2030, 12, 31)
    for before, after in zip(all_of(kind), all_of(kind)[1:], strict=False):
        assert before.end == after.start and before.next() == after and after.previous() == before
    for day in DAYS:
        assert Period.on(kind, day).start <= day < Period.on(kind, day).end


@pytest.mark.parametrize(("long", "short"), [(MONTH, WEEK), (QUARTER, MONTH), (QUARTER, WEEK), (YEAR, QUARTER), (YEAR, MONTH),
                                             (YEAR, WEEK)])
def test_longer_periods_are_made_of_whole_shorter_ones(long, short):
    parts = [part for period in all_of(long) for part in period.parts(short)]
    assert len(parts) == len(set(parts)) and parts == sorted(parts)
    assert {Period.on(short, day) for day in DAYS} <= set(parts)
    for period in all_of(long):
        assert sum(part.weeks for part in period.parts(short)) == period.weeks


def test_a_month_holds_the_weeks_whose_thursday_it_holds():
    for day in DAYS:
        thursday = day + dt.timedelta(days=3 - day.weekday())
        month = Period.on(MONTH, day)
        assert (month.year, month.number) == (thursday.year, thursday.month)


def test_lengths():
    assert {week.weeks for week in all_of(WEEK)} == {1}
    assert {month.weeks for month in all_of(MONTH)} == {4, 5}
    assert {quarter.weeks for quarter in all_of(QUARTER)} == {12, 13, 14}
    assert {year.year for year in all_of(YEAR) if year.weeks == 53} == {2020, 2026}
    assert len(list(Period.parse("2026").parts(WEEK))) == 53 and list(Period.parse("2026").parts(YEAR)) == [Period(YEAR, 2026)]


@pytest.mark.parametrize(("day", "week", "month", "quarter", "year"), [
    ("2020-12-31", "2020-W53", "2020-M12", "2020-Q4", "2020"),
    ("2021-01-03", "2020-W53", "2020-M12", "2020-Q4", "2020"),  # a Sunday of the new calendar year
    ("2021-01-04", "2021-W01", "2021-M01", "2021-Q1", "2021"),
    ("2026-12-28", "2026-W53", "2026-M12", "2026-Q4", "2026"),
    ("2027-01-03", "2026-W53", "2026-M12", "2026-Q4", "2026"),
    ("2027-01-04", "2027-W01", "2027-M01", "2027-Q1", "2027"),
    ("2024-12-30", "2025-W01", "2025-M01", "2025-Q1", "2025"),  # a Monday of the old calendar year
    ("2026-11-25", "2026-W48", "2026-M11", "2026-Q4", "2026"),
    ("2026-03-29", "2026-W13", "2026-M03", "2026-Q1", "2026"),  # the clock goes forward
    ("2026-10-25", "2026-W43", "2026-M10", "2026-Q4", "2026"),  # and back
])
def test_known_days(day, week, month, quarter, year):
    assert [str(Period.on(kind, dt.date.fromisoformat(day))) for kind in KINDS] == [week, month, quarter, year]


def test_the_clock_in_brussels_decides():
    evening = dt.datetime(2026, 11, 29, 22, 59, tzinfo=dt.timezone.utc)  # a Sunday, 23:59 in Brussels
    assert str(Period.of(WEEK, evening)) == "2026-W48"
    assert str(Period.of(WEEK, evening + dt.timedelta(minutes=1))) == "2026-W49"
    summer = dt.datetime(2026, 7, 5, 21, 59, tzinfo=dt.timezone.utc)
    assert str(Period.of(WEEK, summer)) == "2026-W27" and str(Period.of(WEEK, summer + dt.timedelta(minutes=1))) == "2026-W28"


@given(days, kinds)
def test_ids_round_trip(day, kind):
    period = Period.on(kind, day)
    assert Period.parse(str(period)) == period


@given(days, kinds)
def test_next_and_previous_undo_each_other(day, kind):
    period = Period.on(kind, day)
    assert period.next().previous() == period == period.previous().next()
    assert period.previous() < period < period.next() and period.previous().end == period.start


@pytest.mark.parametrize("id", ["2000", "2999", "2000-W01", "2999-W52", "2000-Q1", "2999-Q4", "2000-M01", "2999-M12"])
def test_the_first_and_last_period_have_neighbours(id):
    period = Period.parse(id)
    assert period.previous().end == period.start and period.next().start == period.end


@pytest.mark.parametrize("id", [
    "", " ", "2026-W54", "2021-W53", "2026-W00", "2026-W1", "2026-W001", "2026-M13", "2026-M00", "2026-M1", "2026-Q0", "2026-Q5",
    "2026-Q01", " 2026", "2026 ", "2026\n", "2026-W48\n", "2026-q1", "2026-w48", "2026W48", "2026-48", "2026-D01", "26", "02026",
    "0000", "0001", "1999", "3000", "9999", "9999-W52", "-2026", "+2026", "2026-W-1", "2026-W4\u0668", "\u0662\u0660\u0662\u0666",
    "\uff12\uff10\uff12\uff16", "2026-W4\u00b2", "2026\x00", "2026-W48/../../etc", "2026' OR '1'='1",
    "9" * 100_000, "2026-" + "W" * 100_000,
])
def test_malformed_ids_are_refused_without_being_repeated(id):
    with pytest.raises(StatisticsError) as refused:
        Period.parse(id)
    assert len(str(refused.value)) < 100


@given(st.text(max_size=12))
def test_whatever_is_not_refused_is_a_real_period(text):
    try:
        period = Period.parse(text)
    except StatisticsError:
        return
    assert str(period) == text and period.start < period.end


@pytest.mark.parametrize(("id", "embargo", "due", "utc"), [
    ("2026-W48", 1, "2026-12-01", "2026-11-30T23:00"),  # winter
    ("2026-W12", 1, "2026-03-24", "2026-03-23T23:00"),
    ("2026-W13", 1, "2026-03-31", "2026-03-30T22:00"),  # the clock went forward on the last day
    ("2026-W43", 1, "2026-10-27", "2026-10-26T23:00"),  # the clock went back on the last day
    ("2026-M12", 1, "2027-01-05", "2027-01-04T23:00"),
    ("2026-Q3", 7, "2026-10-05", "2026-10-04T22:00"),
])
def test_due_is_midnight_in_brussels(id, embargo, due, utc):
    moment = Period.parse(id).due(embargo)
    assert moment == dt.datetime.combine(dt.date.fromisoformat(due), dt.time(), BRUSSELS)
    assert moment.astimezone(dt.timezone.utc).isoformat(timespec="minutes").startswith(utc)


def test_a_period_is_never_due_while_it_runs_or_on_its_embargo_day():
    for week in all_of(WEEK):
        last = dt.datetime.combine(week.end - dt.timedelta(days=1), dt.time(23, 59), BRUSSELS)
        assert Period.of(WEEK, last) == week
        assert dt.timedelta(hours=23) < week.due(1) - last.astimezone(dt.timezone.utc) < dt.timedelta(hours=26)
