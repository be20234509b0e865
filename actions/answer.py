"""Answer a topic: the answer itself, a detail that was asked for, suggestions when unsure, the help card when heavy."""

from typing import Any, Optional

from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.safe import Events, never_raises
from bot import topics as topics_module
from bot.responses import known_responses

SURE, UNSURE = "sure", "unsure"
HELPFUL, SAFE = "helpful", "safe"
ANYTHING_ELSE = {"title": "Iets anders", "payload": "/niet_geholpen"}


class ActionAnswer(Action):
    """What every rule of data/stories/answers.yml runs."""

    def name(self) -> str:
        return "action_answer"

    @never_raises
    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> Events:
        """Follow-up first (it is short and only makes sense now), then certainty, then the answer."""
        message = tracker.latest_message
        topic = message["intent"]["name"]
        if follow_up(dispatcher, tracker):
            return [SlotSet("times_lost", 0)]
        detail = (message.get("choice") or {}).get("detail")
        if detail:
            return _detail(dispatcher, topic, detail)
        certainty = message.get("certainty") or {}
        if certainty.get("band") == UNSURE:
            return suggest(dispatcher, certainty)
        return answer(dispatcher, topic)


def answer(dispatcher: CollectingDispatcher, topic: str) -> Events:
    """The answer of a topic, followed by the question that fits it."""
    dispatcher.utter_message(response=f"utter_{topic}")
    safe = topics_module.load()[topic].safety_question
    dispatcher.utter_message(response="utter_veilig_vraag" if safe else "utter_nuttig_vraag")
    return [SlotSet("last_topic", topic), SlotSet("open_question", SAFE if safe else HELPFUL), SlotSet("times_lost", 0)]


def suggest(dispatcher: CollectingDispatcher, certainty: dict[str, Any]) -> Events:
    """At most three topics as buttons; never a sensitive one: then the neutral help card instead."""
    suggestions = certainty.get("suggestions") or []
    if certainty.get("sensitive") or not suggestions:
        dispatcher.utter_message(response="utter_hulpkaart")
        return [SlotSet("open_question", None)]
    topics = topics_module.load()
    buttons = [{"title": topics[topic].title, "payload": f"/{topic}"} for topic in suggestions]
    dispatcher.utter_message(response="utter_onzeker", buttons=[*buttons, ANYTHING_ELSE])
    return [SlotSet("open_question", None)]


def follow_up(dispatcher: CollectingDispatcher, tracker: Tracker) -> bool:
    """Answer a short follow-up question in the context of the last topic; False when it is not one."""
    asked: Optional[dict[str, Any]] = tracker.latest_message.get("follow_up")
    topic: Optional[str] = tracker.get_slot("last_topic")
    if not asked or not topic:
        return False
    best, confident = best_guess(tracker)
    if not asked["bare"] and confident and best != topic:
        return False  # "wat kost een alarm" names its own topic
    response = f"utter_{topic}__{asked['detail']}"
    if response in known_responses():
        dispatcher.utter_message(response=response)
        return True
    if asked["bare"] and not confident:
        dispatcher.utter_message(response="utter_vervolg_onbekend")
        return True
    return False


def best_guess(tracker: Tracker) -> tuple[Optional[str], bool]:
    """The likeliest topic of the message whatever was decided, and whether it is sure."""
    ranking = tracker.latest_message.get("intent_ranking") or []
    sure = (tracker.latest_message.get("certainty") or {}).get("band") == SURE
    return (ranking[0]["name"], sure) if ranking else (None, False)


def _detail(dispatcher: CollectingDispatcher, topic: str, detail: str) -> Events:
    response = f"utter_{topic}__{detail}"
    dispatcher.utter_message(response=response if response in known_responses() else "utter_vervolg_onbekend")
    return [SlotSet("last_topic", topic), SlotSet("open_question", None), SlotSet("times_lost", 0)]
