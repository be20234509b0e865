"""Training and test sentences: enough of them, none twice, none shared, none made by a template."""

from collections import Counter

import pytest
import yaml

from benchmarks import sentences
from bot import topics as topics_module
from bot.settings import ROOT
from tests.data.sentences import NLU, normal, training

TRAINING = training()
TOPICS = topics_module.load()
KINDS = ("topics", "out_of_scope", "danger", "harmless")
KEPT_APART = (*(f"{prefix}{kind}" for prefix in ("", "fresh_", "third_") for kind in KINDS), "blunt_danger", "blunt_harmless",
              "fresh_blunt_danger", "fresh_blunt_harmless", "foreign", "dutch", "two_questions")
MIN_TRAINING, MIN_TEST = 35, 8
ONE_WORD_MAY_REPEAT = 2  # "ok", "merci": too short to be anybody's own


def test_every_topic_has_training_sentences_and_nothing_else_has():
    assert set(TRAINING) == set(TOPICS.by_id)


def test_domain_intents_are_the_topics_and_the_fallback():
    domain = yaml.safe_load((ROOT / "domain.yml").read_text(encoding="utf-8"))
    assert set(domain["intents"]) == {*TOPICS.by_id, "nlu_fallback"}


@pytest.mark.parametrize("topic", TOPICS.by_id)
def test_a_topic_has_enough_training_sentences(topic):
    assert len(TRAINING[topic]) >= MIN_TRAINING


@pytest.mark.parametrize("topic", TOPICS.by_id)
def test_a_topic_has_enough_test_sentences(topic):
    assert sum(item.label == topic for item in sentences.read("topics")) >= MIN_TEST


@pytest.mark.parametrize("topic", TOPICS.by_id)
def test_sentences_of_a_topic_do_not_start_alike(topic):
    starts = Counter(" ".join(normal(text).split()[:3]) for text in TRAINING[topic] if len(text.split()) > 5)
    start, count = starts.most_common(1)[0]
    assert count <= max(4, len(TRAINING[topic]) * 0.06), f"{count} sentences start with {start!r}: a template?"


def test_no_training_sentence_stands_twice():
    counts = Counter(normal(text) for texts in TRAINING.values() for text in texts if normal(text))
    assert not [text for text, count in counts.items() if count > 1]


def test_no_test_sentence_leaks_into_training():
    trained = {normal(text) for texts in TRAINING.values() for text in texts}
    leaked = [item.text for name in KEPT_APART for item in sentences.read(name)
              if normal(item.text) in trained and len(normal(item.text).split()) > ONE_WORD_MAY_REPEAT]
    assert not leaked


@pytest.mark.parametrize("name", ["topics", "fresh_topics", "third_topics"])
def test_no_test_sentence_is_nearly_a_training_sentence(name):
    trained = [frozenset(normal(text).split()) for texts in TRAINING.values() for text in texts]
    near = []
    for item in sentences.read(name):
        words = frozenset(normal(item.text).split())
        if len(words) >= 6 and any(len(words & other) / len(words | other) > 0.8 for other in trained):
            near.append(item.text)
    assert not near


def test_emergency_sets_are_large_enough():
    assert len(sentences.read("danger")) >= 150 and len(sentences.read("harmless")) >= 150


def test_labels_of_test_sentences_are_topics():
    for name in ("topics", "danger", "harmless", "out_of_scope", "fresh_topics", "fresh_danger", "fresh_out_of_scope",
                 "third_topics", "third_out_of_scope"):
        assert {item.label for item in sentences.read(name)} <= set(TOPICS.by_id)


def test_a_topic_has_one_file_with_its_examples_and_its_answer():
    for topic in TOPICS.by_id:
        files = list(NLU.rglob(f"{topic}.yml"))
        assert len(files) == 1, topic
        content = yaml.load(files[0].read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
        assert [item["intent"] for item in content["nlu"]] == [topic]
        assert f"utter_{topic}" in content["responses"]
