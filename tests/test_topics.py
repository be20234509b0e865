"""The coverage contract: 107 topics, none dropped, none renamed, every one with what the assistant needs."""

import pytest

from bot import topics as topics_module
from bot.errors import TopicsError

TOPICS = topics_module.load()


def test_all_topics_are_there():
    assert len(TOPICS.by_id) == 107
    assert sum(topic.counted for topic in TOPICS.by_id.values()) == 91


def test_priorities_are_those_of_the_plan():
    assert list(TOPICS.priorities) == ["inbraak", "integriteit", "samenleving", "cybercrime", "verkeer", "dienstverlening"]
    assert [id for id, priority in TOPICS.priorities.items() if priority.sensitive] == ["integriteit", "samenleving"]


@pytest.mark.parametrize("topic", [topic for topic in TOPICS.by_id.values() if topic.counted and topic.kind != "emergency"],
                         ids=lambda topic: topic.id)
def test_every_topic_has_a_title_for_its_button(topic):
    assert topic.title and len(topic.title) <= 40 and not any(character.isdigit() for character in topic.title)


@pytest.mark.parametrize("topic", [topic for topic in TOPICS.by_id.values() if topic.safety_question], ids=lambda topic: topic.id)
def test_only_sensitive_topics_ask_whether_the_resident_is_safe(topic):
    assert topic.sensitive


def test_intakes_of_violence_ask_whether_the_resident_is_safe():
    asked = {topic.id for topic in TOPICS.by_id.values() if topic.safety_question}
    assert {topic.id for topic in TOPICS.by_id.values() if topic.kind == "intake"} - asked == {"discriminatie"}


def test_an_unknown_topic_raises():
    with pytest.raises(TopicsError, match="xyz"):
        TOPICS["xyz"]


@pytest.mark.parametrize(("item", "what"), [
    ("{id: a, kind: dialogue, about: x}\n  - {id: a, kind: dialogue, about: x}", "twice"),
    ("{id: a, kind: story, about: x}", "unknown kind"),
    ("{id: a, kind: advice, about: x}", "priority"),
    ("{id: a, kind: advice, priority: q, about: x}", "unknown priority"),
])
def test_a_malformed_list_names_the_topic(tmp_path, item, what):
    (tmp_path / "topics.yml").write_text(f"priorities: {{p: {{label: P, sensitive: false}}}}\ntopics:\n  - {item}\n")
    with pytest.raises(TopicsError, match=f"a: .*{what}"):
        topics_module.load(tmp_path / "topics.yml")
