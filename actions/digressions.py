"""What is not an answer in the middle of an intake: leaving, another intake, a question about something else."""

from typing import Any, Mapping, Optional

from rasa_sdk import Tracker
from rasa_sdk.events import AllSlotsReset
from rasa_sdk.executor import CollectingDispatcher

from actions import sideways
from actions.answer import FORM, detail_response
from actions.replies import ASIDE, BACK, corrects, found, is_sure, question
from actions.safe import Events
from bot import routes
from bot import topics as topics_module
from bot.details import ANSWER
from bot.responses import known_responses

MANY = "vraag_form"  # the form of every guided topic that is not an intake of its own
STOP, STOPPED = "stop", "utter_gestopt"
AGAIN, GOODBYE, MENU, LANGUAGE = "opnieuw", "afscheid", "hulp_menu", "andere_taal"
DIALOGUE = ASIDE | {"groet", "bedankt"}
STANDS_FOR = {"niet_geholpen": "utter_mens_spreken"}
DUTCH = "nl"
AFTER = "utter_na_de_weg_"
ABOUT_SERVICES = ("kost", "anoniem", "schuld", "slapen", "papieren", "bellen", "graag")


def form_of(topic: str) -> str:
    """The form that guides a topic."""
    return topic + FORM if topics_module.load()[topic].kind == topics_module.INTAKE else MANY


def leave(dispatcher: CollectingDispatcher, message: Mapping[str, Any]) -> Optional[Events]:
    """Start again, goodbye or "laat maar": the intake ends; None when the resident stays."""
    intent = message["intent"]["name"]
    word = next((item["value"] for item in message.get("entities") or () if item["entity"] == ANSWER), None)
    if word == STOP:
        dispatcher.utter_message(response=STOPPED)
        return []
    if intent not in (AGAIN, GOODBYE) or word == BACK or found(message) or not is_decided(message):
        return None
    dispatcher.utter_message(response=f"utter_{intent}")
    return [AllSlotsReset()] if intent == AGAIN else []


def is_decided(message: Mapping[str, Any]) -> bool:
    """True for a button, and for a text whose topic is sure."""
    return message.get("choice") is not None or is_sure(message)


def other_intake(message: Mapping[str, Any], topic: str) -> Optional[str]:
    """The form of another guided topic that the resident picked, or turned to with "no, actually"."""
    intent, choice = message["intent"]["name"], message.get("choice")
    if intent == topic or intent not in routes.load() or (choice or {}).get("detail"):
        return None
    turns = corrects(message) or intent == sideways.by_details(message)
    return form_of(intent) if choice is not None or (is_sure(message) and turns) else None


def unrelated(message: Mapping[str, Any]) -> Optional[str]:
    """The topic of a sure message about something that is not sensitive."""
    topic = topics_module.load().by_id.get(message["intent"]["name"])
    is_other = topic is not None and topic.counted and not topic.sensitive and topic.kind != topics_module.EMERGENCY
    return topic.id if topic is not None and is_other and is_decided(message) else None


def answer(dispatcher: CollectingDispatcher, tracker: Tracker, topic: str) -> bool:
    """Answer something else than the question; False when nothing was understood."""
    response = _response(tracker.latest_message, topic)
    if response is None:
        return False
    dispatcher.utter_message(response=response)
    return True


def about_services(message: Mapping[str, Any], topic: str) -> Optional[str]:
    """The response to a question about what the services cost or who comes to know; None when it is not one."""
    asked = question(message)
    if asked not in ABOUT_SERVICES:
        return None
    return detail_response(topic, asked) or (f"{AFTER}{asked}" if topics_module.load()[topic].sensitive else None)


def _response(message: Mapping[str, Any], topic: str) -> Optional[str]:
    """The response to a digression, if there is one."""
    intent, choice = message["intent"]["name"], message.get("choice") or {}
    asked = choice.get("detail") or (message.get("follow_up") or {}).get("detail")
    about = detail_response(intent if "detail" in choice else topic, asked) if asked else about_services(message, topic)
    if about is not None:
        return about
    if not is_decided(message):
        return None
    if intent == LANGUAGE:
        card = f"utter_taal_{choice.get('language') or message.get('language') or DUTCH}"
        return card if card in known_responses() else "utter_andere_taal"
    if intent == MENU and choice.get("menu"):
        return f"utter_menu_{choice['menu']}"
    if intent in STANDS_FOR:
        return STANDS_FOR[intent]
    known = topics_module.load().by_id.get(intent)
    is_topic = known is not None and known.counted and known.kind != topics_module.EMERGENCY
    return f"utter_{intent}" if intent in DIALOGUE or is_topic else None
