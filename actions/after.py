"""What follows an answer that Rasa gives by itself, such as the emergency numbers: they never wait for this server."""

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.counting import Events, count_turn
from actions.intake import after_emergency
from actions.safe import logger
from bot.responses import known_responses


class ActionCountContact(Action):
    """Counts, and leaves an intake open behind the card for danger. Shows the card of a language in which danger was told."""

    def name(self) -> str:
        return "action_count_contact"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> Events:
        """Events that count the response of the intent, and that open the intake when none is open. Never raises."""
        intent = (tracker.latest_message.get("intent") or {}).get("name")
        counted = count_turn([f"utter_{intent}"], tracker, [])
        card = f"utter_taal_{tracker.latest_message.get('language')}"
        if card in known_responses():  # the numbers were shown in Dutch
            dispatcher.utter_message(response=card)
        try:
            open_now = bool((tracker.active_loop or {}).get("name"))
            return [*counted, *(after_emergency(tracker.latest_message) if not open_now else [])]
        except Exception as error:
            logger.error("no intake after an emergency: %s", type(error).__name__)
            return counted
