"""What a turn is counted as, from the names of the responses alone."""

import datetime as dt

import pytest

from actions import counting
from actions.after import ActionCountContact
from bot.settings import load
from bot.statistics import parameters as parameters_module
from bot.statistics.counts import Counts
from bot.statistics.release import Service

MOMENT = dt.datetime(2026, 11, 25, 20, 30, tzinfo=dt.timezone.utc)  # a Wednesday, 21.30 in Brussels: W48, M11, Q4


class FakeTracker:
    """As much of a tracker as counting reads."""

    def __init__(self, marker=None, metadata=None, intent="groet"):
        self.marker = marker
        self.events = [{"event": "user", "metadata": metadata or {}}, {"event": "action"}]
        self.latest_message = {"intent": {"name": intent}}

    def get_slot(self, name):
        return self.marker if name == counting.CONTACT else None


@pytest.fixture
def service(monkeypatch):
    service = Service(Counts(), None, parameters_module.load(load({})), lambda: MOMENT)
    monkeypatch.setattr(counting, "_service", service)
    return service


def talk(*turns, start=None):
    """The marker after some turns, each a list of response names."""
    marker = start
    for responses in turns:
        events = counting.count_turn(responses, FakeTracker(marker), [])
        marker = events[0]["value"] if events else marker
    return {table: cell for table, (_, cell) in (marker or {}).items()}


def test_an_answer_is_counted_in_every_table_that_has_a_cell_for_it(service):
    assert talk(["utter_phishing_slachtoffer", "utter_nuttig_vraag"]) == {
        "priority_week": "cybercrime", "topic": "phishing_slachtoffer", "outcome": "referred",
        "daypart": "week_evening", "referral": "kaartstop"}
    assert service.counts.exact("2026-W48", "priority_week") == {"cybercrime": 1}
    assert service.counts.exact("2026-M11", "topic") == {"phishing_slachtoffer": 1}
    assert service.counts.exact("2026-Q4", "daypart") == {"week_evening": 1}


def test_a_sensitive_answer_has_no_topic_and_no_week(service):
    assert talk(["utter_partnergeweld", "utter_veilig_vraag"]) == {
        "priority_month": "integriteit", "outcome": "referred", "daypart": "week_evening", "referral": "lijn1712"}


@pytest.mark.parametrize("responses", [["utter_groet"], ["utter_bedankt"], ["utter_hulp_menu"], ["utter_menu_integriteit"],
                                       ["utter_privacy"], ["utter_bot_identiteit"], ["utter_buiten_bereik"], ["utter_belediging"],
                                       ["utter_wis_gesprek"], ["utter_nuttig_ja"], ["utter_bevestig"], []])
def test_talk_about_the_talk_is_not_a_contact(service, responses):
    assert talk(responses) == {}


@pytest.mark.parametrize(("turns", "outcome"), [
    ([["utter_fietsregels"]], "answered"),
    ([["utter_fietsregels"], ["utter_nuttig_ja"]], "answered"),
    ([["utter_fietsregels"], ["utter_nuttig_nee"]], "handed_over"),
    ([["utter_onbegrepen"]], "not_understood"),
    ([["utter_onbegrepen"], ["utter_fietsregels"]], "answered"),
    ([["utter_fietsregels"], ["utter_onbegrepen"]], "answered"),
    ([["utter_fietsregels"], ["utter_niet_geholpen"]], "not_understood"),
    ([["utter_fietsregels"], ["utter_onzeker"]], "answered"),
    ([["utter_onzeker"]], "broken_off"),
    ([["utter_onzeker"], ["utter_fietsdiefstal"]], "referred"),
    ([["utter_onbegrepen"], ["utter_onbegrepen_mens"]], "handed_over"),
    ([["utter_mens_spreken"]], "handed_over"),
    ([["utter_hulpkaart"]], "referred"),
    ([["utter_taal_fr"]], "referred"),
    ([["utter_nood_geweld"]], "referred"),
])
def test_how_a_contact_went(service, turns, outcome):
    assert talk(*turns)["outcome"] == outcome
    assert sum(service.counts.exact("2026-M11", "outcome").values()) == 1
    assert service.counts.exact("2026-M11", "outcome")[outcome] == 1


