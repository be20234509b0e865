"""What may be seen of released values: clamped, rounded, hidden when small, with a margin; shares and trends only when sure."""

import math
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import settings as settings_module
from bot.statistics import parameters as parameters_module
from bot.statistics.figures import DOWN, SAME, UNKNOWN, UP, Figure, deviation, margin, share, show, trend
from tests.statistics.laplace import probability

PARAMETERS = parameters_module.load(settings_module.load({}))
WEEKLY, OUTCOME = PARAMETERS.tables["priority_week"], PARAMETERS.tables["outcome"]
values = st.lists(st.integers(-60, 400), max_size=60)


def figure(value, limit=5):
    return Figure(value, limit, 3)


@pytest.mark.parametrize(("total", "ordinary", "sensitive"), [
    (-400, "<5", "<10"), (-1, "<5", "<10"), (0, "<5", "<10"),
    (1, "<5", "<10"), (2, "<5", "<10"), (3, "5", "<10"), (4, "5", "<10"),
    (5, "5", "<10"), (7, "5", "<10"), (8, "10", "10"), (9, "10", "10"), (10, "10", "10"), (12, "10", "10"), (13, "15", "15"),
    (1002, "1000", "1000"), (1003, "1005", "1005"),
])
def test_known_totals(total, ordinary, sensitive):
    assert show([total], WEEKLY, 5).shown == show([total - 30, 30], WEEKLY, 5).shown == ordinary
    assert show([total], OUTCOME, 10).shown == sensitive


@given(values, st.sampled_from([5, 10, 23]))
def test_no_small_figure_is_ever_shown(values, limit):
    shown = show(values, WEEKLY, limit)
    assert shown.value is None or shown.value >= limit and shown.value % 5 == 0
    assert shown.shown == (f"<{limit}" if shown.value is None else str(shown.value))
    assert shown.value is None or abs(shown.value - sum(values)) <= 2


@given(values)
def test_what_is_shown_depends_on_nothing_but_the_sum_and_the_number_of_draws(values):
    assert show(values, WEEKLY, 5) == show([sum(values), *[0] * (len(values) - 1)] if values else [], WEEKLY, 5)
    assert show(values, WEEKLY, 5) == show(values[::-1], WEEKLY, 5)


def test_margins():
    assert margin(Fraction(1), 1) == 3
    assert deviation(Fraction(1)) == pytest.approx(1.357, abs=0.001)
    assert deviation(Fraction(1, 2)) == pytest.approx(2.799, abs=0.001)
    assert deviation(Fraction(1, 4)) == pytest.approx(5.642, abs=0.001)
    for draws in (1, 4, 5, 13, 52, 53, 200):
        assert margin(Fraction(1), draws) == math.ceil(1.96 * 1.35697 * math.sqrt(draws))
    assert show([7] * 5, WEEKLY, 5).margin == margin(Fraction(1), 5) == 6
    assert show([], WEEKLY, 5) == Figure(None, 5, 0)


@pytest.mark.parametrize(("part", "whole", "percent"), [
    (15, 30, 50), (10, 30, 35), (5, 30, 15), (30, 30, 100), (35, 30, 100), (5, 200, 0), (5, 1000, 0), (145, 1000, 15),
    (5, 25, None), (25, 25, None), (None, 100, None), (10, None, None), (None, None, None),
])
def test_shares_from_thirty_up_and_to_five_percent(part, whole, percent):
    assert share(figure(part), figure(whole)) == percent


@given(st.integers(1, 60), st.integers(6, 400))
def test_shares_are_multiples_of_five(part, whole):
    found = share(figure(5 * part), figure(5 * whole))
    assert found % 5 == 0 and 0 <= found <= 100 and abs(found - min(100, 500 * part / (5 * whole))) <= 2.5


def step(change, table=WEEKLY, limit=5, base=100):
    return trend([base + change], 1, [base], 1, table, limit)


def test_a_trend_needs_more_than_twice_its_standard_error():
    error = 2 * deviation(Fraction(1)) * math.sqrt(2)  # 3.84
    assert [step(change) for change in (math.ceil(error), math.floor(error), 0, -math.floor(error), -math.ceil(error))] == \
        [UP, SAME, SAME, SAME, DOWN]
    wide = 2 * deviation(Fraction(1, 4)) * math.sqrt(2)  # 15.96
    assert [step(change, OUTCOME, 10) for change in (16, 15, -15, -16)] == [UP, SAME, SAME, DOWN] and 15 < wide < 16


def test_months_of_four_and_five_weeks_are_compared_by_week():
    assert trend([500], 5, [400], 4, PARAMETERS.tables["topic"], 5) == SAME
    assert trend([400], 4, [500], 5, PARAMETERS.tables["topic"], 5) == SAME
    assert trend([500], 5, [440], 4, PARAMETERS.tables["topic"], 5) == DOWN
    assert trend([100] * 5, 5, [100] * 4, 4, WEEKLY, 5) == SAME


def test_the_standard_error_counts_the_draws_and_weeks_of_both_sides():
    table = PARAMETERS.tables["topic"]
    error = deviation(table.epsilon) * math.sqrt(1 / 5**2 + 1 / 4**2)
    over, under = math.ceil(4 * 2 * error), math.floor(4 * 2 * error)
    assert trend([500], 5, [400 - over], 4, table, 5) == UP and trend([500], 5, [400 - under], 4, table, 5) == SAME


def test_between_two_hidden_figures_there_is_no_trend():
    assert trend([2], 1, [-40], 1, WEEKLY, 5) == UNKNOWN == trend([7], 4, [-30], 5, OUTCOME, 10)
    assert trend([60], 1, [0], 1, WEEKLY, 5) == UP and trend([0], 1, [60], 1, WEEKLY, 5) == DOWN


def test_few_quiet_weeks_are_called_a_change():
    """With nothing but noise an arrow appears at most once in twelve: the tails are longer than those of a bell curve."""
    chance = {change: sum(probability(x, Fraction(1)) * probability(x - change, Fraction(1)) for x in range(-40, 80))
              for change in range(-40, 41)}
    assert sum(chance.values()) == pytest.approx(1)
    assert 0.05 < sum(own for change, own in chance.items() if step(change) != SAME) < 1 / 12
