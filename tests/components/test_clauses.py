"""Messages of more than one sentence: how they are split, and what their parts may change."""

import pytest
from rasa.shared.nlu.training_data.message import Message

from bot.components.clause_joiner import ClauseJoiner
from bot.components.clause_splitter import CLAUSE_KEY, ClauseSplitter

SPLITTER = ClauseSplitter(ClauseSplitter.get_default_config())
JOINER = ClauseJoiner(ClauseJoiner.get_default_config())


@pytest.mark.parametrize(("text", "parts"), [
    ("mijn fiets is gestolen", []),
    ("Hallo! Mijn fiets is gestolen.", ["Mijn fiets is gestolen."]),  # without the greeting
    ("goeienavond allemaal, mijn zoon zijn bmx is weg", ["mijn zoon zijn bmx is weg"]),
    ("Dag, ik heb een vraag. Hoe geef ik mijn camera aan?", ["ik heb een vraag.", "Hoe geef ik mijn camera aan?"]),
    ("nee sorry ik bedoel mijn bankkaart is gestolen", ["mijn bankkaart is gestolen"]), ("nee ik bedoel niets", []),
    ("dagen geleden, mijn fiets is weg", []), ("hallo!", []), ("Dag meneer, alles goed?", []),
    ("mijn fiets is gepikt aan de Brico, en tot hoe laat zijn jullie open", ["mijn fiets is gepikt aan de Brico",
                                                                        "en tot hoe laat zijn jullie open"]),
    ("wie komt kijken of ik er woon en waar haal ik een bewijs", ["wie komt kijken of ik er woon", "en waar haal ik een bewijs"]),
    ("brood en melk en kaas", []),
    ("ik ben moe. ja. nee.", []),
    ("een twee drie. een twee vier. een twee vijf. een twee zes. een twee zeven", ["een twee vier.", "een twee vijf.",
                                                                               "een twee zes.", "een twee zeven"]),
    ("", []), ("...", []), ("\n\n", []),
])
def test_a_message_is_split_where_something_new_begins(text, parts):
    assert SPLITTER.split(text) == parts


def test_the_parts_stand_behind_the_message_and_are_marked():
    message = Message({"text": "ik heb een boete gekregen. hoe betaal ik die?"})
    first, *parts = SPLITTER.process([message])
    assert first is message and not first.get(CLAUSE_KEY)
    assert [part.get("text") for part in parts] == ["ik heb een boete gekregen.", "hoe betaal ik die?"]
    assert all(part.get(CLAUSE_KEY) for part in parts)


def read(topic, confidence, part=False, danger=None, second=("ongeval", 0.01)):
    """A message as the components before leave it."""
    ranking = [{"name": topic, "confidence": confidence}, {"name": second[0], "confidence": second[1]}]
    return Message({"text": "x", "intent": ranking[0], "intent_ranking": ranking, "danger": danger, CLAUSE_KEY: part})


def part(topic, confidence, danger=None):
    return read(topic, confidence, True, danger)


FIRES = {"fires": True, "topic": "nood_geweld", "score": 0.9, "why": []}