def test_the_first_topic_of_each_table_stays(service):
    cells = talk(["utter_contact_zone"], ["utter_partnergeweld"], ["utter_fietsdiefstal"], ["utter_discriminatie"])
    assert cells["priority_week"] == "dienstverlening" and cells["topic"] == "contact_zone"
    assert cells["priority_month"] == "integriteit", "a victim who first asked for the opening hours is counted too"


def test_starting_again_is_no_second_contact(service):
    marker = {"priority_week": ["2026-W48", "verkeer"]}
    (event,) = counting.count_turn(["utter_opnieuw"], FakeTracker(marker), [{"event": "reset_slots"}])
    assert event["value"] == marker


def test_after_wiping_nothing_is_counted(service):
    tracker = FakeTracker(None, {counting.CLOSED: True})
    assert counting.count_turn(["utter_fietsdiefstal"], tracker, []) == []
    assert service.counts.exact("2026-W48", "priority_week") == {}


def test_counting_that_fails_is_a_log_line_without_content(service, monkeypatch, caplog):
    def fail(*_):
        raise RuntimeError("kanarie77")

    monkeypatch.setattr(counting, "count", fail)
    assert counting.count_turn(["utter_fietsdiefstal"], FakeTracker(), []) == []
    assert "RuntimeError" in caplog.text and "kanarie77" not in caplog.text


@pytest.mark.parametrize("marker", ["x", 5, ["a"], {"outcome": 5}, {"priority_week": ["x", "y"], "outcome": ["9", "answered"]}])
def test_a_forged_marker_breaks_nothing(service, marker):
    counting.count_turn(["utter_fietsdiefstal"], FakeTracker(marker), [])


def test_without_a_service_nothing_is_counted(monkeypatch):
    monkeypatch.setattr(counting, "_service", None)
    assert counting.count_turn(["utter_fietsdiefstal"], FakeTracker(), []) == []


async def test_an_emergency_is_counted_after_it_was_shown(service):
    events = await ActionCountContact().run(None, FakeTracker(intent="nood_inbraak"), {})
    assert events[0]["value"]["priority_week"] == ["2026-W48", "inbraak"]
    assert await ActionCountContact().run(None, FakeTracker(intent=None), {}) == []


def test_every_response_that_can_end_a_contact_is_in_the_data_files(service):
    from bot.responses import known_responses

    assert set(service.parameters.outcome_of["response"]) <= known_responses()
    assert service.parameters.unhappy <= known_responses()


def asks(topic, slot="veilig"):
    """Events of a turn that leaves an intake with a question open."""
    return [{"event": "slot", "name": "intake", "value": topic}, {"event": "slot", "name": "requested_slot", "value": slot}]


def marker_of(events):
    return next(event["value"] for event in reversed(events) if event.get("name") == counting.CONTACT)


def test_an_open_intake_counts_at_once_as_broken_off_and_its_route_as_referred(service):
    first = marker_of(counting.count_turn([], FakeTracker(), asks("partnergeweld")))
    assert {table: cell for table, (_, cell) in first.items()} == {
        "priority_month": "integriteit", "outcome": "broken_off", "daypart": "week_evening"}
    end = counting.count_turn(["utter_partnergeweld__route_partner_recent", "utter_nuttig_vraag"], FakeTracker(first), [])
    assert marker_of(end)["outcome"][1] == "referred" and marker_of(end)["referral"][1] == "lijn1712"
    assert service.counts.exact("2026-M11", "outcome") == {"broken_off": 0, "referred": 1}


def test_a_route_that_is_not_sensitive_counts_its_topic(service):
    marker = marker_of(counting.count_turn([], FakeTracker(), asks("rijbewijs", "document")))
    assert marker["topic"][1] == "rijbewijs" and marker["outcome"][1] == "broken_off"


def test_a_digression_that_was_answered_does_not_become_broken_off(service):
    marker = marker_of(counting.count_turn(["utter_fietsregels"], FakeTracker(), asks("discriminatie", "domein")))
    assert marker["outcome"][1] == "answered"


def test_an_intake_that_ended_asks_nothing(service):
    assert counting.asking([*asks("stalking"), {"event": "slot", "name": "requested_slot", "value": None}]) is None
