"""Sure, unsure or lost: three bands of certainty, with what may be suggested to the resident."""

from __future__ import annotations

from typing import Any, Dict, List

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.constants import DEFAULT_NLU_FALLBACK_INTENT_NAME
from rasa.shared.nlu.constants import INTENT, INTENT_NAME_KEY, INTENT_RANKING_KEY, PREDICTED_CONFIDENCE_KEY
from rasa.shared.nlu.training_data.message import Message

from bot import topics as topics_module
from bot.components.emergency_detector import DANGER
from bot.components.follow_up import FOLLOW_UP_KEY

SURE, UNSURE, LOST = "sure", "unsure", "lost"
CERTAINTY_KEY = "certainty"
OUT_OF_SCOPE = "buiten_bereik"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=False)
class CertaintyBands(GraphComponent):
    """Adds `certainty`: the band, at most three suggestions that are not sensitive, and how heavy the message may be.

    A lost message gets Rasa's `nlu_fallback` as intent; an unsure one keeps its best topic and the action that
    answers decides what to show. Thresholds were chosen on data (docs/understanding.md).
    """

    @staticmethod
    def get_default_config() -> Dict[str, Any]:
        """Confidence from which a topic is sure; under which the message is lost; confidence in `buiten_bereik` from
        which it is lost although another topic is likelier; when it may be sensitive; how much of the ranking is kept."""
        return {"sure": 0.5, "lost": 0.3, "out_of_scope": 0.25, "suggestions": 3, "sensitive": 0.35, "ranking_length": 10}

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
            elif intent.get(INTENT_NAME_KEY) != ranking[0][INTENT_NAME_KEY]:
                band = SURE  # danger or a foreign language: decided elsewhere
            else:
                band = self._band(ranking)
            bare = (message.get(FOLLOW_UP_KEY) or {}).get("bare") and not str(intent.get(INTENT_NAME_KEY)).startswith(DANGER)
            if band == LOST or bare:  # a bare follow-up means nothing by itself: the action knows what came before
                message.set(INTENT, {INTENT_NAME_KEY: DEFAULT_NLU_FALLBACK_INTENT_NAME, PREDICTED_CONFIDENCE_KEY: 1.0},
                            add_to_output=True)
            message.set(CERTAINTY_KEY, {"band": band, "suggestions": self._suggestions(ranking),
                                        "sensitive": self._sensitive(ranking)}, add_to_output=True)
            message.set(INTENT_RANKING_KEY, ranking[: self._config["ranking_length"]], add_to_output=True)
        return messages

    def _band(self, ranking: List[Dict[str, Any]]) -> str:
        confidence = ranking[0][PREDICTED_CONFIDENCE_KEY]
        if confidence >= self._config["sure"]:
            return SURE
        outside = sum(item[PREDICTED_CONFIDENCE_KEY] for item in ranking[1:] if item[INTENT_NAME_KEY] == OUT_OF_SCOPE)
        return LOST if confidence < self._config["lost"] or outside >= self._config["out_of_scope"] else UNSURE

    def _suggestions(self, ranking: List[Dict[str, Any]]) -> List[str]:
        names = [item[INTENT_NAME_KEY] for item in ranking]
        allowed = [name for name in names if self._topics[name].counted and not self._topics[name].sensitive
                   and self._topics[name].kind != topics_module.EMERGENCY]
        return allowed[: self._config["suggestions"]]

    def _sensitive(self, ranking: List[Dict[str, Any]]) -> bool:
        weight = sum(item[PREDICTED_CONFIDENCE_KEY] for item in ranking if self._topics[item[INTENT_NAME_KEY]].sensitive)
        return weight >= self._config["sensitive"]
