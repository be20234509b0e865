"""A session is one contact: at most one cell of each table, whatever is said in it and in whatever order."""

import datetime as dt
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import settings as settings_module
from bot.errors import UnknownLabel
from bot.statistics import parameters as parameters_module
from bot.statistics.contact import OUTCOME, count
from bot.statistics.periods import Period
from tests.statistics.tools import Clock

PARAMETERS = parameters_module.load(settings_module.load({}))
NOW = Clock("2026-11-25 14:30")()
tables = st.sampled_from(sorted(PARAMETERS.tables))
wants = st.dictionaries(tables, st.integers(0, 3)).map(
    lambda chosen: {table: PARAMETERS.tables[table].cells[number % len(PARAMETERS.tables[table].cells)]
                    for table, number in chosen.items()})
turns = st.lists(st.tuples(wants, st.integers(0, 60 * 24 * 45)), max_size=12)  # what a turn deserves, minutes after the last


def run(turns):
    """(sums by period, table and cell; last marker) of a session."""
    sums, marker, moment = Counter(), {}, NOW
    for wanted, minutes in turns:
        moment += dt.timedelta(minutes=minutes)
        changes, marker = count(marker, wanted, moment, PARAMETERS)
        for change in changes:
            sums[change.period, change.table, change.cell] += change.by
    return sums, marker


@given(turns)
def test_a_session_adds_at_most_one_to_each_table(turns):
    sums, marker = run(turns)
    assert set(sums.values()) <= {0, 1}
    by_table = Counter(table for (_, table, _), number in sums.items() for _ in range(number))
    assert set(by_table.values()) <= {1} and set(by_table) == set(marker) == {table for wanted, _ in turns for table in wanted}


@given(turns)
def test_the_marker_says_where_the_session_stands(turns):
    sums, marker = run(turns)
    assert {(period, table, cell) for table, (period, cell) in marker.items()} == {key for key, number in sums.items() if number}


@given(turns)
def test_only_the_outcome_ever_moves_and_stays_in_its_period(turns):
    sums, _ = run(turns)
    assert {table for (_, table, _), number in sums.items() if not number} <= {OUTCOME}
    assert len({period for period, table, _ in sums if table == OUTCOME}) <= 1


@given(wants)
def test_said_again_adds_nothing(wanted):
    changes, marker = count({}, wanted, NOW, PARAMETERS)
    assert len(changes) == len(wanted) and count(marker, wanted, NOW, PARAMETERS) == ([], marker)


@given(turns, st.sampled_from([("topic", "kanarie"), ("kanarie", "inbraak"), ("priority_week", "integriteit")]), wants)
def test_an_unknown_label_raises_before_anything_changed(turns, label, others):
    _, marker = run(turns)
    before = {table: list(place) for table, place in marker.items()}
    with pytest.raises(UnknownLabel):
        count(marker, {**others, label[0]: label[1]}, NOW, PARAMETERS)
    assert marker == before


def test_a_moved_outcome_takes_one_away_where_it_adds_one():
    _, marker = count({}, {OUTCOME: "not_understood"}, NOW, PARAMETERS)
    changes, marker = count(marker, {OUTCOME: "answered"}, NOW, PARAMETERS)
    assert [(change.cell, change.by) for change in changes] == [("not_understood", -1), ("answered", 1)]
    assert marker == {OUTCOME: ["2026-M11", "answered"]}


def test_an_outcome_moves_until_the_release_of_its_period_and_then_no_more():
    month = Period.parse("2026-M11")
    _, marker = count({}, {OUTCOME: "not_understood"}, NOW, PARAMETERS)
    due = month.due(PARAMETERS.embargo_days)
    changes, _ = count(marker, {OUTCOME: "answered"}, due - dt.timedelta(seconds=1), PARAMETERS)
    assert {change.period for change in changes} == {"2026-M11"}
    assert count(marker, {OUTCOME: "answered"}, due, PARAMETERS) == ([], marker)


def test_a_contact_is_counted_in_the_periods_of_its_moment():
    wanted = {"priority_week": "verkeer", "topic": PARAMETERS.tables["topic"].cells[0], "daypart": "week_night"}
    changes, _ = count({}, wanted, Clock("2027-01-03 23:59")(), PARAMETERS)
    assert [change.period for change in changes] == ["2026-W53", "2026-M12", "2026-Q4"]
    changes, _ = count({}, wanted, Clock("2027-01-04 00:00")(), PARAMETERS)
    assert [change.period for change in changes] == ["2027-W01", "2027-M01", "2027-Q1"]
