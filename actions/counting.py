"""Counting a contact: what the assistant showed in this turn, as cells of the statistics. Labels only, never a word of text."""

import logging
from typing import Any, Iterable, Optional

from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from bot import topics as topics_module
from bot.responses import all_responses, topic_of
from bot.statistics.contact import OUTCOME, Marker, count
from bot.statistics.parameters import Parameters, daypart
from bot.statistics.release import Service

logger = logging.getLogger(__name__)

CONTACT = "contact"          # the slot that holds a marker; forgotten with the conversation
CLOSED = "contact_closed"    # in the metadata of a message: this session was wiped, it is not counted again
RESET = "reset_slots"        # Rasa's event of "start again"
_service: Optional[Service] = None

Events = list[dict[str, Any]]


def use(service: Optional[Service]) -> None:
    """Count with this service from now on; None counts nothing."""
    global _service
    _service = service


def count_turn(responses: Iterable[str], tracker: Tracker, events: Events) -> Events:
    """Events to add to a turn that showed these responses. Never raises: a conversation is worth more than a figure."""
    if _service is None:
        return []
    try:
        marker: Marker = tracker.get_slot(CONTACT) or {}
        after = marker if is_closed(tracker) else _count(_service, list(responses), marker)
    except Exception as error:
        logger.error("a contact was not counted: %s", type(error).__name__)
        return []
    forgotten = any(event.get("event") == RESET for event in events)
    return [SlotSet(CONTACT, after)] if after and (forgotten or after != marker) else []


def _count(service: Service, responses: list[str], marker: Marker) -> Marker:
    moment = service.clock()
    cells = wanted(responses, marker, service.parameters)
    if cells:
        cells["daypart"] = daypart(moment)
    changes, after = count(marker, cells, moment, service.parameters)
    if changes:
        service.add(changes)
    return after


def is_closed(tracker: Tracker) -> bool:
    """True when the resident wiped the conversation earlier in this session."""
    for event in reversed(tracker.events):
        if event.get("event") == "user":
            return bool((event.get("metadata") or {}).get(CLOSED))
    return False


def wanted(responses: list[str], marker: Marker, parameters: Parameters) -> dict[str, str]:
    """{table: cell} for the responses of one turn: first topic, first referral, how the contact went so far."""
    topics, cells = topics_module.load(), {}
    for response in responses:
        variation = (all_responses().get(response) or [{}])[0]
        custom = variation.get("custom") or {}
        topic = topics.by_id.get(topic_of(response))
        if topic is not None and topic.priority is not None:
            cells.setdefault("priority_month" if topic.sensitive else "priority_week", topic.priority.id)
            if not topic.sensitive:
                cells.setdefault("topic", topic.id)
        outcome = parameters.outcome_of["response"].get(response) or parameters.outcome_of["kind"].get(custom.get("kind", ""))
        if outcome is None and topic is not None and topic.counted:
            outcome = parameters.outcome_of["topic"].get(topic.kind)
        if outcome is not None:
            cells.setdefault(OUTCOME, _outcome(outcome, response, marker, parameters))
            for link in custom.get("links") or ():
                cells.setdefault("referral", link.partition(".")[0])
    return cells


def _outcome(new: str, response: str, marker: Marker, parameters: Parameters) -> str:
    before = marker[OUTCOME][1] if OUTCOME in marker else None
    stays = before in parameters.firm and new not in parameters.firm and response not in parameters.unhappy
    return before if before is not None and stays else new


class ActionCountContact(Action):
    """Runs after answers that Rasa gives by itself, such as the emergency numbers: they never wait for this server."""

    def name(self) -> str:
        return "action_count_contact"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> Events:
        """Shows nothing; counts the response of the intent."""
        intent = (tracker.latest_message.get("intent") or {}).get("name")
        return count_turn([f"utter_{intent}"], tracker, [])