@pytest.mark.parametrize(("whole", "parts", "topic", "also"), [
    (read("groet", 0.9), [part("groet", 0.9), part("fietsdiefstal", 0.7)], "fietsdiefstal", None),
    (read("groet", 0.9), [part("groet", 0.9), part("fietsdiefstal", 0.4)], "groet", None),
    (read("bedankt", 0.9), [part("bedankt", 0.9), part("buiten_bereik", 0.9)], "bedankt", None),
    (read("wis_gesprek", 0.9), [part("wis_gesprek", 0.9), part("stalking", 0.9)], "wis_gesprek", None),
    (read("buiten_bereik", 0.9), [part("lez", 0.9)], "buiten_bereik", None),
    (read("lez", 0.9), [part("lez", 0.9), part("rijbewijs", 0.7)], "lez", "rijbewijs"),
    (read("lez", 0.9), [part("lez", 0.9), part("rijbewijs", 0.55)], "lez", None),
    (read("lez", 0.4), [part("rijbewijs", 0.85), part("ongeval", 0.5)], "rijbewijs", "lez"),
    (read("lez", 0.65), [part("rijbewijs", 0.85)], "lez", "rijbewijs"),
    (read("verkeersboete", 0.9), [part("verkeersboete", 0.9), part("partnergeweld", 0.9)], "partnergeweld", "verkeersboete"),
    (read("verkeersboete", 0.9), [part("verkeersboete", 0.9), part("partnergeweld", 0.7)], "verkeersboete", "partnergeweld"),
    (read("partnergeweld", 0.9), [part("partnergeweld", 0.9), part("stalking", 0.95)], "partnergeweld", "stalking"),
    (read("lez", 0.9), [part("nood_inbraak", 0.9)], "lez", None),  # the detector did not fire
    (read("lez", 0.9), [part("lez", 0.9), part("privacy", 0.7)], "lez", "privacy"),
    (read("lez", 0.9), [part("lez", 0.9), part("hulp_menu", 0.7)], "lez", None),
    (read("lez", 0.8, second=("rijbewijs", 0.2)), [], "lez", "rijbewijs"),
    (read("lez", 0.8, second=("rijbewijs", 0.1)), [], "lez", None),
    (read("lez", 0.8, second=("partnergeweld", 0.2)), [], "lez", None),
    (read("lez", 0.8, second=("nood_geweld", 0.2)), [], "lez", None),
    (read("groet", 0.8, second=("lez", 0.2)), [], "groet", None),
])
def test_the_most_urgent_is_answered_and_the_other_is_offered(whole, parts, topic, also):
    (joined,) = JOINER.process([whole, *parts])
    assert (joined.get("intent")["name"], joined.get("also")) == (topic, also)
    assert joined.get("intent_ranking")[0]["name"] == topic


def test_danger_in_a_part_is_danger():
    (joined,) = JOINER.process([read("slachtofferhulp", 0.9, danger={**FIRES, "fires": False}), part("slachtofferhulp", 0.9),
                                part("nood_geweld", 0.9, FIRES)])
    assert joined.get("intent") == {"name": "nood_geweld", "confidence": 1.0} and joined.get("danger") == FIRES
    assert joined.get("also") is None


@pytest.mark.parametrize(("about", "sure", "whole", "why", "fires"), [
    ("lez", 0.8, 0.001, [], False), ("lez", 0.8, 0.05, [], True), ("lez", 0.95, 0.05, [], False),
    ("partnergeweld", 0.95, 0.05, [], True), ("partnergeweld", 0.95, 0.001, [], False),
    ("lez", 0.95, 0.001, ["nu_bezig"], False), ("lez", 0.95, 0.001, ["nu_verborgen"], True),
    ("lez", 0.95, 0.001, ["gevaar_slaan"], True), ("lez", 0.8, 0.001, ["gevaar_slaan", "rem_verleden"], False),
])
def test_a_part_that_lost_its_story_is_only_believed_when_loud_or_hinted_at(about, sure, whole, why, fires):
    (joined,) = JOINER.process([read(about, sure, danger={**FIRES, "fires": False, "score": whole}),
                                part("nood_geweld", 0.9, {**FIRES, "score": 0.95, "why": why})])
    assert joined.get("danger")["fires"] == fires


def test_a_part_about_nothing_we_know_is_not_offered():
    other = part("rijbewijs", 0.9)
    other.set("outside", 0.9)
    (joined,) = JOINER.process([read("lez", 0.9), other])
    assert joined.get("also") is None


def test_weak_danger_in_a_part_is_left_to_the_whole():
    (joined,) = JOINER.process([read("lez", 0.9), part("nood_geweld", 0.4, {**FIRES, "score": 0.3})])
    assert joined.get("intent")["name"] == "lez" and joined.get("danger") is None


def test_what_was_decided_before_stays():
    foreign = read("lez", 0.9)
    foreign.set("intent", {"name": "andere_taal", "confidence": 1.0})
    (joined,) = JOINER.process([foreign, part("rijbewijs", 0.9)])
    assert joined.get("intent")["name"] == "andere_taal" and joined.get("also") is None


def test_a_message_of_one_part_offers_nothing():
    (alone,) = JOINER.process([read("lez", 0.9)])
    assert alone.get("also") is None
