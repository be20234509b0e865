"""Every answer is there, readable and leads somewhere: the holes that `rasa data validate` leaves open."""

import re

import pytest
import yaml

from actions.intake import NEAR, details
from bot import facts as facts_package
from bot import routes
from bot import topics as topics_module
from bot.details import ANSWER, QUESTION
from bot.nlg import KINDS, message
from bot.payloads import parse_data
from bot.responses import all_responses
from bot.routes.compose import MARK
from bot.routes.tables import UNKNOWN, slots
from bot.settings import ROOT

TOPICS = topics_module.load()
ON = "verder"  # a button of the question after "I am not safe"
BY_POLICY = "action_after_route"  # bot/components/after_route.py predicts it, no rule
RESPONSES = all_responses()
ROUTES = {name for name in RESPONSES if MARK in name}  # made of the tables, with tests of their own in tests/routes
ANSWERS = [topic for topic in TOPICS.by_id.values() if topic.counted]
SHEET = "voorbereiden"  # a checklist to print, longer than a detail
DETAILS = {SHEET, "weghalen", "gewassen", "duur", "kost", "meebrengen", "waar", "zaak", "ander", "anoniem", "daarna"}
MAX_WORDS, MAX_DETAIL_WORDS, MAX_SHEET_WORDS, MAX_CHOICES = 95, 65, 160, 4  # "about 90" and "about 60"; a fact counts as one word
ONLINE_REPORT = "police_on_web"
NEVER_ONLINE = (
    "partnergeweld", "familiegeweld", "kindermishandeling", "ouderenmisbehandeling", "geweld_getuige", "seksueel_geweld",
    "seksuele_intimidatie", "intieme_beelden", "grooming", "stalking", "eergerelateerd_geweld", "mensenhandel",
    "slagen_verwondingen", "bedreiging", "haatmisdrijf", "haatspraak_online", "discriminatie",
)


@pytest.fixture(scope="module")
def facts(settings):
    return facts_package.load(settings.facts_dir)


def shown(name, facts):
    return message(name, RESPONSES[name][0], facts, TOPICS)


@pytest.mark.parametrize("topic", TOPICS.by_id)
def test_every_topic_has_an_answer(topic):
    assert f"utter_{topic}" in RESPONSES


@pytest.mark.parametrize("name", RESPONSES)
def test_a_response_can_be_shown(name, facts):
    finished = shown(name, facts)
    assert finished["text"] and finished["kind"] in KINDS
    assert not re.search(r"[{}]|\bNone\b", finished["text"])
    assert not list(facts.violations(finished["text"]))


@pytest.mark.parametrize("name", RESPONSES)
def test_buttons_lead_somewhere(name, facts):
    for button in shown(name, facts)["buttons"]:
        parsed = parse_data(button["payload"])
        assert parsed["intent"]["name"] in TOPICS.by_id, button
        choice = parsed["choice"]
        if "slot" in choice:
            assert choice["slot"] == ON or choice["value"] in {*slots()[choice["slot"]], UNKNOWN}, button
        if "detail" in choice:
            assert f"utter_{parsed['intent']['name']}__{choice['detail']}" in RESPONSES, button
        if "menu" in choice:
            assert choice["menu"] in TOPICS.priorities
        if "language" in choice:
            assert f"utter_taal_{choice['language']}" in RESPONSES


@pytest.mark.parametrize("name", [name for name in RESPONSES if "__" in name and name not in ROUTES])
def test_details_belong_to_a_topic(name):
    topic, detail = name.removeprefix("utter_").split("__")
    assert topic in TOPICS.by_id and detail in DETAILS


@pytest.mark.parametrize("topic", ANSWERS, ids=lambda topic: topic.id)
def test_an_answer_is_short_and_offers_little_at_once(topic, facts):
    finished = shown(f"utter_{topic.id}", facts)
    assert len(RESPONSES[f"utter_{topic.id}"][0]["text"].split()) <= MAX_WORDS
    assert len(finished["buttons"]) + len(finished["links"]) <= MAX_CHOICES


@pytest.mark.parametrize("name", [name for name in RESPONSES if "__" in name and name not in ROUTES])
def test_a_detail_is_shorter_still(name):
    assert len(RESPONSES[name][0]["text"].split()) <= (MAX_SHEET_WORDS if name.endswith(SHEET) else MAX_DETAIL_WORDS)


