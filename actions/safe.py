"""Actions that never raise: an exception in an action would print the whole conversation in Rasa's log."""

import functools
import logging
from typing import Any, Awaitable, Callable

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

logger = logging.getLogger(__name__)

Events = list[dict[str, Any]]
Run = Callable[[Any, CollectingDispatcher, Tracker, dict[str, Any]], Awaitable[Events]]
APOLOGY = "utter_onbegrepen_mens"


def never_raises(run: Run) -> Run:
    """Log the kind of error without its text, and point the resident to a human instead."""

    @functools.wraps(run)
    async def guarded(self: Action, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> Events:
        try:
            return await run(self, dispatcher, tracker, domain)
        except Exception as error:
            logger.error("%s failed with %s", self.name(), type(error).__name__)
            dispatcher.messages.clear()
            dispatcher.utter_message(response=APOLOGY)
            return []

    return guarded
