"""The conversation itself: menu, yes and no, not understood, not helped, another language, starting again."""

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import AllSlotsReset, FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions import sideways
from actions.answer import HELPFUL, SAFE, answer, best_guess, follow_up
from actions.digressions import form_of
from actions.safe import Events, never_raises
from bot import topics as topics_module
from bot.details import ANSWER
from bot.responses import known_responses

BACK = {"title": "Terug naar het menu", "payload": "/hulp_menu"}
YES, NO, UNKNOWN = "bevestig", "ontken", "weet_niet"
PLAIN_WORDS = 3  # a longer message is a yes or a no only when it says so
I_AM_SAFE = {"slot": "veilig", "value": "ja"}


class ActionMenu(Action):
    """The menu of priorities, or the topics of one priority."""

    def name(self) -> str:
        return "action_menu"

    @never_raises
    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> Events:
        """A priority that was picked shows its topics; sensitive ones too, because the resident asked to see them."""
        priority = (tracker.latest_message.get("choice") or {}).get("menu")
        topics = topics_module.load()
        if priority not in topics.priorities:
            dispatcher.utter_message(response="utter_hulp_menu")
            return [SlotSet("open_question", None)]
        buttons = [{"title": topic.title, "payload": f"/{topic.id}"} for topic in topics.of_priority(priority)]
        dispatcher.utter_message(response=f"utter_menu_{priority}", buttons=[*buttons, BACK])
        return [SlotSet("open_question", None), SlotSet("times_lost", 0)]


class ActionYesNo(Action):
    """Yes, no or "I don't know": what it means depends on what was asked."""

    def name(self) -> str:
        return "action_yes_no"

    @never_raises
    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> Events:
        """After "are you safe", after "was this helpful", or out of nowhere."""
        said = tracker.latest_message["intent"]["name"]
        choice = tracker.latest_message.get("choice") or {}
        if "slot" in choice:  # the button of an intake that is over, or of the card for emergencies
            dispatcher.utter_message(response="utter_veilig_ja" if choice == I_AM_SAFE else "utter_intake_voorbij")
            return [SlotSet("open_question", None), SlotSet("times_lost", 0)]
        if _tells_more(tracker, said):
            heavy = topics_module.load()[tracker.get_slot("last_topic")].sensitive
            dispatcher.utter_message(response="utter_na_de_weg_zelfde" if heavy else "utter_vervolg_onbekend")
            return [SlotSet("times_lost", 0)]
        responses = {
            (SAFE, YES): "utter_veilig_ja",
            (SAFE, NO): "utter_nood_geweld",
            (SAFE, UNKNOWN): "utter_veilig_weet_niet",
            (HELPFUL, YES): "utter_nuttig_ja",
            (HELPFUL, NO): "utter_nuttig_nee",
        }
        dispatcher.utter_message(response=responses.get((tracker.get_slot("open_question"), said), f"utter_{said}"))
        return [SlotSet("open_question", None), SlotSet("times_lost", 0)]


def _tells_more(tracker: Tracker, said: str) -> bool:
    """True for a sentence after an answer that only sounds like "yes, it was helpful": "maar we waren toch samen"."""
    message, known = tracker.latest_message, tracker.get_slot("last_topic") in topics_module.load().by_id
    plain = any(item["entity"] == ANSWER for item in message.get("entities") or ())
    long = len((message.get("text") or "").split()) > PLAIN_WORDS
    return (tracker.get_slot("open_question") == HELPFUL and said in (YES, NO) and known and long and not plain
            and message.get("choice") is None)


class ActionNotHelped(Action):
    """ "That is not what I mean": another way in, the second time in a row a human."""

    def name(self) -> str:
        return "action_not_helped"

    @never_raises
    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> Events:
        """Count, and answer accordingly."""
        return _lost(dispatcher, tracker, "utter_niet_geholpen")


class ActionNotUnderstood(Action):
    """Lost: say so and show the menu, the second time in a row a human; never echo what was typed."""

    def name(self) -> str:
        return "action_not_understood"

    @never_raises
    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> Events:
        """A short follow-up is often understood as nothing at all: try that first; then the help card when heavy."""
        if follow_up(dispatcher, tracker):
            return [SlotSet("times_lost", 0)]
        best, confident = best_guess(tracker)
        if best and confident:  # "is dit gratis?" out of nowhere
            if topics_module.load()[best].counted:
                return answer(dispatcher, best)
            dispatcher.utter_message(response=f"utter_{best}")
            return [SlotSet("open_question", None)]
        if (tracker.latest_message.get("certainty") or {}).get("sensitive"):
            likely = sideways.intake_for(tracker.latest_message)
            if likely is not None:
                return [FollowupAction(form_of(likely))]
            dispatcher.utter_message(response="utter_hulpkaart")
            return [SlotSet("open_question", None)]
        return _lost(dispatcher, tracker, "utter_onbegrepen")


def _lost(dispatcher: CollectingDispatcher, tracker: Tracker, first: str) -> Events:
    times = (tracker.get_slot("times_lost") or 0) + 1
    dispatcher.utter_message(response=first if times < 2 else "utter_onbegrepen_mens")
    return [SlotSet("times_lost", times), SlotSet("open_question", None)]


class ActionOtherLanguage(Action):
    """A card in the language that was written or picked."""

    def name(self) -> str:
        return "action_other_language"

    @never_raises
    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> Events:
        """A Dutch request for another language gets the list; a language without a card gets the general one."""
        message = tracker.latest_message
        language = (message.get("choice") or {}).get("language") or message.get("language") or "nl"
        if language == "nl":
            dispatcher.utter_message(response="utter_andere_taal")
        else:
            card = f"utter_taal_{language}"
            dispatcher.utter_message(response=card if card in known_responses() else "utter_taal_xx")
        return [SlotSet("open_question", None)]


class ActionStartAgain(Action):
    """Back to the beginning: slots forgotten, menu shown."""

    def name(self) -> str:
        return "action_start_again"

    @never_raises
    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> Events:
        """Forget what was answered and asked."""
        dispatcher.utter_message(response="utter_opnieuw")
        return [AllSlotsReset()]
