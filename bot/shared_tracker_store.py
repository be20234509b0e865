"""Rasa's conversations in a vault that several chat servers share."""

from typing import Any, Iterable, Optional

from rasa.core.brokers.broker import EventBroker
from rasa.shared.core.domain import Domain
from rasa.shared.core.trackers import DialogueStateTracker

from bot.settings import load as load_settings
from bot.tracker_store import ForgettingTrackerStore
from bot.vault import Vault

KIND = "tracker"


class SharedTrackerStore(ForgettingTrackerStore):
    """As ForgettingTrackerStore; Redis forgets by itself. Every method raises VaultError too."""

    def __init__(self, domain: Domain, event_broker: Optional[EventBroker] = None, vault: Optional[Vault] = None,
                 **kwargs: Any) -> None:
        super().__init__(domain, event_broker, **kwargs)
        self._vault = vault or Vault.of(load_settings())

    async def save(self, tracker: DialogueStateTracker) -> None:
        """As ForgettingTrackerStore.save."""
        await self._vault.put(KIND, tracker.sender_id, self.serialise_tracker(self._shortened(tracker)))
        self.forgotten = True  # when it is over is not told here: words may be swept at any time

    async def retrieve(self, sender_id: str) -> Optional[DialogueStateTracker]:
        """As ForgettingTrackerStore.retrieve."""
        text = await self._vault.get(KIND, sender_id)
        return None if text is None else self.deserialise_tracker(sender_id, text)

    async def prolong(self, sender_id: str) -> None:
        """As ForgettingTrackerStore.prolong."""
        await self._vault.prolong(KIND, sender_id)

    async def keys(self) -> Iterable[str]:
        """None: the ids stand nowhere but with the residents."""
        return []

    async def purge(self, sender_id: str) -> None:
        """As ForgettingTrackerStore.purge."""
        await self._vault.forget(KIND, sender_id)
