"""Attacks on the released figures: with and without a victim, fake contacts, windows, the calendar."""

import pytest

from bot.statistics.parameters import MIN_SENSITIVE_THRESHOLD, MIN_THRESHOLD
from bot.statistics.periods import MONTH, QUARTER, WEEK, YEAR, Period
from bot.statistics.queries import Figures
from bot.statistics.release import noisy
from tests.attacks import attacks


@pytest.mark.parametrize("table", ["priority_month", "topic", "outcome"])
def test_a_single_contact_changes_no_probability_by_more_than_epsilon(parameters, table):
    attacks.single_contact(noisy, parameters.table(table))


def test_0_to_12_fake_contacts_do_not_show_a_victim(system):
    attacks.injection(noisy, system.show, system.service.parameters.table("priority_month"))


def test_no_figure_under_the_threshold_is_shown(system):
    tables = system.service.parameters.tables.values()
    for table in tables:
        attacks.threshold(system.show, table, MIN_SENSITIVE_THRESHOLD if table.sensitive else MIN_THRESHOLD)


def test_every_window_is_a_sum_of_released_values(system):
    for _ in range(30):
        for _ in range(3):
            attacks.contact(system.service)
        system.later(days=7)
    figures = Figures.read(system.service.store)
    values = figures.values["priority_week"]
    for kind in (MONTH, QUARTER, YEAR):
        for period in figures.periods("priority_week", kind):
            cells = figures.cells("priority_week", period)
            for cell, figure in cells.figures.items():
                parts = [values[week][cell] for week in period.parts(WEEK) if week in values]
                total = max(0, sum(parts))
                assert figure.value in (None, (total + 2) // 5 * 5), "prefix, suffix and sliding windows hold nothing else"
    open_now = Period.of(WEEK, system.moment)
    assert open_now not in figures.periods("priority_week", WEEK)


def test_weeks_add_up_to_months_quarters_and_years_for_ten_years():
    for year in range(2020, 2031):
        whole = Period(YEAR, year)
        weeks = list(whole.parts(WEEK))
        assert len(weeks) == (53 if year in (2020, 2026) else 52)
        for kind in (MONTH, QUARTER):
            assert [week for part in whole.parts(kind) for week in part.parts(WEEK)] == weeks


def test_the_open_period_and_its_embargo_day_have_no_figure(system):
    attacks.contact(system.service)
    assert system.later(days=4, hours=12) == [], "Monday, the embargo day"
    assert system.later(hours=20), "Tuesday"
