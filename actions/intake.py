"""One turn of an intake: what the resident said as answers, digressions answered, the next question or the end.

A form of Rasa holds the conversation; the table of data/facts/routes decides what is asked. Each intake has a module of its own
that names its form. The question itself is asked by Rasa (`utter_ask_<slot>`), the route by `action_route`.
"""

from abc import abstractmethod
from typing import Any, Mapping, Optional

from rasa_sdk import Action, Tracker
from rasa_sdk.events import ActiveLoop, FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions import digressions, replies, sideways
from actions.answer import UNSURE, answer, detail_answer, follow_up, sheet, suggest
from actions.replies import corrects
from actions.safe import Events, never_raises
from bot import routes
from bot.routes.tables import SAFE, UNKNOWN, Table, handed_over

TOPIC = "intake"            # the topic whose table decides now
PATH = "intake_gevraagd"    # the slots that were asked for, in order
MISSES = "intake_gemist"    # how often in a row an answer was not understood
HINTED = "intake_hint"      # the device hint was given
VIOLENCE = "nood_geweld"
ON = "verder"               # after "I am not safe": wants to go on all the same
REQUESTED = "requested_slot"
NO = "nee"
MAX_MISSES = 2
NEAR = ("centrum", "veilig_huis")  # what a place says beside the region
LISTEN = "action_listen"
PASSES = ("seksueel",)  # not asked twice
STAYS = (SAFE, ON, "wanneer", "leeftijd", "regio", *NEAR)  # as true in another intake
END = [SlotSet(REQUESTED, None)]


def details() -> list[str]:
    """Every slot that an intake may fill."""
    return [*routes.tables.slots(), *NEAR, ON]


def answered(message: Mapping[str, Any]) -> dict[str, str]:
    """{slot: value} of what a message says by itself that an intake may fill."""
    slots = details()
    return {slot: value for slot, value in replies.found(message).items() if slot in slots}


def forget() -> Events:
    """Nothing of an intake stays after its end."""
    return [SlotSet(slot, None) for slot in (*details(), TOPIC, PATH, MISSES, HINTED)]


