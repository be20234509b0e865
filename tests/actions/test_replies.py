"""What a message in the middle of an intake answers, and what it leaves alone."""

import pytest

from actions import replies, sideways
from bot import details, routes

PARTNER = routes.load()["partnergeweld"]


def message(text, intent="nlu_fallback", band="lost", **more):
    """A message as Rasa hands it to an action, with the details that the text really has."""
    found = [{"entity": item.slot, "value": item.value} for item in details.find(text)]
    return {"text": text, "intent": {"name": intent}, "entities": found, "certainty": {"band": band}, **more}


@pytest.mark.parametrize(("text", "asked", "answers"), [
    ("ja", "veilig", {"veilig": "ja"}),
    ("neeje", "veilig", {"veilig": "nee"}),
    ("k weet ni", "veilig", {"veilig": "onbekend"}),
    ("hij is gaan werken", "veilig", {"veilig": "ja"}),
    ("nee hij is hier", "veilig", {"veilig": "nee"}),
    ("nee, hij is weg", "veilig", {"veilig": "onbekend"}),
    ("ja ik ben bij mijn zus nu", "veilig", {"veilig": "ja"}),
    ("ja maar hij komt zo terug naar huis", "veilig", {"veilig": "nee"}),
    ("tis men ex", "relatie", {"relatie": "ex"}),
    ("zeg ik liever niet", "relatie", {"relatie": "onbekend"}),
    ("gistere", "wanneer", {"wanneer": "72u"}),
    ("mijn man, gisteren nog", "relatie", {"relatie": "partner", "wanneer": "72u"}),
    ("neee niks seksueel", "seksueel", {"seksueel": "nee"}),
    ("ja", "leeftijd", {"leeftijd": "minderjarig"}),
    ("ja", "relatie", {}),
    ("blauw", "wanneer", {}),
])
def test_a_message_answers_the_question_and_what_else_it_says(text, asked, answers):
    said = replies.read(message(text), asked, {}, PARTNER).answers
    assert {slot: value for slot, value in said.items() if slot in PARTNER.slots} == answers


def test_who_knows_of_it_is_not_who_did_it():
    assert replies.read(message("mijn zus weet het ook"), "wanneer", {}, PARTNER).answers == {}


def test_an_answer_is_only_changed_when_the_resident_takes_it_back():
    known = {"relatie": "partner"}
    assert replies.read(message("gisteren, mijn ex was er ook bij"), "wanneer", known, PARTNER).answers.get("relatie") is None
    assert replies.read(message("nee wacht, het is mijn ex"), "wanneer", known, PARTNER).answers["relatie"] == "ex"


def test_a_question_about_the_chat_is_no_answer():
    asked = message("kan mijn man dit gesprek lezen of niet", "privacy", "sure")
    assert replies.read(asked, "relatie", {}, PARTNER).answers == {}


def test_back_goes_back():
    assert replies.read(message("vorige vraag"), "wanneer", {}, PARTNER).back


def test_after_not_safe_who_tells_more_goes_on_and_who_is_still_not_safe_does_not():
    assert replies.read(message("mijn ex deed het gisteren"), "verder", {"veilig": "nee"}, PARTNER).answers["verder"] == "ja"
    assert replies.read(message("nee"), "verder", {"veilig": "nee"}, PARTNER).answers == {"veilig": "nee"}
    assert replies.read(message("ik ben nu veilig"), "verder", {"veilig": "nee"}, PARTNER).answers == {"veilig": "ja"}


@pytest.mark.parametrize(("text", "intake"), [
    ("mijn bankkaart ligt bij haar en gisteren heeft mijn vriendin mij geslagen", "partnergeweld"),
    ("mijn vader heeft mij geslagen", "familiegeweld"),
    ("hij heeft mij verkracht", "seksueel_geweld"),
    ("mijn bankkaart is gestolen", None),
    ("mijn fiets is gestolen door mijn ex", None),
    ("ik heb mijn vrouw geslagen", None),
])
def test_details_tell_the_intake_when_they_leave_no_doubt(text, intake):
    assert sideways.by_details(message(text)) == intake


def test_an_unsure_message_without_people_or_harm_starts_nothing():
    ranking = [{"name": "partnergeweld", "confidence": 0.4}]
    assert sideways.intake_for(message("het loopt hier niet goed", intent_ranking=ranking)) is None
    assert sideways.intake_for(message("mijn vriend en ik hebben weer ruzie", intent_ranking=ranking)) == "partnergeweld"


def test_behind_the_card_for_danger_an_ordinary_topic_means_a_false_alarm():
    ranking = [{"name": "nood_geweld", "confidence": 0.6}, {"name": "verkeersboete", "confidence": 0.35}]
    assert sideways.likeliest(message("x", intent_ranking=ranking)) is None
    assert sideways.likeliest(message("x", intent_ranking=ranking[:1])) == sideways.ANYBODY
