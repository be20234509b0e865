"""Danger now: classifier and lexicon together, tuned for recall. Overrides everything that was understood before."""

from __future__ import annotations

import re
from typing import Any, Dict, Iterable, List, NamedTuple, Optional, Type

import joblib
import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.featurizers.featurizer import Featurizer
from rasa.shared.nlu.constants import INTENT, INTENT_NAME_KEY, INTENT_RANKING_KEY, PREDICTED_CONFIDENCE_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from sklearn.linear_model import LogisticRegression

from bot import details
from bot import topics as topics_module
from bot.components.features import FeatureMatrix, Rows, has_features
from bot.components.linear import Linear
from bot.components.topic_classifier import OUT_OF_SCOPE

FILE = "danger.joblib"
DANGER, DESPAIR, NONE = "nood_", "nood_zelfdoding", "geen"
HARM, NOW, BRAKE, CERTAIN = "gevaar_", "nu_", "rem_", "zeker_"
IDIOM = "rem_spreekwijze"  # "ik schrik mij dood": the one brake that holds back despair too
EVIDENCE = (HARM, NOW, BRAKE)
SAYS_SAFE = ("veilig", "ja")  # a detail of bot/details: "ik ben nu veilig bij mijn zus"
DANGER_KEY = "danger"
EPSILON = 1e-6
WORDS = re.compile(r"[^\W_]{3}|[^\w\s.,!?'-]")  # a word, or at least a sign that is not just punctuation: "e" tells nothing


