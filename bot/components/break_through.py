"""Danger and "wipe this" break through an intake, without asking the action server anything."""

from __future__ import annotations

import re
from typing import Any, Mapping, Optional

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.shared.core.constants import ACTION_LISTEN_NAME
from rasa.shared.core.events import ActionExecuted, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from bot.components.emergency_detector import CERTAIN, DANGER, HARM, NOW
from bot.components.interrupting import Interrupting
from bot.details import ANSWER

WIPE = "wis_gesprek"
REQUESTED, SAFE, ON = "requested_slot", "veilig", "verder"
HITTING = "gevaar_slaan"
YES, NO, FEW_WORDS = "ja", "nee", 6
COUNT = "action_count_contact"
GOING_ON = "bezig"
QUIET = 0.5  # with a question open under the numbers, a mere likeness to danger does not interrupt
CLEAR, BARE_WORDS = 0.9, 3  # so sure a danger is not explained by "vanavond" or "mij" in it, unless it is hardly more than that
SUICIDE = "nood_zelfdoding"
WISH = re.compile(r"\b(dood\w*|doot|sterven|leven|zelfmoord\w*|zelfdoding\w*|er niet meer|nie meer|ni meer|einde?|pillen|springen"
                  r"|brug|trein|snijd?en|snij|mezelf|mijzelf|me zelf|afscheid|op(?:geven|gegeven)|moe|zinloos|geen zin)\b", re.I)
BUT = re.compile(r"\b(maar|ma|mo|alleen|behalve|tenzij|zolang)\b", re.I)


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.POLICY_WITHOUT_END_TO_END_SUPPORT, is_trainable=False)
class BreakThrough(Interrupting):
    """With a form active RulePolicy runs the form on whatever is said. This policy comes before it for two kinds of message.

    The form stays active, so an intake goes on where it was once the danger is over.
    """

    @staticmethod
    def next_step(tracker: DialogueStateTracker) -> Optional[str]:
        """The card and what follows it, for danger and for wiping."""
        intent = (tracker.latest_message.intent.get("name") or "") if tracker.latest_message else ""
        if not tracker.active_loop_name or not (intent.startswith(DANGER) or intent == WIPE):
            return None
        if intent.startswith(DANGER) and is_only_an_answer(tracker.latest_message.parse_data, tracker.get_slot(REQUESTED)):
            return None
        steps = [f"utter_{intent}", *([COUNT] if intent.startswith(DANGER) else []), ACTION_LISTEN_NAME]
        done = 0
        for event in reversed(tracker.events):
            if isinstance(event, UserUttered):
                break
            done += isinstance(event, ActionExecuted)
        return steps[min(done, len(steps) - 1)]


def is_only_an_answer(message: Mapping[str, Any], asked: Optional[str]) -> bool:
    """True when what sounds like danger by itself answers the question that was asked: "ja hij is weg nu", "mijn ex", "vandaag".

    Never when violence, a weapon or a sure sign is named, or when the resident says not to be safe.
    """
    danger = message.get("danger") or {}
    if danger.get("topic") == SUICIDE and WISH.search(message.get("text") or ""):
        return False
    details = {item["entity"]: item["value"] for item in message.get("entities") or ()}
    why = danger.get("why") or []
    told = asked in details and asked not in (SAFE, ON) and set(why) == {HITTING}  # "hij slaat, niks anders" answers too
    said_yes = asked in (SAFE, ON) and details.get(ANSWER) == YES and not BUT.search(message.get("text") or "") \
        and not (details.get(SAFE) == NO and any(name.startswith(NOW) for name in danger.get("why") or ()))
    if (details.get(SAFE) == NO and not said_yes) or (any(name.startswith((HARM, CERTAIN)) for name in why) and not told):
        return False
    if SAFE in details or said_yes or details.get(GOING_ON) == NO:
        return True
    if not why and danger.get("score", 1.0) < QUIET:
        return True
    words = len((message.get("text") or "").split())
    if words > BARE_WORDS and danger.get("score", 0.0) >= CLEAR:
        return False
    short = words <= FEW_WORDS
    return not any(name.startswith(NOW) for name in why) and (asked in details or (short and bool(details)))
