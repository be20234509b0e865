"""Which topic a message is about: a linear support vector machine with calibrated confidences."""

from __future__ import annotations

from typing import Any, Dict, List, NamedTuple, Optional, Type

import joblib
import numpy as np
import scipy.sparse
from joblib import Parallel, delayed
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.nlu.featurizers.featurizer import Featurizer
from rasa.shared.nlu.constants import INTENT, INTENT_NAME_KEY, INTENT_RANKING_KEY, PREDICTED_CONFIDENCE_KEY
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from scipy.optimize import minimize_scalar
from scipy.special import log_softmax, softmax
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold
from sklearn.svm import LinearSVC

from bot.components.features import FeatureMatrix, has_features
from bot.components.linear import Linear
from bot.encoder import DIMENSIONS

FILE = "topics.joblib"
THREADS = 2
OUT_OF_SCOPE, OUTSIDE_KEY = "buiten_bereik", "outside"


class Trained(NamedTuple):
    """What is kept in the model: machine, mean sentence vector, temperature of the margins, border of what we know."""

    machine: Optional[Linear]
    mean: Optional[np.ndarray]
    temperature: float
    border: Optional[Linear]


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class TopicClassifier(GraphComponent, IntentClassifier):
    """LinearSVC over n-grams and sentence vector; one temperature turns margins into confidences.

    The temperature minimises the log loss of margins on held-out folds of the training data, so a confidence of
    0.7 is right about seven times in ten. `outside` is the probability that a message is about nothing we know: a logistic
    regression on two margins of the same folds, of `buiten_bereik` and of the best topic. A confidence only compares topics
    with each other; the margins also say when none of them is near.
    """

    @classmethod
    def required_components(cls) -> List[Type]:
        """Features must be there."""
        return [Featurizer]

    @staticmethod
    def get_default_config() -> Dict[str, Any]:
        """`C` of the support vector machine and the number of folds for the calibration."""
        return {"C": 1.0, "folds": 3}

    def __init__(self, config: Dict[str, Any], model_storage: ModelStorage, resource: Resource,
                 trained: Optional[Trained] = None) -> None:
        self._config, self._model_storage, self._resource = config, model_storage, resource
        self._machine, mean, self._temperature, self._border = trained or Trained(None, None, 1.0, None)
        self._matrix = FeatureMatrix(mean)

    @classmethod
    def create(cls, config: Dict[str, Any], model_storage: ModelStorage, resource: Resource,
               execution_context: ExecutionContext) -> TopicClassifier:
        """A new, untrained classifier."""
        return cls(config, model_storage, resource)

    @classmethod
    def validate_config(cls, config: Dict[str, Any]) -> None:
        """Folds and C must make sense."""
        if config["folds"] < 2 or config["C"] <= 0:
            raise ValueError("TopicClassifier: folds must be at least 2 and C above 0")

    def train(self, training_data: TrainingData) -> Resource:
        """Learn from all examples that have features."""
        examples = [message for message in training_data.intent_examples if has_features(message)]
        rows = self._matrix.fit(examples).rows(examples).matrix()
        labels = np.array([message.get(INTENT) for message in examples])
        folds = list(StratifiedKFold(self._config["folds"], shuffle=True, random_state=0).split(rows, labels))
        whole, *parts = Parallel(n_jobs=THREADS, prefer="threads")(  # liblinear lets go of the interpreter while it learns
            delayed(_learn)(self._config["C"], rows[some], labels[some])
            for some in (np.arange(len(labels)), *(part for part, _ in folds)))
        unseen = [rest for _, rest in folds]
        margins = np.concatenate([machine.margins(rows[rest]) for machine, rest in zip(parts, unseen, strict=True)])
        said = labels[np.concatenate(unseen)]  # every fold has every label, so the columns of all margins are the same
        self._machine, self._temperature = whole, _calibrate(margins, np.searchsorted(whole.classes, said))
        self._border = _find_border(margins, said, whole.classes)
        with self._model_storage.write_to(self._resource) as folder:
            joblib.dump(Trained(self._machine, self._matrix.mean, self._temperature, self._border), folder / FILE)
        return self._resource

    @classmethod
    def load(cls, config: Dict[str, Any], model_storage: ModelStorage, resource: Resource,
             execution_context: ExecutionContext, **kwargs: Any) -> TopicClassifier:
        """The trained machine from the model."""
        with model_storage.read_from(resource) as folder:
            trained = joblib.load(folder / FILE)
        return cls(config, model_storage, resource, trained)

    def process(self, messages: List[Message]) -> List[Message]:
        """Set intent, ranking and `outside`; a message without any token gets no intent."""
        read = [message for message in messages if has_features(message)]
        margins = self._read(read) if read else np.zeros((0, 0))
        judged = dict(zip(map(id, read), zip(margins, self._outside(margins), strict=True), strict=True))
        for message in messages:
            found, outside = judged.get(id(message), (None, 0.0))
            ranking = self._rank(found) if found is not None else []
            message.set(OUTSIDE_KEY, outside, add_to_output=True)
            message.set(INTENT, ranking[0] if ranking else {INTENT_NAME_KEY: None, PREDICTED_CONFIDENCE_KEY: 0.0},
                        add_to_output=True)
            message.set(INTENT_RANKING_KEY, ranking, add_to_output=True)
        return messages

    def _read(self, messages: List[Message]) -> np.ndarray:
        assert self._machine is not None, "loaded without training"
        return self._machine.margins(self._matrix.rows(messages))

    def _rank(self, margins: np.ndarray) -> List[Dict[str, Any]]:
        confidences = softmax(margins.astype(float) * self._temperature)
        order = np.argsort(-confidences)
        return [{INTENT_NAME_KEY: str(topic), PREDICTED_CONFIDENCE_KEY: confidence}
                for topic, confidence in zip(self._machine.classes[order], confidences[order].tolist(), strict=True)]

    def _outside(self, margins: np.ndarray) -> List[float]:
        """Probability that each message is about nothing we know; 0 when no example of that was learnt from."""
        if self._border is None or not len(margins):
            return [0.0] * len(margins)
        outside = self._border.probabilities_of(_beside_the_border(margins, self._machine.classes))[:, 1]
        return [round(probability, 4) for probability in outside.tolist()]


