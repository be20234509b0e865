"""Short questions that only make sense after an answer: how long, what does it cost, what must I bring."""

from __future__ import annotations

import json
import re
from typing import Any, Dict, List, Optional

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

FILE = "follow_up.json"
PREFIX = "vervolg_"
FOLLOW_UP_KEY = "follow_up"
CONTENTLESS = "woorden"  # vervolg_woorden: words that say nothing about a topic
WORD = re.compile(r"[^\W\d_]+")


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class FollowUp(GraphComponent):
    """Adds `follow_up` {"detail", "bare"} when a short message matches a pattern of data/nlu/lookups/vervolg.yml.

    A bare message names nothing of its own ("en hoe lang duurt dat?") and means nothing without what came before.
    Whether it is a follow-up is decided by the action, which knows what was answered.
    """

    @staticmethod
    def get_default_config() -> Dict[str, Any]:
        """A longer message stands on its own."""
        return {"max_words": 9}

    def __init__(self, config: Dict[str, Any], model_storage: ModelStorage, resource: Resource,
                 patterns: Optional[Dict[str, List[str]]] = None) -> None:
        self._config, self._model_storage, self._resource = config, model_storage, resource
        self._patterns = {detail: [re.compile(pattern, re.I) for pattern in texts]
                          for detail, texts in (patterns or {}).items()}

    @classmethod
    def create(cls, config: Dict[str, Any], model_storage: ModelStorage, resource: Resource,
               execution_context: ExecutionContext) -> FollowUp:
        """A component without patterns yet."""
        return cls(config, model_storage, resource)

    @classmethod
    def load(cls, config: Dict[str, Any], model_storage: ModelStorage, resource: Resource,
             execution_context: ExecutionContext, **kwargs: Any) -> FollowUp:
        """The patterns from the model."""
        with model_storage.read_from(resource) as folder:
            return cls(config, model_storage, resource, json.loads((folder / FILE).read_text(encoding="utf-8")))

    def train(self, training_data: TrainingData) -> Resource:
        """Keep the patterns whose name starts with `vervolg_`."""
        patterns: Dict[str, List[str]] = {}
        for feature in training_data.regex_features:
            if feature["name"].startswith(PREFIX):
                patterns.setdefault(feature["name"].removeprefix(PREFIX), []).append(feature["pattern"])
        with self._model_storage.write_to(self._resource) as folder:
            (folder / FILE).write_text(json.dumps(patterns, ensure_ascii=False), encoding="utf-8")
        return self._resource

    def process(self, messages: List[Message]) -> List[Message]:
        """Set the detail, or None."""
        for message in messages:
            text = message.get(TEXT) or ""
            detail = self.detail(text)
            message.set(FOLLOW_UP_KEY, {"detail": detail, "bare": self._is_bare(text)} if detail else None, add_to_output=True)
        return messages

    def _is_bare(self, text: str) -> bool:
        contentless = self._patterns.get(CONTENTLESS, [])
        return all(any(pattern.fullmatch(word) for pattern in contentless) for word in WORD.findall(text.lower()))

    def detail(self, text: str) -> Optional[str]:
        """The detail that a short message asks for."""
        if len(text.split()) > self._config["max_words"]:
            return None
        for detail, patterns in self._patterns.items():
            if detail != CONTENTLESS and any(pattern.search(text) for pattern in patterns):
                return detail
        return None
