"""What routes say: every row in words, numbers confirmed, danger first, short, and in the reader's language."""

import re

import pytest

from bot import facts as facts_package
from bot import routes
from bot import topics as topics_module
from bot.errors import RoutesError
from bot.facts.check import TYPED
from bot.nlg import message
from bot.payloads import parse_data
from bot.routes import compose

TABLES = routes.load()
ROWS = [(topic, row) for topic, table in TABLES.items() for row in table.rows if row.goes_to is None]
IDS = [f"{topic}-{row.id}" for topic, row in ROWS]
VIOLENCE = [topic for topic in TABLES if topics_module.load()[topic].safety_question]
FIRST_WORDS, SECOND_WORDS, YOUNG_FIRST, YOUNG_SECOND = 150, 95, 120, 70
NEVER_ONLINE = set(VIOLENCE) | {"haatspraak_online", "discriminatie", "discriminatie_getuige", "geweld_pleger"}


@pytest.fixture(scope="module")
def facts(settings):
    return facts_package.load(settings.facts_dir)


@pytest.fixture(scope="module")
def shown(facts):
    def show(name):
        return message(name, compose.responses()[name][0], facts, topics_module.load())
    return show


@pytest.mark.parametrize(("topic", "row"), ROWS, ids=IDS)
def test_a_route_can_be_shown_and_names_only_confirmed_facts(topic, row, shown, facts):
    for centre in (None, *compose.CENTRES):
        for name in compose.names(topic, row, centre):
            finished = shown(name)
            assert finished["kind"] == "route" and finished["text"]
            assert not re.search(r"[{}]|\bNone\b", finished["text"])
            assert not list(facts.violations(finished["text"]))


@pytest.mark.parametrize(("topic", "row"), ROWS, ids=IDS)
def test_numbers_and_addresses_come_from_the_facts(topic, row):
    for name in compose.names(topic, row):
        bare = re.sub(r"\{[^}]*\}", "", compose.responses()[name][0]["text"])
        assert not TYPED.search(bare), TYPED.search(bare)


@pytest.mark.parametrize(("topic", "row"), [item for item in ROWS if item[0] in VIOLENCE],
                         ids=[name for name, item in zip(IDS, ROWS, strict=True) if item[0] in VIOLENCE])
def test_a_route_after_violence_names_the_emergency_numbers_in_its_first_lines(topic, row, shown):
    opening = shown(compose.names(topic, row)[0])["text"].split("\n\n")[0]
    assert "101" in opening and "112" in opening


@pytest.mark.parametrize(("topic", "row"), ROWS, ids=IDS)
def test_a_route_is_short(topic, row):
    young = row.reader == "jongere"
    texts = [compose.responses()[name][0]["text"] for name in compose.names(topic, row)]
    for text, limit in zip(texts, (YOUNG_FIRST, YOUNG_SECOND) if young else (FIRST_WORDS, SECOND_WORDS), strict=False):
        assert len(text.split()) <= limit


@pytest.mark.parametrize(("topic", "row"), ROWS, ids=IDS)
def test_a_route_has_a_first_door_with_a_reason_and_something_to_press(topic, row, shown):
    finished = shown(compose.names(topic, row)[0])
    assert compose.FIRST in finished["text"] and finished["links"]
    assert row.doors[0].why or compose.parts()["doors"][row.doors[0].service].get("why")


@pytest.mark.parametrize(("topic", "row"), [item for item in ROWS if item[0] in NEVER_ONLINE],
                         ids=[name for name, item in zip(IDS, ROWS, strict=True) if item[0] in NEVER_ONLINE])
def test_violence_is_never_sent_to_an_online_report(topic, row, shown):
    for name in compose.names(topic, row):
        assert "police-on-web" not in str(shown(name)).lower()
        assert not re.search(r"\bbemiddel", shown(name)["text"]) or topic.startswith("discriminatie")


@pytest.mark.parametrize(("topic", "row"), ROWS, ids=IDS)
def test_buttons_of_a_route_lead_somewhere(topic, row, shown):
    from bot.responses import known_responses
    for name in compose.names(topic, row):
        for button in shown(name)["buttons"]:
            parsed = parse_data(button["payload"])
            detail = parsed["choice"].get("detail")
            wanted = f"utter_{parsed['intent']['name']}" + (f"__{detail}" if detail else "")
            assert wanted in known_responses()


@pytest.mark.parametrize(("topic", "row"), [item for item in ROWS if item[1].reader == "jongere"],
                         ids=[name for name, item in zip(IDS, ROWS, strict=True) if item[1].reader == "jongere"])
def test_a_young_reader_gets_awel_and_is_never_sent_to_the_parents(topic, row, shown):
    text = "\n".join(shown(name)["text"] for name in compose.names(topic, row))
    assert re.search(r"Awel|nupraatikerover|Child Focus", text)
    assert not re.search(r"(vraag|zeg|vertel) het (aan|tegen) je ouders", text)


RECENT = [(topic, row) for topic, row in ROWS
          if topic == "seksueel_geweld" and row.when.get("wanneer", frozenset()) & {"72u", "week"}]


@pytest.mark.parametrize(("topic", "row"), RECENT, ids=[row.id for _, row in RECENT])
def test_recent_sexual_violence_shows_the_care_centre_first_with_both_terms(topic, row, shown):
    finished = shown(compose.names(topic, row)[0])
    assert row.doors[0].service == "zsg_recent"
    assert "72 uur" in finished["text"] and "7 dagen" in finished["text"] and finished["links"][0]["url"] == "https://zsg.belgium.be"


def test_there_are_rows_of_recent_sexual_violence_for_everybody():
    assert {row.reader for _, row in RECENT} >= {"volwassene", "jongere", "ouder", "ander"}


def test_the_nearest_centre_follows_the_place(shown):
    row = TABLES["seksueel_geweld"].row({"wanneer": "72u"})
    assert "Leuven" in shown(compose.names("seksueel_geweld", row, "leuven")[0])["text"]
    assert "Gent" in shown(compose.names("seksueel_geweld", row, "gent")[0])["text"]
    assert "Brussel" in shown(compose.names("seksueel_geweld", row)[0])["text"]


def test_an_unknown_part_is_an_error():
    with pytest.raises(RoutesError, match="no part called nergens"):
        compose._part("doors", "nergens", "stalking")


def test_a_part_that_stands_twice_is_an_error(tmp_path):
    for name in ("een", "twee"):
        (tmp_path / f"{name}.yml").write_text("keep: {foto: {text: foto's}}")
    with pytest.raises(RoutesError, match="stands twice"):
        compose.parts(tmp_path)
