"""In which language a message is written; Flemish, dialect and broken Dutch must not be called foreign."""

from __future__ import annotations

import functools
import json
import re
import unicodedata
from collections import Counter
from pathlib import Path
from typing import Any, Dict, FrozenSet, List, Optional

import py3langid.langid
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import INTENT, INTENT_NAME_KEY, PREDICTED_CONFIDENCE_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.components.clause_splitter import CLAUSE_KEY
from bot.components.topic_classifier import OUT_OF_SCOPE

FILE = "dutch_words.json"
DUTCH, FOREIGN_INTENT, EMERGENCY = "nl", "andere_taal", "nood_"
LANGUAGE_KEY = "language"
WORD = re.compile(r"[^\W\d_]+")
SEEN_OFTEN = 8  # a word that stands less often in the training data may be a foreign one
# Languages of the region and its newcomers; more languages only make short Dutch look foreign.
LANGUAGES = ("nl", "fr", "en", "de", "tr", "ar", "pl", "ro", "uk", "es", "it", "pt", "ru", "bg")


@functools.lru_cache(maxsize=1)
def _identifier() -> py3langid.langid.LanguageIdentifier:
    """Half a second of loading, once, and 50 MB; lingua took a second and 350 MB and named fewer languages right (ADR 20)."""
    model = Path(py3langid.langid.__file__).parent / py3langid.langid.MODEL_FILE
    whole = py3langid.langid.LanguageIdentifier.from_modelpath(model, norm_probs=True)
    whole.set_languages(LANGUAGES)
    return py3langid.langid.LanguageIdentifier(  # anew: the other languages would stay in memory beside these
        whole.nb_ptc, whole.nb_pc, whole.nb_classes, whole.tk_nextmove, whole.tk_output, norm_probs=True, tk_row=whole.tk_row)


def probabilities(text: str) -> Dict[str, float]:
    """{ISO 639-1 code: probability} over LANGUAGES, whatever our own examples know."""
    return {language: float(share) for language, share in _identifier().rank(text.lower())}


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class LanguageDetector(GraphComponent):
    """Sets `language`, and the intent `andere_taal` when a message is foreign.

    Foreign = (1 - probability of Dutch) x (share of words that our Dutch examples do not know) above
    `threshold`, on messages of at least `min_words` words; another script than Latin is foreign at once. What the topic
    classifier read weighs too: a message that is surely about one of our topics must be stranger, one that it surely calls
    foreign may be less strange when the identifier is as sure.
    """

    @staticmethod
    def get_default_config() -> Dict[str, Any]:
        """Thresholds, chosen on dialect and foreign messages kept apart (docs/understanding.md): in general; for a message that
        is surely (`sure`) about a topic of ours (`known`); and how many words must be unknown when both are sure (`both`)."""
        return {"threshold": 0.5, "min_words": 3, "sure": 0.9, "known": 0.8, "both": 0.25}

    def __init__(self, config: Dict[str, Any], model_storage: ModelStorage, resource: Resource,
                 words: FrozenSet[str] = frozenset()) -> None:
        self._config, self._model_storage, self._resource, self._words = config, model_storage, resource, words

    @classmethod
    def create(cls, config: Dict[str, Any], model_storage: ModelStorage, resource: Resource,
               execution_context: ExecutionContext) -> LanguageDetector:
        """A detector that does not know any Dutch word yet."""
        return cls(config, model_storage, resource)

    @classmethod
    def load(cls, config: Dict[str, Any], model_storage: ModelStorage, resource: Resource,
             execution_context: ExecutionContext, **kwargs: Any) -> LanguageDetector:
        """The Dutch words from the model."""
        with model_storage.read_from(resource) as folder:
            words = json.loads((folder / FILE).read_text(encoding="utf-8"))
        return cls(config, model_storage, resource, frozenset(words))

    def train(self, training_data: TrainingData) -> Resource:
        """Collect the words of the Dutch examples; danger is also said in French and English and is left out."""
        counts = Counter(word for message in training_data.intent_examples
                         if message.get(INTENT) != FOREIGN_INTENT and not message.get(INTENT).startswith(EMERGENCY)
                         for word in set(_words(message.get(TEXT) or "")))
        self._words = frozenset(word for word, count in counts.items() if count >= SEEN_OFTEN)
        with self._model_storage.write_to(self._resource) as folder:
            (folder / FILE).write_text(json.dumps(sorted(self._words), ensure_ascii=False), encoding="utf-8")
        return self._resource

    def process(self, messages: List[Message]) -> List[Message]:
        """Set the language of each message, and the intent when it is foreign."""
        for message in (message for message in messages if not message.get(CLAUSE_KEY)):
            best = message.get(INTENT) or {}
            sure = best.get(PREDICTED_CONFIDENCE_KEY, 0.0) >= self._config["sure"]
            language = self.detect(message.get(TEXT) or "", best.get(INTENT_NAME_KEY) if sure else None)
            message.set(LANGUAGE_KEY, language, add_to_output=True)
            if language != DUTCH:
                message.set(INTENT, {INTENT_NAME_KEY: FOREIGN_INTENT, PREDICTED_CONFIDENCE_KEY: 1.0}, add_to_output=True)
        return messages

    def detect(self, text: str, topic: Optional[str] = None) -> str:
        """ISO 639-1 code; Dutch unless the message is surely something else. `topic`: what it is surely about, if anything."""
        words = _words(text)
        if not words:
            return DUTCH
        unknown = sum(word not in self._words for word in words) / len(words)
        strange = _other_script(words)
        called_foreign = topic == FOREIGN_INTENT or (topic or "").startswith(EMERGENCY)  # of danger: which card comes after it
        enough = len(words) >= self._config["min_words"] and unknown > self._config["both" if called_foreign else "threshold"]
        if not enough and not strange:
            return DUTCH  # whatever the identifier would say
        shares = probabilities(text)
        strangeness = 1 - shares.pop(DUTCH)
        foreign = max(shares, key=lambda language: shares[language])
        ours = topic and not called_foreign and topic != OUT_OF_SCOPE
        both = called_foreign and strangeness >= self._config["sure"]
        doubted = strangeness * unknown > self._config["known" if ours else "threshold"]
        return foreign if strange or both or doubted else DUTCH


def _words(text: str) -> List[str]:
    return WORD.findall(text.lower())


def _other_script(words: List[str]) -> bool:
    """True when most letters are not Latin, such as Cyrillic or Arabic."""
    letters = [letter for word in words for letter in word]
    return sum(not unicodedata.name(letter, "").startswith("LATIN") for letter in letters) > len(letters) / 2
