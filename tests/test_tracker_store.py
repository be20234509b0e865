"""Conversations live in RAM only, for their time to live, and can be forgotten at once."""

from rasa.shared.core.domain import Domain
from rasa.shared.core.events import UserUttered

from bot.tracker_store import MAX_EVENTS, ForgettingTrackerStore


class Clock:
    """Seconds that a test moves by hand."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


def make() -> tuple[ForgettingTrackerStore, Clock]:
    clock = Clock()
    return ForgettingTrackerStore(Domain.empty(), clock=clock), clock


async def keep(store: ForgettingTrackerStore, text: str) -> None:
    tracker = await store.get_or_create_tracker("someone")
    tracker.update(UserUttered(text))
    await store.save(tracker)


async def test_a_conversation_is_found_again():
    store, _ = make()
    await keep(store, "kanarie")
    assert (await store.retrieve("someone")).latest_message.text == "kanarie"


async def test_after_its_time_nothing_is_left_of_it():
    store, clock = make()
    await keep(store, "kanarie")
    clock.now = store.ttl + 1
    assert await store.retrieve("someone") is None
    assert "kanarie" not in repr(store.__dict__)


async def test_sweeping_forgets_what_nobody_asks_for():
    store, clock = make()
    await keep(store, "kanarie")
    clock.now = store.ttl + 1
    store.sweep()
    assert len(store) == 0 and "kanarie" not in repr(store.__dict__)


async def test_a_purge_empties_at_once_and_unknown_ids_are_fine():
    store, _ = make()
    await keep(store, "kanarie")
    store.purge("someone")
    store.purge("nobody")
    assert await store.retrieve("someone") is None and list(await store.keys()) == []


async def test_a_long_conversation_stays_bounded():
    store, _ = make()
    for number in range(MAX_EVENTS + 50):
        await keep(store, f"bericht {number}")
    assert len((await store.retrieve("someone")).events) <= MAX_EVENTS


async def test_nothing_is_written_to_disk(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    store, _ = make()
    await keep(store, "kanarie")
    assert list(tmp_path.rglob("*")) == []
