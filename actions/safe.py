"""Actions that never raise, and that are counted: an exception in an action would print the conversation in Rasa's log."""

import functools
import logging
from typing import Any, Awaitable, Callable

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.counting import Events, count_turn

logger = logging.getLogger(__name__)

Run = Callable[[Any, CollectingDispatcher, Tracker, dict[str, Any]], Awaitable[Events]]
APOLOGY = "utter_onbegrepen_mens"


def never_raises(run: Run) -> Run:
    """Log the kind of error without its text and point the resident to a human instead; count what was shown.

    An action may have `after_failure`: the events that leave the conversation in order then.
    """

    @functools.wraps(run)
    async def guarded(self: Action, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> Events:
        try:
            events = await run(self, dispatcher, tracker, domain)
        except Exception as error:
            logger.error("%s failed with %s", self.name(), type(error).__name__)
            dispatcher.messages.clear()
            dispatcher.utter_message(response=APOLOGY)
            events = list(getattr(self, "after_failure", []))
        return [*events, *count_turn([message["response"] for message in dispatcher.messages], tracker, events)]

    return guarded
