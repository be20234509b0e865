"""After the route: what is added changes it where it must, and a question about the services is answered from the route."""

from types import SimpleNamespace

import pytest

from actions.after_route import told
from benchmarks.assistant import Conversation


def route(resident: Conversation, *said: str) -> Conversation:
    """A conversation that has just shown a route."""
    for text in said:
        resident.say(text)
    assert any(message["kind"] == "route" for message in resident.messages), resident.text
    return resident


def test_an_age_that_is_told_later_leads_to_the_route_for_the_young(resident):
    route(resident, "een vriend van mijn lief heeft mij gedwongen tot seks", "ja ik ben thuis en veilig", "zaterdagnacht")
    resident.say("ben 15")
    assert any(message["kind"] == "route" for message in resident.messages)
    assert "102" in resident.text and "Zorgcentrum" in resident.text


def test_a_place_that_is_told_later_names_the_nearest_centre(resident):
    route(resident, "ik ben verkracht", "ja veilig", "eergisteren na de teambuilding")
    resident.say("en ik woon in Antwerpen")
    assert "Antwerpen" in resident.text


def test_a_correction_changes_the_route(resident):
    route(resident, "ik word al maanden gestalkt", "ja op dit moment wel", "een klant van mijn winkel")
    resident.say("nee ik moet eerlijk zijn, eigenlijk is het mijn ex-vriend")
    assert "stalkingalarm" in resident.text


def test_a_detail_that_changes_nothing_is_thanked_for_and_nothing_else_is_shown(resident):
    route(resident, "mijn man heeft mij gisteren geslagen, ik ben nu veilig bij mijn zus")
    resident.say("gisteren dus")
    assert "hierboven" in resident.text and "112" in resident.text


@pytest.mark.parametrize(("asked", "part"), [
    ("kost da geld om te bellen ik heb geen belkrediet", "ratis"),
    ("moet ik mijn naam zeggen aan die 1712?", "wie je bent"),
    ("moet ik daarvoor klacht doen?", "klacht"),
    ("moet ik daarmee naar de dokter voor bewijs", "attest"),
    ("is dat mijn eigen schuld misschien", "schuld"),
])
def test_a_question_about_the_services_is_answered_for_this_route(resident, asked, part):
    route(resident, "mijn man heeft mij gisteren geslagen, ik ben nu veilig bij mijn zus")
    resident.say(asked)
    assert part in resident.text and "Police-on-web" not in resident.text
    assert all(message["topic"] is None for message in resident.messages)


@pytest.mark.parametrize(("asked", "topic"), [("hoe bescherm ik mijn huis tegen inbrekers", "inbraak_preventie_woning"),
                                              ("ik heb een verkeersboete gekregen, hoe betaal ik die", "verkeersboete")])
def test_another_matter_is_another_matter(resident, asked, topic):
    route(resident, "mijn man heeft mij gisteren geslagen, ik ben nu veilig bij mijn zus")
    resident.say(asked)
    assert topic in [message["topic"] for message in resident.messages]


def test_danger_after_the_route_is_danger(resident):
    route(resident, "mijn man heeft mij gisteren geslagen, ik ben nu veilig bij mijn zus")
    resident.say("help hij staat hier voor de deur met een mes")
    assert resident.messages[0]["kind"] == "emergency"


def test_a_second_intake_knows_nothing_of_the_first():
    def slot(name, value):
        return {"event": "slot", "name": name, "value": value}

    def intake(*slots):
        return [{"event": "user", "parse_data": {"entities": []}}, {"event": "active_loop", "name": "a_form"}, *slots,
                {"event": "active_loop", "name": None}, {"event": "action", "name": "action_route"},
                *[slot(each["name"], None) for each in slots]]

    events = [*intake(slot("leeftijd", "minderjarig"), slot("relatie", "ouder")), *intake(slot("relatie", "ex")),
              {"event": "user", "parse_data": {"entities": []}}]
    assert told(SimpleNamespace(events=events)) == {"relatie": "ex"}
