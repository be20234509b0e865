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


@pytest.mark.parametrize(("table", "fakes"), [("priority_week", [2, 4, 7]), ("topic", [2, 4]), ("outcome", [7, 9])])
def test_fake_contacts_just_under_a_threshold_do_not_show_a_victim(system, table, fakes):
    attacks.injection(noisy, system.show, system.service.parameters.table(table), fakes)


def test_all_tables_together_tell_little_more_than_one(parameters):
    def best(*left_out):
        return attacks.bound(*(table.epsilon for name, table in parameters.tables.items() if name not in left_out))

    assert best("priority_week", "topic") < 0.732  # of a contact about something sensitive: no better than one table
    assert best("priority_month") < 0.738          # about something else
    assert best() < 0.786                          # about both
    attacks.all_tables(noisy, parameters.tables.values())


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
    assert len(figures.periods("priority_week", WEEK)) >= 28 and figures.periods("daypart", QUARTER)
    attacks.windows(figures)
    assert Period.of(WEEK, system.moment) not in figures.periods("priority_week", WEEK)


def test_figures_do_not_depend_on_what_is_being_counted(system):
    system.later(days=7)
    before = Figures.read(system.service.store)
    for _ in range(100):
        attacks.contact(system.service)
    assert Figures.read(system.service.store) == before
    assert before.log["priority_week"] and Period.of(WEEK, system.moment) not in before.log["priority_week"]


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
