"""Sure, unsure or lost: three bands of certainty, with what may be suggested to the resident."""

from __future__ import annotations

import re
from typing import Any, Dict, List

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.constants import DEFAULT_NLU_FALLBACK_INTENT_NAME
from rasa.shared.nlu.constants import INTENT, INTENT_NAME_KEY, INTENT_RANKING_KEY, PREDICTED_CONFIDENCE_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message

from bot import topics as topics_module
from bot.components.emergency_detector import DANGER, DANGER_KEY
from bot.components.follow_up import FOLLOW_UP_KEY
from bot.components.topic_classifier import OUT_OF_SCOPE, OUTSIDE_KEY

WIPE, NEVER_ASKED, SHORT = "wis_gesprek", frozenset({"afscheid", "bevestig", "ontken"}), 2
WIPES = re.compile(r"wis|verwijder|delet|verge[et]|weg|verdw|leeg|schoon|schrap|vernietig|spo+r|geschiedenis|gesprek|chat|typ"
                   r"|schre|zei|bericht|efface|eraf|eruit|remove|erase", re.I)
SURE, UNSURE, LOST = "sure", "unsure", "lost"
CERTAINTY_KEY = "certainty"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=False)
class CertaintyBands(GraphComponent):
    """Adds `certainty`: the band, at most three suggestions that are not sensitive, and how heavy the message may be.

    A lost message gets Rasa's `nlu_fallback` as intent; an unsure one keeps its best topic and the action that
    answers decides what to show. Thresholds were chosen on data (docs/understanding.md).
    """

    @staticmethod
    def get_default_config() -> Dict[str, Any]:
        """Confidence from which a topic is sure; under which the message is lost; from which probability that it is about
        nothing we know it is lost whatever topic is likeliest, and from which one when it may well be about violence or hate
        (sensitive topics together at least `heavy`): a victim is not sent away on a guess; when the help card is shown instead
        of suggestions (`sensitive`); how much of the ranking is kept."""
        return {"sure": 0.6, "lost": 0.3, "outside": 0.185, "heavy": 0.2, "heavy_outside": 0.9, "suggestions": 3,
                "sensitive": 0.35, "ranking_length": 10}

    def __init__(self, config: Dict[str, Any]) -> None:
        self._config = config
        self._topics = topics_module.load()

    @classmethod
    def create(cls, config: Dict[str, Any], model_storage: ModelStorage, resource: Resource,
               execution_context: ExecutionContext) -> CertaintyBands:
        """Nothing is trained."""
        return cls(config)

    def process(self, messages: List[Message]) -> List[Message]:
        """Set `certainty` on each message; an intent that another component is sure of stays."""
        for message in messages:
            ranking = message.get(INTENT_RANKING_KEY) or []
            intent = message.get(INTENT) or {}
            if not ranking:
                band = LOST
            elif (message.get(DANGER_KEY) or {}).get("fires") or intent.get(INTENT_NAME_KEY) != ranking[0][INTENT_NAME_KEY]:
                band = SURE  # danger or a foreign language: decided elsewhere
            else:
                band = self._band(message, ranking)
            bare = (message.get(FOLLOW_UP_KEY) or {}).get("bare") and not str(intent.get(INTENT_NAME_KEY)).startswith(DANGER)
            if band == LOST or bare:  # a bare follow-up means nothing by itself: the action knows what came before
                message.set(INTENT, {INTENT_NAME_KEY: DEFAULT_NLU_FALLBACK_INTENT_NAME, PREDICTED_CONFIDENCE_KEY: 1.0},
                            add_to_output=True)
            message.set(CERTAINTY_KEY, {"band": band, "suggestions": self._suggestions(ranking),
                                        "sensitive": self._sensitive(ranking)}, add_to_output=True)
            message.set(INTENT_RANKING_KEY, ranking[: self._config["ranking_length"]], add_to_output=True)
        return messages

    def _band(self, message: Message, ranking: List[Dict[str, Any]]) -> str:
        """The band; a message that is near enough to what we know is not called out of scope, its next topic is suggested."""
        topic, confidence = ranking[0][INTENT_NAME_KEY], ranking[0][PREDICTED_CONFIDENCE_KEY]
        heavy = self._weight(ranking) >= self._config["heavy"]
        rejected = message.get(OUTSIDE_KEY, 0.0) >= self._config["heavy_outside" if heavy else "outside"]
        if topic == OUT_OF_SCOPE:
            near = ranking[1:2] if not rejected else []
            if not near or not self._is_asked(near[0][INTENT_NAME_KEY]):
                return SURE
            message.set(INTENT, near[0], add_to_output=True)
            return UNSURE
        if _is_a_question(topic, message.get(TEXT) or ""):
            return LOST
        if rejected and not self._topics[topic].kind == topics_module.DIALOGUE:
            return LOST
        if confidence >= self._config["sure"]:
            return SURE
        return LOST if confidence < self._config["lost"] else UNSURE

    def _suggestions(self, ranking: List[Dict[str, Any]]) -> List[str]:
        names = [item[INTENT_NAME_KEY] for item in ranking]
        allowed = [name for name in names if self._is_asked(name) and not self._topics[name].sensitive]
        return allowed[: self._config["suggestions"]]

    def _is_asked(self, name: str) -> bool:
        topic = self._topics[name]
        return topic.counted and topic.kind != topics_module.EMERGENCY

    def _sensitive(self, ranking: List[Dict[str, Any]]) -> bool:
        return self._weight(ranking) >= self._config["sensitive"]

    def _weight(self, ranking: List[Dict[str, Any]]) -> float:
        """Confidence in all sensitive topics together."""
        return float(sum(item[PREDICTED_CONFIDENCE_KEY] for item in ranking if self._topics[item[INTENT_NAME_KEY]].sensitive))


def _is_a_question(topic: str, text: str) -> bool:
    """True when a message that sounds like goodbye, yes, no or "wipe this" asks something: "moet ik dan nog naar de politie?"."""
    asks = text.rstrip().endswith("?") and len(text.split()) > SHORT
    return asks and (topic in NEVER_ASKED or (topic == WIPE and not WIPES.search(text)))