class Trained(NamedTuple):
    """What is kept in the model: classifier, mean sentence vector, patterns by name."""

    classifier: Linear
    mean: np.ndarray
    patterns: Dict[str, List[str]]


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class EmergencyDetector(GraphComponent):
    """Sets intent nood_... and `danger` {"topic", "score", "why"} when a message means danger now.

    The score is a mean, on the log-odds scale, of two opinions: the topic classifier's confidence in all emergency topics
    together, and a classifier of its own that also sees the lexicon. A `zeker_` pattern without a brake wins.
    Somebody who says to be safe, and names no violence, weapon or "now", is not in danger, unless it is from the own hand.
    """

    @classmethod
    def required_components(cls) -> List[Type]:
        """Features to learn from; the topic classifier, whose ranking is the second opinion, is only needed when reading."""
        return [Featurizer]

    @staticmethod
    def get_default_config() -> Dict[str, Any]:
        """`threshold` of the score; the higher one for a message with a brake, but for despair, which no past takes away, and for
        what happens now; the one for a message that names no harm and is surely (`settled`) about something of ours that is not
        violence; the score under which "nu" does not weigh for somebody who says to be safe (`calm`); `C` of
        the classifier, and its share in the score; weight of a lexicon match beside an n-gram block of length 1."""
        return {"threshold": 0.05, "braked_threshold": 0.3, "settled": 0.9, "settled_threshold": 0.15, "calm": 0.5, "C": 10.0,
                "share": 0.5, "lexicon_weight": 0.5}

    def __init__(self, config: Dict[str, Any], model_storage: ModelStorage, resource: Resource,
                 trained: Optional[Trained] = None) -> None:
        self._config, self._model_storage, self._resource = config, model_storage, resource
        self._classifier = trained.classifier if trained else None
        self._matrix = FeatureMatrix(trained.mean if trained else None)
        self._topics = topics_module.load()
        self._set_patterns(trained.patterns if trained else {})

    def _set_patterns(self, patterns: Dict[str, List[str]]) -> None:
        self._patterns = {name: [re.compile(pattern) for pattern in texts] for name, texts in sorted(patterns.items())}
        self._evidence = [name for name in self._patterns if name.startswith(EVIDENCE)]

    @classmethod
    def create(cls, config: Dict[str, Any], model_storage: ModelStorage, resource: Resource,
               execution_context: ExecutionContext) -> EmergencyDetector:
        """A new, untrained detector."""
        return cls(config, model_storage, resource)

    @classmethod
    def load(cls, config: Dict[str, Any], model_storage: ModelStorage, resource: Resource,
             execution_context: ExecutionContext, **kwargs: Any) -> EmergencyDetector:
        """The trained detector from the model."""
        with model_storage.read_from(resource) as folder:
            return cls(config, model_storage, resource, joblib.load(folder / FILE))

    def train(self, training_data: TrainingData) -> Resource:
        """Learn danger against everything else, and compile the lexicon."""
        patterns: Dict[str, List[str]] = {}
        for feature in training_data.regex_features:
            if feature["name"].startswith((*EVIDENCE, CERTAIN)):
                patterns.setdefault(feature["name"], []).append(feature["pattern"])
        self._set_patterns(patterns)
        examples = [message for message in training_data.intent_examples if has_features(message)]
        labels = [message.get(INTENT) if message.get(INTENT).startswith(DANGER) else NONE for message in examples]
        self._matrix.fit(examples)
        learner = LogisticRegression(C=self._config["C"], class_weight="balanced", max_iter=300, random_state=0)
        self._classifier = Linear.of(learner.fit(self._rows(examples, map(self._matched, examples)).matrix(), labels))
        with self._model_storage.write_to(self._resource) as folder:
            joblib.dump(Trained(self._classifier, self._matrix.mean, patterns), folder / FILE)
        return self._resource

    def _rows(self, messages: List[Message], matched: Iterable[List[str]]) -> Rows:
        lexicon = np.array([[name in names for name in self._evidence] for names in matched], np.float32)
        return self._matrix.rows(messages, lexicon.reshape(len(messages), -1) * self._config["lexicon_weight"])

    def _matched(self, message: Message) -> List[str]:
        """Names of the patterns that a message matches."""
        text = message.get(TEXT).lower()
        return [name for name, patterns in self._patterns.items() if any(pattern.search(text) for pattern in patterns)]

    def process(self, messages: List[Message]) -> List[Message]:
        """Set `danger` on every message, and the intent of those that mean danger."""
        read = [message for message in messages if has_features(message)]
        judged = dict(zip(map(id, read), self._judge_all(read), strict=True)) if read else {}
        for message in messages:
            found = judged.get(id(message))
            message.set(DANGER_KEY, found, add_to_output=True)
            if found and found["fires"]:
                message.set(INTENT, {INTENT_NAME_KEY: found["topic"], PREDICTED_CONFIDENCE_KEY: 1.0}, add_to_output=True)
        return messages

    def _judge_all(self, messages: List[Message]) -> List[Dict[str, Any]]:
        """What `_judge` says of each."""
        assert self._classifier is not None, "loaded without training"
        matched = [self._matched(message) for message in messages]
        opinions = self._classifier.probabilities(self._rows(messages, matched))
        return [self._judge(message, dict(zip(self._classifier.classes.tolist(), row.tolist(), strict=True)), why)
                for message, row, why in zip(messages, opinions, matched, strict=True)]

    def _judge(self, message: Message, own: Dict[str, float], why: List[str]) -> Dict[str, Any]:
        """{"fires", "topic", "score", "why"}: which emergency is likeliest, how likely, and what was matched (`why`)."""
        ranked = {item[INTENT_NAME_KEY]: item[PREDICTED_CONFIDENCE_KEY] for item in message.get(INTENT_RANKING_KEY) or ()}
        kinds = [kind for kind in own if kind.startswith(DANGER)]
        score = _between(1 - own.get(NONE, 0.0), sum(ranked.get(kind, 0.0) for kind in kinds), self._config["share"])
        topic = max(kinds, key=lambda kind: own[kind] + ranked.get(kind, 0.0))
        braked = any(name.startswith(BRAKE) for name in why)
        certain = [name.removeprefix(CERTAIN) for name in why if name.startswith(CERTAIN)]
        if certain and not braked:
            topic, score = certain[0], 1.0
        if not why and not WORDS.search(message.get(TEXT)):
            return {"fires": False, "topic": topic, "score": round(score, 4), "why": why}
        if IDIOM in why and not any(name.startswith((HARM, NOW, CERTAIN)) for name in why):
            return {"fires": False, "topic": topic, "score": round(score, 4), "why": why}
        over = braked and (topic != DESPAIR or IDIOM in why) and not any(name.startswith(NOW) for name in why)
        settled = self._is_settled(ranked, topic) and not any(name.startswith((HARM, CERTAIN)) for name in why)
        if score < self._config["braked_threshold" if over else "settled_threshold" if settled else "threshold"]:
            return {"fires": False, "topic": topic, "score": round(score, 4), "why": why}
        safe = any((detail.slot, detail.value) == SAYS_SAFE for detail in details.find(message.get(TEXT).lower()))
        loud = (HARM, NOW, CERTAIN) if score >= self._config["calm"] else (HARM, CERTAIN)
        wants_to_die = topic == DESPAIR and score >= self._config["calm"]  # "ik ben niet in gevaar, ik wil alleen weten of ..."
        calm = safe and not wants_to_die and not any(name.startswith(loud) for name in why)
        return {"fires": not calm, "topic": topic, "score": round(score, 4), "why": why}

    def _is_settled(self, ranked: Dict[str, float], danger: str) -> bool:
        """True when the topic classifier is sure of a topic of ours that is no emergency, and not sensitive unless the danger
        is despair: "mijn dochter zegt dat opa aan haar komt" is no word of that."""
        best = max(ranked, key=ranked.__getitem__, default=OUT_OF_SCOPE)
        topic = self._topics[best]
        return (best != OUT_OF_SCOPE and topic.kind != topics_module.EMERGENCY and (danger == DESPAIR or not topic.sensitive)
                and ranked[best] >= self._config["settled"])


def _between(first: float, second: float, share: float) -> float:
    """Mean of two probabilities on the log-odds scale; `share` is the weight of the first."""
    odds = [np.log((p + EPSILON) / (1 - p + EPSILON)) for p in (first, second)]
    return float(1 / (1 + np.exp(-share * odds[0] - (1 - share) * odds[1])))
