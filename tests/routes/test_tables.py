"""Decision tables: complete, free of overlap, few questions, and what the loader refuses."""

import pytest

from bot import routes
from bot import topics as topics_module
from bot.errors import RoutesError
from bot.routes.tables import MAX_QUESTIONS, SAFE, UNKNOWN, handed_over, load, slots

TABLES = routes.load()
INTAKES = [topic.id for topic in topics_module.load().by_id.values() if topic.kind == "intake"]
ROW = {"id": "een", "doors": [{"service": "lijn1712"}]}


def test_every_intake_has_a_table():
    assert len(INTAKES) == 7 and set(INTAKES) <= set(TABLES)


def test_only_routes_and_intakes_are_guided():
    assert {topics_module.load()[topic].kind for topic in TABLES} == {"intake", "route"}


@pytest.mark.parametrize("topic", TABLES)
def test_every_situation_reaches_exactly_one_row(topic):
    reached = {TABLES[topic].row(situation).id for situation in TABLES[topic].combinations()}
    assert reached == {row.id for row in TABLES[topic].rows}, "a row that no situation reaches"


@pytest.mark.parametrize("topic", TABLES)
def test_tables_never_hand_over_in_a_circle(topic):
    for situation in TABLES[topic].combinations():
        assert handed_over(topic, situation) in TABLES


@pytest.mark.parametrize("topic", TABLES)
def test_asking_always_ends_within_four_questions(topic):
    """Whatever is answered, the table stops asking and the row it then gives is the row of what was asked."""
    table, open_situations = TABLES[topic], [({}, 0)]
    while open_situations:
        answers, asked = open_situations.pop()
        slot = table.question(answers)
        if slot is None:
            assert table.row(answers) is not None
            continue
        assert asked < MAX_QUESTIONS
        open_situations += [({**answers, slot: value}, asked + 1) for value in (*table.values[slot], UNKNOWN)]


@pytest.mark.parametrize("topic", TABLES)
def test_a_question_is_only_asked_when_it_can_change_the_route(topic):
    table = TABLES[topic]
    for situation in table.combinations():
        known = {**situation, SAFE: "ja"}
        assert table.question({slot: value for slot, value in known.items() if slot in table.ask or slot == SAFE}) is None


def test_what_was_said_is_not_asked_again():
    assert TABLES["partnergeweld"].question({"relatie": "ex", "wanneer": "72u"}) == SAFE
    assert TABLES["partnergeweld"].question({"relatie": "ex", "wanneer": "72u", SAFE: "ja"}) is None


@pytest.fixture
def folder(tmp_path):
    """Writes tables into an empty folder and loads them."""
    import yaml

    def write(**content):
        load.cache_clear()
        (tmp_path / f"{content['topic']}.yml").write_text(yaml.safe_dump(content))
        return load(tmp_path)

    yield write
    load.cache_clear()


def test_a_good_table_loads(folder):
    table = folder(topic="stalking", rows=[ROW])["stalking"]
    assert table.row({}).doors[0].service == "lijn1712" and table.question({}) is None


@pytest.mark.parametrize(("change", "why"), [
    ({"rows": [{**ROW, "when": {"wie": "zelf"}}], "heard": ["wie"]}, "no row"),
    ({"rows": [ROW, {**ROW, "id": "twee"}]}, "een', 'twee"),
    ({"rows": [ROW, ROW]}, "stands twice"),
    ({"rows": [{**ROW, "when": {"wie": "zelf"}}]}, "not a column"),
    ({"rows": [{**ROW, "when": {"wie": "buurman"}}], "ask": ["wie"]}, "not its values"),
    ({"rows": [ROW], "ask": ["schoenmaat"]}, "schoenmaat"),
    ({"rows": [ROW], "ask": ["veilig"]}, "veilig"),
    ({"rows": [ROW], "ask": ["wie"], "heard": ["wie"]}, "both asked and heard"),
    ({"rows": [ROW], "ask": ["wie", "relatie", "wanneer", "regio"], "safety": True}, "more than 4"),
    ({"rows": [{"id": "een"}]}, "either doors or goes_to"),
    ({"rows": [{**ROW, "goes_to": "partnergeweld"}]}, "either doors or goes_to"),
    ({"rows": [{"id": "een", "goes_to": "fietsdiefstal"}]}, "has no table"),
    ({"rows": [{**ROW, "reader": "robot"}]}, "reader"),
    ({"rows": [{**ROW, "colour": "red"}]}, "colour"),
    ({"rows": [ROW], "extra": 1}, "only"),
    ({"rows": [ROW], "topic": "geen_topic"}, "not a topic"),
])
def test_a_wrong_table_is_refused_with_the_reason(folder, change, why):
    with pytest.raises(RoutesError, match=why):
        folder(**{"topic": "stalking", **change})


def test_slots_have_values_and_unknown_is_not_one_of_them():
    assert all(values and UNKNOWN not in values for values in slots().values())


def test_a_circle_is_an_error(monkeypatch, folder):
    circle = folder(topic="stalking", rows=[{"id": "een", "goes_to": "stalking"}])
    monkeypatch.setattr("bot.routes.tables.load", lambda: circle)
    with pytest.raises(RoutesError, match="circle"):
        handed_over("stalking", {})
