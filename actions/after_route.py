"""After the route: a detail that was added may lead elsewhere; a question about the services is answered from the route itself.

What was answered is read back from the conversation's own events, which are in memory as long as the conversation is: the slots
of the intake stay empty.
"""

from typing import Any, Mapping, Optional

from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.answer import HELPFUL, detail_response
from actions.digressions import AFTER
from actions.intake import answered, details
from actions.replies import question
from actions.route import ActionRoute
from actions.safe import Events, never_raises
from bot import routes
from bot import topics as topics_module
from bot.responses import known_responses
from bot.routes import compose
from bot.routes.tables import SAFE, Row, handed_over

ROUTE, AGAIN = ActionRoute().name(), "action_after_route"
NO = "nee"
BUTTON, BUTTON_TOPICS = "knop", frozenset({"stalking", "partnergeweld"})


class ActionAfterRoute(Action):
    """Runs when bot/components/after_route.py finds that a message belongs to the route."""

    def name(self) -> str:
        return AGAIN

    @never_raises
    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> Events:
        """Answer the question, else show the route anew when it has changed."""
        message, topic = tracker.latest_message, tracker.get_slot("last_topic")
        before = told(tracker)
        after = {**before, **answered(message)}
        if after.get(SAFE) == NO and before.get(SAFE) != NO:
            dispatcher.utter_message(response="utter_nood_geweld")
            return []
        decides = handed_over(topic, after)
        old, new = names(topic, before), names(decides, after)
        changed = new if new != old else []
        asked = question(message) or (message.get("follow_up") or {}).get("detail")
        response = _answer(topic, asked, after) if asked is not None else None
        if not changed and response is None:
            dispatcher.utter_message(response=f"{AFTER}zelfde")
        for name in [f"{AFTER}anders", *changed] if changed else []:
            dispatcher.utter_message(response=name)
        if response is not None and response not in changed:
            dispatcher.utter_message(response=response)
        return [SlotSet("last_topic", decides), SlotSet("open_question", HELPFUL), SlotSet("times_lost", 0)]


def names(topic: str, answers: Mapping[str, str]) -> list[str]:
    """The responses of the route of these answers."""
    return compose.names(topic, routes.load()[topic].row(answers), answers.get("centrum"))


def told(tracker: Tracker) -> dict[str, str]:
    """{slot: value} as they were when the route was shown, with what was added since; read from the events."""
    answers: dict[str, str] = {}
    slots, shown = details(), False
    for event in tracker.events[: _last_message(tracker)]:
        kind = event.get("event")
        if kind == "action" and event.get("name") == ROUTE:
            shown = True
        elif kind == "slot" and event["name"] in slots and not shown:
            answers[event["name"]] = event["value"]
        elif kind == "active_loop" and event.get("name") and shown:
            answers, shown = {}, False  # a later intake: nothing of the one before
        elif kind == "user" and shown:
            answers.update(answered(event["parse_data"]))
    return {slot: value for slot, value in answers.items() if value}


def _last_message(tracker: Tracker) -> int:
    return max((number for number, event in enumerate(tracker.events) if event.get("event") == "user"), default=0)


def _answer(topic: str, asked: str, answers: Mapping[str, str]) -> Optional[str]:
    """The response to a question: what is written for the topic, else a part of the route, else what holds for every route."""
    row: Row = routes.load()[topic].row(answers)
    shown = names(topic, answers)
    own = detail_response(topic, asked)
    if own is not None:
        return own
    police = next((name for name in shown if name.endswith(compose.POLICE)), None)
    keep = compose.kept_name(topic, row)
    parts = {
        "bewaren": keep, "meebrengen": keep, "gewassen": keep, "klacht": police,
        "daarna": police, "deuren": shown[0], "waar": shown[0],
        BUTTON: police if topic in BUTTON_TOPICS else None,
    }
    response = parts.get(asked)
    if response is None and topics_module.load()[topic].sensitive:
        response = f"{AFTER}{asked}"
    return response if response in known_responses() else None
