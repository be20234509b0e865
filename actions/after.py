"""What follows an answer that Rasa gives by itself, such as the emergency numbers: they never wait for this server."""

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.counting import Events, count_turn
from actions.intake import after_emergency
from actions.safe import logger


class ActionCountContact(Action):
    """Counts, and leaves an intake open behind the card for danger. Shows nothing."""

    def name(self) -> str:
        return "action_count_contact"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> Events:
        """Events that count the response of the intent, and that open the intake when none is open. Never raises."""
        intent = (tracker.latest_message.get("intent") or {}).get("name")
        counted = count_turn([f"utter_{intent}"], tracker, [])
        try:
            open_now = bool((tracker.active_loop or {}).get("name"))
            return [*counted, *(after_emergency(tracker.latest_message) if not open_now else [])]
        except Exception as error:
            logger.error("no intake after an emergency: %s", type(error).__name__)
            return counted
