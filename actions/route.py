"""The end of an intake: the route of its answers, and nothing of the answers kept."""

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.answer import HELPFUL
from actions.intake import TOPIC, details, forget
from actions.safe import Events, never_raises
from bot import routes
from bot.responses import known_responses
from bot.routes import compose

HOUSE = "utter_veilig_huis_"
HOUSE_TOPICS = ("partnergeweld", "familiegeweld", "kindermishandeling")


class ActionRoute(Action):
    """Runs when a form ends. An intake that was left shows nothing here."""

    after_failure = forget()

    def name(self) -> str:
        return "action_route"

    @never_raises
    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> Events:
        """Show the row's messages and the closing question."""
        topic = tracker.get_slot(TOPIC)
        if not topic:
            return forget()
        answers = {slot: tracker.get_slot(slot) for slot in details() if tracker.get_slot(slot)}
        row = routes.load()[topic].row(answers)
        for name in compose.names(topic, row, answers.get("centrum")):
            dispatcher.utter_message(response=name)
        house = f"{HOUSE}{answers.get('veilig_huis')}"
        if topic in HOUSE_TOPICS and house in known_responses():
            dispatcher.utter_message(response=house)
        dispatcher.utter_message(response="utter_nuttig_vraag")
        gone = [event for event in forget() if tracker.get_slot(event["name"]) is not None]
        return [*gone, SlotSet("last_topic", topic), SlotSet("open_question", HELPFUL), SlotSet("times_lost", 0)]
