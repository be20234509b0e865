"""The trained assistant on sentences kept apart: floors a little under what was measured, so that a slip is seen.

The floors are the product's promises (accuracy, misses, false alarms), not records; figures stand in docs/understanding.md.
"""

import asyncio

import pytest

from benchmarks import sentences
from benchmarks.understanding import REJECTED, Reader, by_writer, is_emergency
from bot import topics as topics_module

ACCURACY, SENSITIVE_RECALL, EVERY_WRITER = 0.94, 0.9, 0.87
OUT_OF_SCOPE_REJECTED, IN_SCOPE_REJECTED = 0.92, 0.03
MAX_MISSED, MAX_FALSE_ALARMS = 3, 4  # of 200 each, or 150
MAX_BLUNT_MISSED, MAX_BLUNT_ALARMS = 5, 12  # of 150 each: a few words tell little, and an alarm too many is the lesser evil
MAX_DUTCH_FOREIGN, MIN_FOREIGN_CAUGHT = 0.012, 0.97
MAX_ALARMS_ON_TOPICS = 0.03


@pytest.fixture(scope="module")
def parsed(model):
    """Every kept-apart sentence with what the assistant made of it."""

    async def read_all():
        read = Reader()
        names = ("topics", "out_of_scope", "danger", "harmless", "blunt_danger", "blunt_harmless", "dutch", "foreign",
                 "third_topics", "third_out_of_scope", "third_danger", "third_harmless")
        results = {}
        for name in names:
            results[name] = [(item, await read(item.text)) for item in sentences.read(name)]
        return results

    return asyncio.run(read_all())


def fires(result):
    return is_emergency(result)


def best(result):
    name = result["intent"]["name"]
    return result["intent_ranking"][0]["name"] if name == "nlu_fallback" and result["intent_ranking"] else name


def share(values):
    values = list(values)
    return sum(values) / len(values)


@pytest.mark.parametrize("name", ["topics", "third_topics"])
def test_topics_are_recognised(parsed, name):
    assert share(best(result) == item.label for item, result in parsed[name]) >= ACCURACY


@pytest.mark.parametrize(("name", "number"), [("topics", 10), ("third_topics", 3)])
def test_every_writer_is_understood(parsed, name, number):
    items = [item for item, _ in parsed[name]]
    marks = [best(result) == item.label for item, result in parsed[name]]
    writers = [share(one) for one in by_writer(items, marks)]
    assert len(writers) == number and min(writers) >= EVERY_WRITER, writers


def test_sensitive_topics_are_recognised(parsed):
    topics = topics_module.load()
    hits = [best(result) == item.label for item, result in parsed["topics"] if topics[item.label].sensitive]
    assert share(hits) >= SENSITIVE_RECALL


@pytest.mark.parametrize("prefix", ["", "third_"])
def test_out_of_scope_is_rejected_and_in_scope_is_not(parsed, prefix):
    assert share(result["intent"]["name"] in REJECTED for _, result in parsed[f"{prefix}out_of_scope"]) >= OUT_OF_SCOPE_REJECTED
    inside = [result for item, result in parsed[f"{prefix}topics"] if item.label not in REJECTED]
    assert share(result["intent"]["name"] in REJECTED for result in inside) <= IN_SCOPE_REJECTED


@pytest.mark.parametrize(("name", "most"), [("danger", MAX_MISSED), ("third_danger", MAX_MISSED),
                                            ("blunt_danger", MAX_BLUNT_MISSED)])
def test_danger_now_is_seen(parsed, name, most):
    missed = [item.text for item, result in parsed[name] if not fires(result)]
    assert len(missed) <= most, missed


@pytest.mark.parametrize(("name", "most"), [("harmless", MAX_FALSE_ALARMS), ("third_harmless", MAX_FALSE_ALARMS),
                                            ("blunt_harmless", MAX_BLUNT_ALARMS)])
def test_harmless_words_of_alarm_raise_none(parsed, name, most):
    alarms = [item.text for item, result in parsed[name] if fires(result)]
    assert len(alarms) <= most, alarms


def test_ordinary_questions_raise_no_alarm(parsed):
    ordinary = [result for item, result in parsed["topics"] if not item.label.startswith("nood_")]
    assert share(fires(result) for result in ordinary) <= MAX_ALARMS_ON_TOPICS


def test_dialect_is_not_called_foreign_and_foreign_languages_are_caught(parsed):
    assert share(result["language"] != "nl" for _, result in parsed["dutch"]) <= MAX_DUTCH_FOREIGN
    foreign = [result for item, result in parsed["foreign"] if len(item.text.split()) >= 3]
    assert share(result["language"] != "nl" for result in foreign) >= MIN_FOREIGN_CAUGHT


def test_a_danger_says_why(parsed):
    assert any(result["danger"]["why"] for _, result in parsed["danger"])