class ValidateIntake(Action):
    """What every `validate_<form>` does; `topic` is the topic that the form belongs to, None for the form of many."""

    topic: Optional[str] = None
    after_failure = [*END, SlotSet(TOPIC, None)]

    @abstractmethod
    def name(self) -> str:
        """The name that Rasa calls: validate_<form>."""

    @never_raises
    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> Events:
        """Start the intake, or take the next turn of the one that is open."""
        if not tracker.get_slot(TOPIC) or not (tracker.active_loop or {}).get("name"):
            return self._start(dispatcher, tracker)
        return Turn(dispatcher, tracker, tracker.get_slot(TOPIC)).go_on()

    def _start(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> Events:
        message = tracker.latest_message
        topic = self.topic or message["intent"]["name"]
        detail = (message.get("choice") or {}).get("detail")
        if detail:
            return [*END, *forget(), *detail_answer(dispatcher, topic, detail)]
        if follow_up(dispatcher, tracker):
            return [*END, *forget(), SlotSet("times_lost", 0)]
        certainty = message.get("certainty") or {}
        if certainty.get("band") == UNSURE:
            find = sideways.intake_for if certainty.get("sensitive") else sideways.by_details
            likely = find(message)
            if likely is None:
                return [*END, *forget(), *suggest(dispatcher, certainty)]
            topic = likely
        topic = sideways.rather(topic, message)
        if sheet(dispatcher, message, topic):
            return [*END, *forget(), SlotSet("last_topic", topic), SlotSet("times_lost", 0)]
        return Turn(dispatcher, tracker, topic, fresh=True).start()


def after_emergency(message: Mapping[str, Any]) -> Events:
    """Leave an intake open behind the card for danger, when violence is likely: whoever comes back is led on.

    Behind another card than that for violence only when the message surely tells of it.
    """
    violent = message["intent"]["name"] == VIOLENCE
    topic = sideways.by_details(message) or (sideways.likeliest(message) if violent else sideways.surest(message))
    if topic is None:
        return []
    kept = [SlotSet(slot, value) for slot, value in {**answered(message), SAFE: NO}.items()]
    return [*kept, SlotSet(TOPIC, topic), SlotSet(PATH, []), SlotSet(REQUESTED, ON), ActiveLoop(digressions.form_of(topic)),
            FollowupAction(LISTEN)]


class Turn:
    """One turn: `answers` are what is known {slot: value}, changed as the message is read."""

    def __init__(self, dispatcher: CollectingDispatcher, tracker: Tracker, topic: str, fresh: bool = False) -> None:
        self.dispatcher, self.tracker, self.topic = dispatcher, tracker, topic
        self.message = tracker.latest_message
        kept = {slot: tracker.get_slot(slot) for slot in details()}  # empty at the start, but for an intake that was switched
        self.answers: dict[str, str] = {slot: value for slot, value in kept.items() if value}
        self.asked: Optional[str] = None if fresh else tracker.get_slot(REQUESTED)
        self.path: list[str] = [] if fresh else list(tracker.get_slot(PATH) or [])
        self.hinted: bool = bool(tracker.get_slot(HINTED))
        self.misses: float = 0.0 if fresh else (tracker.get_slot(MISSES) or 0.0)

    @property
    def table(self) -> Table:
        """The table that decides now."""
        return routes.load()[self.topic]

    def start(self) -> Events:
        """The first message: everything it says counts as answered."""
        self.answers.update(replies.found(self.message))
        return self._next()

    def go_on(self) -> Events:
        """A later message: an answer, a correction, a digression, or a wish to leave."""
        choice = self.message.get("choice")
        if choice is not None and "slot" in choice:
            self._take({choice["slot"]: choice["value"]})
            return self._next()
        left = digressions.leave(self.dispatcher, self.message)
        if left is not None:
            return [*END, *forget(), *left]
        if self.asked == ON and not self.path:
            elsewhere = digressions.unrelated(self.message)
            if elsewhere is not None:  # the card for danger was a false alarm
                return [*END, *forget(), *answer(self.dispatcher, elsewhere)]
        other = digressions.other_intake(self.message, self.topic)
        if other is not None:
            return self._switch(other)
        said = replies.read(self.message, self.asked, self.answers, self.table)
        if said.back:
            return self._back()
        aside = not said.answers or (self.asked not in said.answers and digressions.unrelated(self.message) is not None)
        if aside and digressions.answer(self.dispatcher, self.tracker, self.topic):
            self.misses = 0.0
            return self._ask(self.asked)
        if not said.answers:
            again = replies.found(self.message).get(SAFE) == self.answers.get(SAFE, UNKNOWN)
            return self._next_without() if self.asked in PASSES else self._ask(self.asked) if again else self._missed()
        if self.asked not in said.answers and ON not in said.answers and SAFE not in said.answers:
            self.answers.update(said.answers)
            return self._next_without() if self.asked in PASSES else self._missed(said_something=True)
        self._take(said.answers)
        return self._next()

    def _take(self, answers: dict[str, str]) -> None:
        if SAFE in answers:
            self.answers.pop(ON, None)
        self.answers.update(answers)
        self.misses = 0.0

    def _next(self) -> Events:
        """Danger first, then the device hint, then the next question or the end."""
        self.topic = handed_over(self.topic, self.answers)
        if self.answers.get(SAFE) == NO and ON not in self.answers:
            self.dispatcher.utter_message(response="utter_nood_geweld")
            return self._ask(ON)
        if self.asked in (SAFE, ON) and UNKNOWN in (self.answers.get(SAFE), self.answers.get(ON)):
            self.dispatcher.utter_message(response="utter_veilig_weet_niet")
        if self.table.safety and SAFE in self.answers and not self.hinted:
            self.dispatcher.utter_message(response="utter_meelezen")
            self.hinted = True
        return self._ask(self.table.question(self.answers))

    def _ask(self, slot: Optional[str]) -> Events:
        if slot is not None and slot not in self.path:
            self.path.append(slot)
        changed = [SlotSet(name, self.answers.get(name)) for name in details()
                   if self.answers.get(name) != self.tracker.get_slot(name)]  # every event is sent with every later turn
        return [*changed, SlotSet(TOPIC, self.topic), SlotSet(PATH, self.path), SlotSet(MISSES, self.misses),
                SlotSet(HINTED, self.hinted), SlotSet("times_lost", 0), SlotSet("open_question", None), SlotSet(REQUESTED, slot)]

    def _next_without(self) -> Events:
        """A delicate question that was not answered is not asked again: it counts as not known."""
        self._take({str(self.asked): UNKNOWN})
        return self._next()

    def _missed(self, said_something: bool = False) -> Events:
        """The question was not answered: ask once more; the second time it is skipped. Something else may have been said."""
        self.misses += 1
        again = self.misses < MAX_MISSES
        if again and said_something:  # it may be enough, or hand over to another table
            kept, path = self.misses, list(self.path)
            events = self._next()
            return [*events, SlotSet(MISSES, kept)] if self.path == path else events
        if again or self.asked is None:
            self.dispatcher.utter_message(response="utter_intake_gemist")
            return self._ask(self.asked)
        self.dispatcher.utter_message(response="utter_intake_overgeslagen")
        self._take({self.asked: UNKNOWN})
        return self._next()

    def _back(self) -> Events:
        """The question before this one again."""
        before = [slot for slot in self.path if slot != self.asked]
        slot = before[-1] if before else self.asked
        self.path = before[:-1] if before else self.path
        for forgotten in {slot, self.asked} - {None}:
            self.answers.pop(str(forgotten), None)
        return self._ask(slot)

    def _switch(self, form: str) -> Events:
        """Another intake instead: its own form starts with this same message, and with what was said when it is a correction."""
        gone = [SlotSet(slot, None) for slot in details() if slot not in STAYS]
        kept = [SlotSet(slot, self.answers.get(slot)) for slot in STAYS] if corrects(self.message) else []
        return [*(gone if kept else forget()), *kept, SlotSet(TOPIC, None), SlotSet(PATH, None), SlotSet(HINTED, self.hinted),
                *END, ActiveLoop(None), FollowupAction(form)]

