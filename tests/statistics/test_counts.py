"""What every counter promises, in memory, in a file and in Redis: the same sums, drawn once, forgotten when stored."""

import threading
from collections import Counter
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.statistics.contact import Change
from bot.statistics.counts import AGAIN_SECONDS, Counts
from bot.statistics.noise import discrete_laplace
from tests.statistics.tools import changes

WEEK, BEFORE, AFTER = "2026-W48", "2026-W47", "2026-W49"
periods = st.sampled_from([BEFORE, WEEK, "2026-M11"])
tables, cells = st.sampled_from(["a", "b"]), st.sampled_from(["x", "y", "z"])
steps = st.lists(st.lists(st.builds(Change, periods, tables, cells, st.sampled_from([1, 1, 1, -1])), max_size=4), max_size=25)


def never(exact):
    raise AssertionError("drawn twice")


@given(steps)
def test_counts_are_plain_sums(new_counts, steps):
    counts, plain = new_counts(), Counter()
    for step in steps:
        counts.add(step)
        for change in step:
            plain[change.period, change.table, change.cell] += change.by
    for period in (BEFORE, WEEK, "2026-M11"):
        for table in ("a", "b"):
            expected = {cell: number for (where, what, cell), number in plain.items() if (where, what) == (period, table)}
            assert counts.exact(period, table) == expected
    assert set(counts.opened()) == {period for period, _, _ in plain}


def test_values_are_drawn_once_and_replace_the_exact_counts(counts):
    counts.add(changes(WEEK, "a", "x", 3) + changes(WEEK, "b", "x", 7))
    seen = []
    assert counts.draw(WEEK, "a", lambda exact: seen.append(dict(exact)) or {"x": 40, "y": -2}) == {"x": 40, "y": -2}
    assert seen == [{"x": 3}]
    assert counts.draw(WEEK, "a", never) == {"x": 40, "y": -2}
    assert counts.exact(WEEK, "a") == {} and counts.exact(WEEK, "b") == {"x": 7}


def test_an_untouched_table_is_drawn_from_zeros(counts):
    counts.open(WEEK, True)
    assert counts.draw(WEEK, "a", lambda exact: {"x": len(exact)}) == {"x": 0}


def test_a_drawn_value_cannot_be_changed_by_who_got_it(counts):
    counts.draw(WEEK, "a", lambda exact: {"x": 5}).clear()
    assert counts.draw(WEEK, "a", never) == {"x": 5}


def test_what_is_settled_is_forgotten(counts):
    counts.add(changes(WEEK, "a", "x") + changes(AFTER, "a", "x"))
    counts.draw(WEEK, "a", lambda exact: {"x": 5})
    counts.settle(WEEK)
    counts.settle(WEEK)
    assert counts.exact(WEEK, "a") == {} and set(counts.opened()) == {AFTER} and counts.exact(AFTER, "a") == {"x": 1}
    assert counts.draw(WEEK, "a", lambda exact: {"x": len(exact)}) == {"x": 0}


def test_a_period_is_opened_once(counts):
    counts.open(WEEK, True)
    counts.open(WEEK, False)
    counts.open(AFTER, False)
    counts.open(AFTER, True)
    assert counts.opened() == {WEEK: True, AFTER: False}


def test_what_is_counted_is_open_and_complete_only_when_the_period_before_it_was(counts):
    counts.add(changes(WEEK, "a", "x"))
    assert counts.opened() == {WEEK: False}
    counts.add(changes(AFTER, "a", "x"))
    assert counts.opened() == {WEEK: False, AFTER: True}


@pytest.mark.parametrize(("later", "complete"), [(1060, True), (1900, True), (1901, False), (500, True)])
def test_only_a_longer_silence_makes_open_periods_incomplete(counts, later, complete):
    counts.alive(1000, silence=900)
    counts.open(WEEK, True)
    counts.open("2026-M11", True)
    counts.alive(later, silence=900)
    assert counts.opened() == dict.fromkeys([WEEK, "2026-M11"], complete)
    counts.alive(later + 1, silence=900)
    assert counts.opened() == dict.fromkeys([WEEK, "2026-M11"], complete)


def test_the_very_first_note_is_no_silence(counts):
    counts.open(WEEK, True)
    counts.alive(1_800_000_000, silence=900)
    assert counts.opened() == {WEEK: True}


def test_real_noise_is_drawn_once_too(counts):
    counts.add(changes(WEEK, "a", "x", 1000))
    drawn = counts.draw(WEEK, "a", lambda exact: {cell: exact.get(cell, 0) + discrete_laplace(Fraction(1)) for cell in "xyz"})
    assert abs(drawn["x"] - 1000) < 50
    for _ in range(20):
        assert counts.draw(WEEK, "a", never) == drawn


def test_a_contact_during_a_flush_of_another_thread_is_not_lost():
    """Such as the tick of every minute, which runs beside the conversations."""
    counts, helpers = Counts(), []

    class Slow(Counter):
        def clear(self):
            if not helpers:
                helpers.append(threading.Thread(target=counts.add, args=[changes(WEEK, "a", "y")]))
                helpers[0].start()
                helpers[0].join(0.2)
            super().clear()

    counts._pending = Slow({(WEEK, "a", "x"): 1})
    counts.flush()
    helpers[0].join()
    assert counts.exact(WEEK, "a") == {"x": 1, "y": 1}


def test_threads_adding_at_once_lose_nothing(counts):
    def work():
        for _ in range(100):
            counts.add(changes(WEEK, "a", "x"))

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    counts.flush()
    assert counts.exact(WEEK, "a") == {"x": 400}


def test_a_counter_that_is_gone_is_asked_at_most_once_in_a_while_and_by_nobody_who_waits(monkeypatch, caplog):
    counts, asked, now = Counts(), [], [100.0]

    def flush():
        asked.append(now[0])
        raise OSError("disk full of kanarie")

    monkeypatch.setattr("bot.statistics.counts.time.monotonic", lambda: now[0])
    monkeypatch.setattr(counts, "flush", flush)
    for second in range(20):
        now[0] = 100.0 + second
        counts.add(changes(WEEK, "a", "x"))
    assert asked == [100.0 + AGAIN_SECONDS * number for number in range(4)]
    assert not caplog.records  # a line in a log, with the moment it was written, would be the moment of a contact
    monkeypatch.undo()
    counts.flush()
    assert counts.exact(WEEK, "a") == {"x": 20}
