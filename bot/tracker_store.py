"""Conversations in RAM with a time to live: nothing is written to disk, everything can be forgotten at once."""

import functools
import json
import time
from typing import Any, Callable, Iterable, Mapping, Optional, Type

from rasa.core.brokers.broker import EventBroker
from rasa.core.tracker_store import SerializedTrackerAsText, TrackerStore
from rasa.shared.core.constants import ACTION_LISTEN_NAME
from rasa.shared.core.conversation import Dialogue
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, ActiveLoop, Event, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.utils.common import all_subclasses

from bot.settings import load as load_settings

MAX_EVENTS, KEPT_EVENTS = 120, 80  # an intake with what is added after its route; every turn reads, sends and writes them all


class ForgettingTrackerStore(TrackerStore, SerializedTrackerAsText):
    """Keeps each conversation until `ttl` seconds after its last change, or until it is purged.

    `forgotten` turns true when one is: what else remembers words may then be swept (bot.dutch.forget).
    """

    forgotten = False

    def __init__(self, domain: Domain, event_broker: Optional[EventBroker] = None,
                 clock: Callable[[], float] = time.monotonic, **kwargs: Any) -> None:
        kwargs.pop("host", None)
        super().__init__(domain, event_broker, **kwargs)
        self.ttl: float = load_settings().chat_ttl_minutes * 60
        self._clock = clock
        self._kept: dict[str, tuple[float, str]] = {}

    def init_tracker(self, sender_id: str) -> DialogueStateTracker:
        """A tracker that keeps all its events: the oldest are let go when it is saved."""
        return DialogueStateTracker(sender_id, self.domain.slots)

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Keep the conversation for another `ttl` seconds."""
        self._kept[tracker.sender_id] = (self._clock() + self.ttl, self.serialise_tracker(self._shortened(tracker)))

    def _shortened(self, tracker: DialogueStateTracker) -> DialogueStateTracker:
        """The last turns of a long conversation, after what they rest on: slots and the active form.

        Rasa's own limit on events forgets a slot together with the event that set it.
        """
        events = list(tracker.events)
        starts = [number for number, event in enumerate(events[:-1]) if isinstance(event, ActionExecuted)
                  and event.action_name == ACTION_LISTEN_NAME and isinstance(events[number + 1], UserUttered)]
        starts = [number for number in starts if number >= len(events) - KEPT_EVENTS] or starts[-1:]
        if len(events) <= MAX_EVENTS or not starts:
            return tracker
        short = self.init_tracker(tracker.sender_id)
        slots = [SlotSet(slot.name, slot.value) for slot in tracker.slots.values() if slot.value != slot.initial_value]
        loop = [ActiveLoop(tracker.active_loop_name)] if tracker.active_loop_name else []
        for event in [*slots, *loop, *events[starts[0]:]]:
            short.update(event, self.domain)
        return short

    async def retrieve(self, sender_id: str) -> Optional[DialogueStateTracker]:
        """The conversation, or None when there is none or its time is over."""
        expires, text = self._kept.get(sender_id, (0.0, ""))
        if expires <= self._clock():
            self._drop(sender_id)
            return None
        return self.deserialise_tracker(sender_id, text)

    def deserialise_tracker(self, sender_id: str, serialised_tracker: str) -> DialogueStateTracker:
        """As Rasa's, which looks at all kinds of events again for each event."""
        tracker = self.init_tracker(sender_id)
        kept = json.loads(serialised_tracker)
        tracker.recreate_from_dialogue(Dialogue(kept["name"], [_kinds()[event["event"]]._from_parameters(event)
                                                               for event in kept["events"]]))
        return tracker

    async def prolong(self, sender_id: str) -> None:
        """Keep a conversation for another `ttl` seconds; unknown ids and those whose time is over are fine."""
        expires, text = self._kept.get(sender_id, (0.0, ""))
        if expires > self._clock():
            self._kept[sender_id] = (self._clock() + self.ttl, text)

    async def keys(self) -> Iterable[str]:
        """Ids of the conversations that are kept now."""
        self.sweep()
        return list(self._kept)

    async def purge(self, sender_id: str) -> None:
        """Forget one conversation now; unknown ids are fine."""
        self._drop(sender_id)

    def sweep(self) -> None:
        """Forget every conversation whose time is over."""
        now = self._clock()
        for sender_id in [id for id, (expires, _) in self._kept.items() if expires <= now]:
            self._drop(sender_id)

    def __len__(self) -> int:
        return len(self._kept)

    def _drop(self, sender_id: str) -> None:
        self.forgotten |= self._kept.pop(sender_id, None) is not None


@functools.lru_cache(maxsize=1)
def _kinds() -> Mapping[str, Type[Event]]:
    """{name: class} of all events, of two of one name the first, as Rasa takes them."""
    return {kind.type_name: kind for kind in reversed(all_subclasses(Event))}
