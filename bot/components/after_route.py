"""After the route of an intake: "ben 15", "in Gent", "kost dat iets?" belong to it, not to whatever topic they resemble."""

from __future__ import annotations

from typing import Any, List, Mapping, Optional

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.shared.core.constants import ACTION_LISTEN_NAME
from rasa.shared.core.events import ActionExecuted, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from bot import routes
from bot.components.break_through import QUIET, WIPE, is_only_an_answer
from bot.components.emergency_detector import CERTAIN, DANGER, HARM
from bot.components.interrupting import Interrupting
from bot.details import QUESTION
from bot.responses import known_responses

ROUTE, AGAIN = "action_route", "action_after_route"
TURNS, LAST_TOPIC = 5, "last_topic"  # so long after the route, while nothing else was answered
ADDS_WORDS, ASKS_WORDS = 11, 18  # a longer message is a story, or a question, of its own
SURE, OTHER_MATTER = "sure", 0.75
ABOUT_HELP = frozenset({"aangifte_doen", "aangifte_geweld", "slachtofferhulp", "slachtofferrechten", "noodnummers", "privacy",
                        "buiten_bereik", "afscheid", "bedankt", "bevestig", "ontken", "weet_niet", "groet", "inbraak_alarm"})
REMOVE = "weghalen"  # a picture from the internet, not this conversation
PLAIN = frozenset({"slapen", "papieren", "schuld", "graag", REMOVE})
VIOLENCE = ("geweld", "bedreiging")
TAKES_BACK = ("eigenlijk", "vergis", "bedoel", "loog", "gelogen", "niet juist", "klopt niet")
ADDS = frozenset({"wie", "leeftijd", "relatie", "wanneer", "regio", "seksueel", "grond", "domein", "daad", "centrum"})


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.POLICY_WITHOUT_END_TO_END_SUPPORT, is_trainable=False)
class AfterRoute(Interrupting):
    """Predicts `action_after_route` for what is said about a route that was just shown."""

    @staticmethod
    def next_step(tracker: DialogueStateTracker) -> Optional[str]:
        """The action and then listening, for what belongs to the route."""
        if tracker.active_loop_name or not tracker.latest_message:
            return None
        done: List[str] = []
        turns, since, told = 0, None, False
        for event in reversed(tracker.events):
            if isinstance(event, UserUttered):
                turns += 1
            elif isinstance(event, ActionExecuted) and event.action_name:
                if turns == 0:
                    done.append(event.action_name)
                elif event.action_name in (ROUTE, AGAIN):
                    since = turns if since is None else since
                    told = told or event.action_name == ROUTE  # a long conversation forgets its beginning and the answers
        topic = tracker.get_slot(LAST_TOPIC)
        if not told or since is None or since > TURNS:
            return None
        if topic not in routes.load() or not belongs_to_route(tracker.latest_message.parse_data, topic):
            return None
        return ACTION_LISTEN_NAME if AGAIN in done else AGAIN if not done else None


def belongs_to_route(message: Mapping[str, Any], topic: str) -> bool:
    """True when a message adds a detail to what was told, takes one back, or asks about the services that were named."""
    intent, text = message["intent"]["name"] or "", message.get("text") or ""
    words = len(text.split())
    if message.get("choice") is not None:
        return False
    found = {item["entity"] for item in message.get("entities") or ()}
    about = next((item["value"] for item in message.get("entities") or () if item["entity"] == QUESTION), None)
    if about == REMOVE and f"utter_{topic}__{REMOVE}" not in known_responses():
        about = None
    asks = about is not None or message.get("follow_up")
    if intent == WIPE and about != REMOVE:
        return False
    if intent.startswith(DANGER) and not is_only_an_answer(message, None) and not (asks and _is_quiet(message)):
        return False
    plain = about in PLAIN  # said so clearly that it does not matter what else the message resembles
    if intent != topic and not plain and _is_other_matter(message) and (words > ADDS_WORDS // 2 or asks):
        return False
    if asks and words <= ASKS_WORDS:
        return True
    tells = any(item["entity"] == "daad" and item["value"] in VIOLENCE for item in message.get("entities") or ())
    takes_back = any(word in text.lower() for word in TAKES_BACK)
    if tells and intent in routes.load() and not takes_back:
        return False  # a story of its own, which starts with "are you safe"
    return bool(ADDS & found) and words <= (ASKS_WORDS if takes_back else ADDS_WORDS)


def _is_quiet(message: Mapping[str, Any]) -> bool:
    """True when danger is only likely by its sound: no violence, no weapon, no sure sign."""
    danger = message.get("danger") or {}
    return danger.get("score", 1.0) < QUIET and not any(name.startswith((HARM, CERTAIN)) for name in danger.get("why") or ())


def _is_other_matter(message: Mapping[str, Any]) -> bool:
    """True for a message that is surely about something else."""
    intent = message["intent"]["name"]
    ranked = {item["name"]: item["confidence"] for item in message.get("intent_ranking") or ()}
    sure = (message.get("certainty") or {}).get("band") == SURE
    return sure and intent not in ABOUT_HELP and not intent.startswith(DANGER) and ranked.get(intent, 0.0) >= OTHER_MATTER
