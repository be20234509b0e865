"""Answer a topic: the answer itself, a detail that was asked for, suggestions when unsure, the help card when heavy."""

from typing import Any, Mapping, Optional

from rasa_sdk import Action, Tracker
from rasa_sdk.events import FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions import sideways
from actions.safe import Events, never_raises
from bot import topics as topics_module
from bot.responses import known_responses

FORM = "_form"  # <topic>_form: the form of an intake
SURE, UNSURE = "sure", "unsure"
HELPFUL, SAFE = "helpful", "safe"
SHEET, SHEETS = "voorbereiden", {"cybercrime": "cyber_aangifte"}  # the detail, and whose sheet serves a whole priority
WISHES = {"mens_spreken": "Met een mens praten", "privacy": "Wat er met dit gesprek gebeurt"}  # dialogue that has no title
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
            return detail_answer(dispatcher, topic, detail)
        hurt = sideways.by_details(message) if not topics_module.load()[topic].sensitive else None
        if hurt is not None and hurt != sideways.DISCRIMINATION:  # a bank card in a story about being hit is not what it is about
            return [FollowupAction(f"{hurt}{FORM}")]
        certainty = message.get("certainty") or {}
        if certainty.get("band") == UNSURE:
            return suggest(dispatcher, certainty)
        if sheet(dispatcher, message, topic):
            return [SlotSet("last_topic", topic), SlotSet("times_lost", 0)]
        return answer(dispatcher, topic, message.get("also"))


def answer(dispatcher: CollectingDispatcher, topic: str, also: Optional[str] = None) -> Events:
    """The answer of a topic, followed by what else was asked (`also`) and the question that fits it."""
    dispatcher.utter_message(response=f"utter_{topic}")
    if also:
        offer(dispatcher, also)
    safe = topics_module.load()[topic].safety_question
    dispatcher.utter_message(response="utter_veilig_vraag" if safe else "utter_nuttig_vraag")
    return [SlotSet("last_topic", topic), SlotSet("open_question", SAFE if safe else HELPFUL), SlotSet("times_lost", 0)]


def offer(dispatcher: CollectingDispatcher, topic: str) -> None:
    """A second question of the same message as a button; a sensitive topic is not named, it is only invited."""
    known = topics_module.load()[topic]
    if known.sensitive:
        dispatcher.utter_message(response="utter_ook_nog")
    else:
        title = known.title or WISHES[topic]
        dispatcher.utter_message(response="utter_ook", buttons=[{"title": title, "payload": f"/{topic}"}])


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
    response = detail_response(topic, asked["detail"])
    if response is not None:
        dispatcher.utter_message(response=response)
        return True
    if asked["bare"] and not confident:
        dispatcher.utter_message(response="utter_vervolg_onbekend")
        return True
    return False


def detail_response(topic: str, detail: str) -> Optional[str]:
    """The response for a detail of a topic, if there is one; a preparation sheet may be that of its whole priority."""
    priority = topics_module.load()[topic].priority
    shared = SHEETS.get(priority.id if priority else "") if detail == SHEET else None
    names = [f"utter_{topic}__{detail}", *([f"utter_{shared}__{detail}"] if shared else [])]
    return next((name for name in names if name in known_responses()), None)


def sheet(dispatcher: CollectingDispatcher, message: Mapping[str, Any], topic: str) -> bool:
    """Show the preparation sheet when the message names a topic and asks for it in one go."""
    wanted = (message.get("follow_up") or {}).get("detail") == SHEET
    response = detail_response(topic, SHEET) if wanted else None
    if response is None:
        return False
    dispatcher.utter_message(response=response)
    return True


def best_guess(tracker: Tracker) -> tuple[Optional[str], bool]:
    """The likeliest topic of the message whatever was decided, and whether it is sure."""
    ranking = tracker.latest_message.get("intent_ranking") or []
    sure = (tracker.latest_message.get("certainty") or {}).get("band") == SURE
    return (ranking[0]["name"], sure) if ranking else (None, False)


def detail_answer(dispatcher: CollectingDispatcher, topic: str, detail: str) -> Events:
    """The detail of a topic that a button asked for."""
    dispatcher.utter_message(response=detail_response(topic, detail) or "utter_vervolg_onbekend")
    return [SlotSet("last_topic", topic), SlotSet("open_question", None), SlotSet("times_lost", 0)]
