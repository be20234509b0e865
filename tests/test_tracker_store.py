"""Conversations live in RAM only, for their time to live, and can be forgotten at once."""

from rasa.core.tracker_store import TrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import (
    ActionExecuted,
    ActionExecutionRejected,
    ActiveLoop,
    BotUttered,
    ConversationPaused,
    Event,
    LoopInterrupted,
    SessionStarted,
    SlotSet,
    UserUttered,
)
from rasa.shared.core.trackers import DialogueStateTracker

from bot.tracker_store import MAX_EVENTS, ForgettingTrackerStore, _kinds


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
    await store.purge("someone")
    await store.purge("nobody")
    assert await store.retrieve("someone") is None and list(await store.keys()) == []


async def talk(store: ForgettingTrackerStore, turns: int) -> DialogueStateTracker:
    """Some turns of one conversation, each read and saved as Rasa does."""
    for number in range(turns):
        tracker = await store.get_or_create_tracker("someone")
        for event in (ActionExecuted("action_listen"), UserUttered(f"bericht {number}"), *[BotUttered("x")] * 6):
            tracker.update(event, store.domain)
        await store.save(tracker)
    return await store.retrieve("someone")


async def test_a_long_conversation_stays_bounded_and_keeps_whole_turns():
    store, _ = make()
    tracker = await talk(store, 40)
    assert len(tracker.events) <= MAX_EVENTS
    assert tracker.latest_message.text == "bericht 39"
    assert isinstance(tracker.events[0], ActionExecuted)


async def test_a_slot_and_a_form_outlive_the_events_that_began_them():
    store = ForgettingTrackerStore(Domain.from_dict({"slots": {"contact": {"type": "any", "mappings": [{"type": "custom"}]}},
                                                     "forms": {"a_form": {"required_slots": ["contact"]}}}))
    tracker = await store.get_or_create_tracker("someone")
    for event in (SlotSet("contact", {"topic": ["2026-M11", "fietsdiefstal"]}), ActiveLoop("a_form")):
        tracker.update(event, store.domain)
    await store.save(tracker)
    tracker = await talk(store, 100)
    assert tracker.get_slot("contact") == {"topic": ["2026-M11", "fietsdiefstal"]}
    assert tracker.copy().get_slot("contact") and tracker.copy().active_loop_name == "a_form", "Rasa sends a copy to the actions"


async def test_a_store_knows_that_something_was_forgotten():
    store, _ = make()
    await store.purge("nobody")
    assert not store.forgotten
    await keep(store, "kanarie")
    await store.purge("someone")
    assert store.forgotten


async def test_nothing_is_written_to_disk(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    store, _ = make()
    await keep(store, "kanarie")
    assert list(tmp_path.rglob("*")) == []


async def test_prolonging_gives_a_conversation_its_time_again():
    store, clock = make()
    await keep(store, "kanarie")
    clock.now = store.ttl - 1
    await store.prolong("someone")
    clock.now = store.ttl + 1
    assert (await store.retrieve("someone")).latest_message.text == "kanarie"
    clock.now = 2 * store.ttl + 1
    assert await store.retrieve("someone") is None


async def test_prolonging_what_is_over_or_unknown_brings_nothing_back():
    store, clock = make()
    await keep(store, "kanarie")
    clock.now = store.ttl + 1
    for sender in ("someone", "nobody"):
        await store.prolong(sender)
        assert await store.retrieve(sender) is None


async def test_a_conversation_is_read_back_as_rasa_reads_it():
    store, _ = make()
    tracker = await talk(store, 3)
    for event in (SlotSet("wie", {"a": [1]}), ActiveLoop("een"), LoopInterrupted(True), ActionExecutionRejected("een"),
                  SessionStarted(), BotUttered("dag", {"custom": {"kind": "answer"}}), ConversationPaused()):
        tracker.update(event)
    text = store.serialise_tracker(tracker)
    ours, theirs = store.deserialise_tracker("iemand", text), TrackerStore.deserialise_tracker(store, "iemand", text)
    assert list(ours.events) == list(theirs.events) == list(tracker.events)
    assert ours.current_state() == theirs.current_state() and ours.is_paused()


def test_every_kind_of_event_is_the_one_that_rasa_would_take():
    kinds = _kinds()
    assert len(kinds) > 20 and all(Event.resolve_by_type(name) is kind for name, kind in kinds.items())
