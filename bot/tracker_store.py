"""Conversations in RAM with a time to live: nothing is written to disk, everything can be forgotten at once."""

import time
from typing import Any, Callable, Iterable, Optional

from rasa.core.brokers.broker import EventBroker
from rasa.core.tracker_store import SerializedTrackerAsText, TrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.trackers import DialogueStateTracker

from bot.settings import load as load_settings

MAX_EVENTS = 60  # about six turns: every turn reads, sends and writes them all


class ForgettingTrackerStore(TrackerStore, SerializedTrackerAsText):
    """Keeps each conversation until `ttl` seconds after its last change, or until it is purged."""

    def __init__(self, domain: Domain, event_broker: Optional[EventBroker] = None,
                 clock: Callable[[], float] = time.monotonic, **kwargs: Any) -> None:
        kwargs.pop("host", None)
        super().__init__(domain, event_broker, **kwargs)
        self.ttl: float = load_settings().chat_ttl_minutes * 60
        self._clock = clock
        self._kept: dict[str, tuple[float, str]] = {}

    def init_tracker(self, sender_id: str) -> DialogueStateTracker:
        """A tracker that forgets its oldest events: what an action server is sent stays small."""
        return DialogueStateTracker(sender_id, self.domain.slots, max_event_history=MAX_EVENTS)

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Keep the conversation for another `ttl` seconds."""
        self._kept[tracker.sender_id] = (self._clock() + self.ttl, self.serialise_tracker(tracker))

    async def retrieve(self, sender_id: str) -> Optional[DialogueStateTracker]:
        """The conversation, or None when there is none or its time is over."""
        expires, text = self._kept.get(sender_id, (0.0, ""))
        if expires <= self._clock():
            self.purge(sender_id)
            return None
        return self.deserialise_tracker(sender_id, text)

    async def keys(self) -> Iterable[str]:
        """Ids of the conversations that are kept now."""
        self.sweep()
        return list(self._kept)

    def purge(self, sender_id: str) -> None:
        """Forget one conversation now; unknown ids are fine."""
        self._kept.pop(sender_id, None)

    def sweep(self) -> None:
        """Forget every conversation whose time is over."""
        now = self._clock()
        for sender_id in [id for id, (expires, _) in self._kept.items() if expires <= now]:
            self.purge(sender_id)

    def __len__(self) -> int:
        return len(self._kept)
