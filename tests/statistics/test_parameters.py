"""The key space and the hard limits: whatever weakens them refuses to start, by name."""

import dataclasses
import datetime as dt
from fractions import Fraction

import pytest
import yaml

from bot import settings as settings_module
from bot import topics as topics_module
from bot.errors import FactsError, LimitError, SettingsError, UnknownLabel, WijkwijzerError
from bot.responses import all_responses
from bot.statistics import parameters as parameters_module
from bot.statistics.parameters import FILE, MIXED, TABLES, daypart
from bot.statistics.periods import BRUSSELS

DEFAULTS = settings_module.load({})


@pytest.fixture
def changed(tmp_path):
    """Load a variant of data/statistics.yml that a function changed."""
    def load(change):
        raw = yaml.safe_load(FILE.read_text(encoding="utf-8"))
        change(raw)
        file = tmp_path / "statistics.yml"
        file.write_text(yaml.safe_dump(raw), encoding="utf-8")
        return parameters_module.load(DEFAULTS, file)

    return load


def set_in(table, field, value):
    return lambda raw: raw["tables"][table].update({field: value})


def test_the_real_file_is_what_the_model_says(parameters):
    tables = {name: (table.period, table.epsilon, table.sensitive) for name, table in parameters.tables.items()}
    assert tables == {
        "priority_week": ("week", 1, False), "priority_month": ("month", 1, True), "topic": ("month", Fraction(1, 2), False),
        "outcome": ("month", Fraction(1, 4), True), "daypart": ("quarter", Fraction(1, 4), True),
        "referral": ("quarter", Fraction(1, 4), True),
    }
    assert (parameters.threshold, parameters.threshold_sensitive, parameters.embargo_days) == (5, 10, 1)
    assert {table: parameters.limit(parameters.tables[table]) for table in TABLES} == \
        {"priority_week": 5, "topic": 5, **dict.fromkeys(MIXED, 10)}


def test_what_one_contact_adds_to_all_tables_together(parameters):
    """Bounds what can be learnt from everything at once; docs/privacy.md names these sums."""
    epsilon = {name: table.epsilon for name, table in parameters.tables.items()}
    mixed = epsilon["outcome"] + epsilon["daypart"] + epsilon["referral"]
    assert epsilon["priority_month"] + mixed == Fraction(7, 4)                        # about something sensitive
    assert epsilon["priority_week"] + epsilon["topic"] + mixed == Fraction(9, 4)     # about something else
    assert sum(epsilon.values()) == Fraction(13, 4)                                  # about both


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("epsilon", ["1.0001", "2", 2, "0", 0, "-1", "-1/4", "1000000001/1000000000"])
def test_an_epsilon_outside_the_limit_does_not_start(changed, table, epsilon):
    with pytest.raises(LimitError, match=f"{table}: epsilon"):
        changed(set_in(table, "epsilon", epsilon))


@pytest.mark.parametrize("epsilon", ["a lot", "", "1/0", "nan", "inf", None, [1], True])
def test_an_epsilon_that_is_no_number_does_not_start(changed, epsilon):
    with pytest.raises(FactsError, match="topic needs"):
        changed(set_in("topic", "epsilon", epsilon))


def test_a_decimal_epsilon_is_read_exactly(changed):
    assert changed(set_in("topic", "epsilon", 0.1)).tables["topic"].epsilon == Fraction(1, 10)


@pytest.mark.parametrize("table", MIXED)
def test_a_table_with_sensitive_contacts_cannot_be_called_ordinary(changed, table):
    with pytest.raises(LimitError, match=f"{table} holds sensitive contacts"):
        changed(set_in(table, "sensitive", False))


@pytest.mark.parametrize("table", MIXED)
def test_a_sensitive_table_is_never_weekly(changed, table):
    with pytest.raises(LimitError, match=f"{table}: a sensitive table needs a period of at least a month"):
        changed(set_in(table, "period", "week"))


def test_the_weekly_table_never_holds_a_sensitive_priority(parameters, changed):
    sensitive = {priority.id for priority in topics_module.load().priorities.values() if priority.sensitive}
    assert sensitive == {"integriteit", "samenleving"}
    assert not sensitive & set(parameters.tables["priority_week"].cells)
    with pytest.raises(LimitError, match="priority_week: a sensitive table"):
        changed(set_in("priority_week", "sensitive", True))


@pytest.mark.parametrize("change", [
    lambda raw: raw["tables"].pop("daypart"),
    lambda raw: raw["tables"].update(streets=raw["tables"]["topic"]),
    lambda raw: raw["tables"]["topic"].update(cells="priorities"),
    lambda raw: raw["tables"]["topic"].update(cells="streets"),
    lambda raw: raw["tables"]["topic"].update(cells="outcomes"),
], ids=["a table less", "a table more", "cells of another table", "unknown cells", "mixed cells in an ordinary table"])
def test_other_tables_do_not_start(changed, change):
    with pytest.raises(LimitError):
        changed(change)