def _learn(c: float, rows: scipy.sparse.csr_matrix, labels: np.ndarray) -> Linear:
    return Linear.of(LinearSVC(C=c, random_state=0).fit(rows, labels), sparse=rows.shape[1] - DIMENSIONS)


def _calibrate(margins: np.ndarray, right: np.ndarray) -> float:
    """The temperature with the lowest log loss on margins (examples, topics) of folds that the machines did not see."""
    index = np.arange(len(right))
    loss = minimize_scalar(lambda scale: -log_softmax(margins * scale, axis=1)[index, right].mean(),
                           bounds=(0.5, 20), method="bounded")
    return float(loss.x)


def _find_border(margins: np.ndarray, labels: np.ndarray, topics: np.ndarray) -> Optional[Linear]:
    """What tells out of scope from everything else, by the margins of unseen folds; None when one of the two is not there."""
    if OUT_OF_SCOPE not in topics or len(topics) < 2:
        return None
    beside = _beside_the_border(margins, topics)
    return Linear.of(LogisticRegression(class_weight="balanced").fit(beside, labels == OUT_OF_SCOPE))


def _beside_the_border(margins: np.ndarray, topics: np.ndarray) -> np.ndarray:
    """(examples, 2): the margin of `buiten_bereik` and the highest of all others."""
    outside = topics == OUT_OF_SCOPE
    return np.stack([margins[:, outside].max(axis=1), margins[:, ~outside].max(axis=1)], axis=1)