@pytest.mark.parametrize("topic", ("discriminatie", "haatmisdrijf", "stalking", "cyber_aangifte", "aankoopfraude"))
def test_a_preparation_sheet_is_a_list_to_print(topic, facts):
    finished = shown(f"utter_{topic}__{SHEET}", facts)
    assert finished["text"].count("\n- ") >= 5
    assert "chat" in finished["text"], "it says that nothing needs to be typed here"


@pytest.mark.parametrize("topic", [topic for topic in ANSWERS if topic.kind == "emergency"], ids=lambda topic: topic.id)
def test_an_emergency_shows_a_number_first(topic, facts):
    finished = shown(f"utter_{topic.id}", facts)
    assert finished["kind"] == "emergency"
    assert re.search(r"\b(101|112|1813)\b", finished["text"].split(".")[0])
    assert finished["links"][0]["url"].startswith("tel:")


@pytest.mark.parametrize("topic", [topic for topic in ANSWERS if topic.safety_question], ids=lambda topic: topic.id)
def test_a_violence_topic_starts_with_the_emergency_number(topic, facts):
    assert re.search(r"\b(101|112)\b", shown(f"utter_{topic.id}", facts)["text"].split("\n")[0])


@pytest.mark.parametrize("topic", NEVER_ONLINE)
def test_violence_is_never_referred_to_an_online_report(topic, facts):
    for name in (name for name in RESPONSES if name.split("__")[0] == f"utter_{topic}"):
        finished = shown(name, facts)
        assert ONLINE_REPORT not in str([link["url"] for link in finished["links"]]).replace("-", "_")
        said = re.search(r"[^.]*Police-on-web[^.]*", finished["text"])
        assert not said or re.search(r"\b(niet|geen)\b", said.group())


@pytest.mark.parametrize("topic", [topic for topic in ANSWERS if topic.sensitive], ids=lambda topic: topic.id)
def test_a_sensitive_topic_is_never_named_in_a_message(topic, facts):
    assert shown(f"utter_{topic.id}", facts)["topic"] is None


def test_ordinary_topics_are_named(facts):
    assert shown("utter_fietsdiefstal", facts)["topic"] == "fietsdiefstal"


def test_every_action_and_response_of_a_rule_exists():
    domain = yaml.safe_load((ROOT / "domain.yml").read_text(encoding="utf-8"))
    used = {BY_POLICY}
    for path in (ROOT / "data" / "stories").glob("*.yml"):
        for rule in yaml.safe_load(path.read_text(encoding="utf-8"))["rules"]:
            used |= {step["action"] for step in rule["steps"] if "action" in step}
    forms = set(domain["forms"])
    assert used - set(RESPONSES) - forms == {action for action in domain["actions"] if not action.startswith("validate_")}
    assert forms <= used and {f"validate_{form}" for form in forms} <= set(domain["actions"])


def test_every_intent_has_a_rule():
    ruled = []
    for path in (ROOT / "data" / "stories").glob("*.yml"):
        for rule in yaml.safe_load(path.read_text(encoding="utf-8"))["rules"]:
            for step in rule["steps"]:
                ruled += [item["intent"] for item in step.get("or", [step]) if "intent" in item]
    assert sorted(ruled) == sorted([*TOPICS.by_id, "nlu_fallback"])


def test_guided_topics_start_a_form_and_the_others_answer():
    answers = yaml.safe_load((ROOT / "data" / "stories" / "answers.yml").read_text(encoding="utf-8"))["rules"]
    plain = {item["intent"] for rule in answers for item in rule["steps"][0].get("or", [rule["steps"][0]])}
    assert plain == {topic.id for topic in ANSWERS if topic.kind != "emergency"} - set(routes.load())


def test_every_question_of_a_table_has_words_and_a_way_to_skip(facts):
    for topic, table in routes.load().items():
        form = f"{topic}_form" if TOPICS[topic].kind == "intake" else "vraag_form"
        for slot in table.slots[: len(table.ask) + table.safety]:
            name = f"utter_ask_{form}_{slot}" if f"utter_ask_{form}_{slot}" in RESPONSES else f"utter_ask_{slot}"
            payloads = [button["payload"] for button in shown(name, facts)["buttons"]]
            assert f"/bevestig__{slot}.{UNKNOWN}" in payloads and len(payloads) >= 3


def test_the_domain_knows_every_slot_and_entity_of_an_intake():
    domain = yaml.safe_load((ROOT / "domain.yml").read_text(encoding="utf-8"))
    assert set(details()) <= set(domain["slots"])
    assert set(domain["entities"]) == {*slots(), *NEAR, ANSWER, QUESTION}