@pytest.mark.parametrize("change", [
    lambda raw: raw.update(free_labels=True),
    lambda raw: raw.pop("outcomes"),
    lambda raw: raw.update(tables=[]),
    lambda raw: raw["tables"].update(topic=None),
    lambda raw: raw["tables"]["topic"].update(threshold=1),
    lambda raw: raw["tables"]["topic"].pop("epsilon"),
    set_in("topic", "period", "day"),
    set_in("topic", "period", "year"),
    set_in("outcome", "sensitive", "no"),
    lambda raw: raw["outcomes"].append(raw["outcomes"][0]),
    lambda raw: raw["firm"].append("delighted"),
    lambda raw: raw["outcome_of"]["kind"].update(card="delighted"),
])
def test_a_malformed_file_does_not_start(changed, change):
    with pytest.raises(FactsError, match="statistics.yml"):
        changed(change)


@pytest.mark.parametrize(("name", "value"), [
    ("STATISTICS_THRESHOLD", "4"), ("STATISTICS_THRESHOLD", "1"), ("STATISTICS_THRESHOLD", "0"), ("STATISTICS_THRESHOLD", "-5"),
    ("STATISTICS_THRESHOLD", "4.9"), ("STATISTICS_THRESHOLD_SENSITIVE", "9"), ("STATISTICS_THRESHOLD_SENSITIVE", "5"),
    ("STATISTICS_EMBARGO_DAYS", "0"), ("STATISTICS_EMBARGO_DAYS", "-1"), ("STATISTICS_YEARS", "0"),
])
def test_the_environment_cannot_weaken_a_limit(name, value):
    with pytest.raises(SettingsError, match=name):
        settings_module.load({name: value})


@pytest.mark.parametrize("change", [{"threshold": 4}, {"threshold_sensitive": 9}, {"embargo_days": 0}])
def test_neither_can_code(parameters, change):
    with pytest.raises(LimitError, match="at least"):
        dataclasses.replace(parameters, **change)


def test_the_environment_may_make_it_stricter():
    settings = settings_module.load({"STATISTICS_THRESHOLD": "20", "STATISTICS_THRESHOLD_SENSITIVE": "50"})
    stricter = parameters_module.load(settings)
    assert [stricter.limit(stricter.tables[name]) for name in ("topic", "outcome")] == [20, 50]


def test_topics_and_services_are_what_the_answers_use(parameters):
    topics, answered = topics_module.load(), {name.removeprefix("utter_").split("__")[0] for name in all_responses()}
    assert set(parameters.tables["topic"].cells) == {topic.id for topic in topics.by_id.values()
                                                     if topic.priority and not topic.priority.sensitive}
    assert set(parameters.tables["topic"].cells) <= answered
    links = {link for variations in all_responses().values() for variation in variations
             for link in (variation.get("custom") or {}).get("links") or ()}
    assert links and {link.split(".")[0] for link in links} == set(parameters.tables["referral"].cells)
    ordinary, sensitive = (set(parameters.tables[name].cells) for name in ("priority_week", "priority_month"))
    assert ordinary | sensitive == set(topics.priorities) and not ordinary & sensitive
    assert set(parameters.outcome_of["response"]) <= set(all_responses())


def test_cells_of_a_table_are_unique(parameters):
    for table in parameters.tables.values():
        assert table.cells and len(set(table.cells)) == len(table.cells)


@pytest.mark.parametrize(("table", "cell"), [("topic", "kanarie"), ("kanarie", "inbraak"), ("priority_week", "integriteit"),
                                             ("topic", "partnergeweld"), ("topic", ""), ("", "")])
def test_a_free_label_is_refused_and_not_repeated(parameters, table, cell):
    with pytest.raises(UnknownLabel) as refused:
        parameters.check_cell(table, cell)
    assert "kanarie" not in str(refused.value) and isinstance(refused.value, WijkwijzerError)


@pytest.mark.parametrize(("moment", "cell"), [
    ("2026-11-23 00:00", "week_night"), ("2026-11-23 05:59", "week_night"), ("2026-11-23 06:00", "week_morning"),
    ("2026-11-23 12:00", "week_afternoon"), ("2026-11-27 23:59", "week_evening"), ("2026-11-28 00:00", "weekend_night"),
    ("2026-11-29 23:59", "weekend_evening"), ("2026-03-29 03:30", "weekend_night"), ("2026-10-25 02:30", "weekend_night"),
])
def test_dayparts_by_the_clock_in_brussels(parameters, moment, cell):
    local = dt.datetime.fromisoformat(moment).replace(tzinfo=BRUSSELS)
    for fold in (0, 1):
        assert daypart(local.replace(fold=fold).astimezone(dt.timezone.utc)) == cell
    assert cell in parameters.tables["daypart"].cells
