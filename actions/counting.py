"""Counting a contact: what the assistant showed in this turn, as cells of the statistics. Labels only, never a word of text."""

import logging
from typing import Any, Iterable, Optional

from rasa_sdk import Tracker
from rasa_sdk.events import SlotSet

from bot import topics as topics_module
from bot.responses import all_responses, topic_of
from bot.statistics.contact import OUTCOME, Marker, count
from bot.statistics.parameters import Parameters, daypart
from bot.statistics.release import Service
from bot.topics import Topic

logger = logging.getLogger(__name__)

CONTACT = "contact"          # the slot that holds a marker; forgotten with the conversation
CLOSED = "contact_closed"    # in the metadata of a message: this session was wiped, it is not counted again
RESET = "reset_slots"        # Rasa's event of "start again"
INTAKE, REQUESTED = "intake", "requested_slot"  # slots: the topic of an intake, and what it asks for
QUESTION = "question"        # the kind of message of an open intake
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
        after = marker if is_closed(tracker) else _count(_service, list(responses), marker, asking(events))
    except Exception as error:
        logger.error("a contact was not counted: %s", type(error).__name__)
        return []
    forgotten = any(event.get("event") == RESET for event in events)
    return [SlotSet(CONTACT, after)] if after and (forgotten or after != marker) else []


def asking(events: Events) -> Optional[str]:
    """The topic of the intake that these events leave with a question open."""
    slots = {event["name"]: event["value"] for event in events if event.get("event") == "slot"}
    return slots.get(INTAKE) if slots.get(REQUESTED) else None


def _count(service: Service, responses: list[str], marker: Marker, asked: Optional[str]) -> Marker:
    moment = service.clock()
    cells = wanted(responses, marker, service.parameters)
    if asked is not None:
        for table, cell in in_an_intake(asked, marker, service.parameters).items():
            cells.setdefault(table, cell)
    if cells:
        cells["daypart"] = daypart(moment)
    changes, after = count(marker, cells, moment, service.parameters)
    if changes:
        service.add(changes)
    return after


def in_an_intake(topic: str, marker: Marker, parameters: Parameters) -> dict[str, str]:
    """{table: cell} of an intake that asks: it counts for its topic at once, and as broken off until it ends."""
    outcome = parameters.outcome_of["kind"][QUESTION]
    return {**_topic_cells(topics_module.load()[topic]), OUTCOME: _outcome(outcome, "", marker, parameters)}


def _topic_cells(topic: Topic) -> dict[str, str]:
    if topic.priority is None:
        return {}
    if topic.sensitive:
        return {"priority_month": topic.priority.id}
    return {"priority_week": topic.priority.id, "topic": topic.id}


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
        for table, cell in (_topic_cells(topic) if topic is not None else {}).items():
            cells.setdefault(table, cell)
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
