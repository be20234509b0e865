"""Which topic a message is about: a linear support vector machine with calibrated confidences."""

from __future__ import annotations

from typing import Any, Dict, List, Optional, Type

import joblib
import numpy as np
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
from sklearn.model_selection import StratifiedKFold
from sklearn.svm import LinearSVC

from bot.components.features import FeatureMatrix, has_features

FILE = "topics.joblib"
THREADS = 2


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class TopicClassifier(GraphComponent, IntentClassifier):
    """LinearSVC over n-grams and sentence vector; one temperature turns margins into confidences.

    The temperature minimises the log loss of margins on held-out folds of the training data, so a confidence of
    0.7 is right about seven times in ten.
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
                 trained: Optional[tuple[LinearSVC, np.ndarray, float]] = None) -> None:
        self._config, self._model_storage, self._resource = config, model_storage, resource
        self._machine, mean, self._temperature = trained or (None, None, 1.0)
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
        rows = self._matrix.fit(examples).rows(examples)
        labels = np.array([message.get(INTENT) for message in examples])
        folds = list(StratifiedKFold(self._config["folds"], shuffle=True, random_state=0).split(rows, labels))
        whole, *parts = Parallel(n_jobs=THREADS, prefer="threads")(  # liblinear lets go of the interpreter while it learns
            delayed(_new_machine(self._config["C"]).fit)(rows[some], labels[some])
            for some in (np.arange(len(labels)), *(part for part, _ in folds)))
        self._temperature = _calibrate(parts, [rest for _, rest in folds], rows, labels)
        self._machine = whole
        with self._model_storage.write_to(self._resource) as folder:
            joblib.dump((self._machine, self._matrix.mean, self._temperature), folder / FILE)
        return self._resource

    @classmethod
    def load(cls, config: Dict[str, Any], model_storage: ModelStorage, resource: Resource,
             execution_context: ExecutionContext, **kwargs: Any) -> TopicClassifier:
        """The trained machine from the model."""
        with model_storage.read_from(resource) as folder:
            trained = joblib.load(folder / FILE)
        return cls(config, model_storage, resource, trained)

    def process(self, messages: List[Message]) -> List[Message]:
        """Set intent and ranking; a message without any token gets no intent."""
        for message in messages:
            ranking = self._rank(message) if has_features(message) else []
            message.set(INTENT, ranking[0] if ranking else {INTENT_NAME_KEY: None, PREDICTED_CONFIDENCE_KEY: 0.0},
                        add_to_output=True)
            message.set(INTENT_RANKING_KEY, ranking, add_to_output=True)
        return messages

    def _rank(self, message: Message) -> List[Dict[str, Any]]:
        assert self._machine is not None, "loaded without training"
        confidences = softmax(_margins(self._machine, self._matrix.rows([message]))[0] * self._temperature)
        order = np.argsort(-confidences)
        return [{INTENT_NAME_KEY: str(self._machine.classes_[index]), PREDICTED_CONFIDENCE_KEY: float(confidences[index])}
                for index in order]


def _new_machine(c: float) -> LinearSVC:
    return LinearSVC(C=c, random_state=0)


def _calibrate(machines: List[LinearSVC], unseen: List[np.ndarray], rows: Any, labels: np.ndarray) -> float:
    """The temperature with the lowest log loss on margins of folds that the machines did not see."""
    all_margins = np.concatenate([_margins(machine, rows[rest]) for machine, rest in zip(machines, unseen, strict=True)])
    all_right = np.concatenate([np.searchsorted(machine.classes_, labels[rest])
                                for machine, rest in zip(machines, unseen, strict=True)])
    index = np.arange(len(all_right))
    loss = minimize_scalar(lambda scale: -log_softmax(all_margins * scale, axis=1)[index, all_right].mean(),
                           bounds=(0.5, 20), method="bounded")
    return float(loss.x)


def _margins(machine: LinearSVC, rows: Any) -> np.ndarray:
    """(rows, classes) signed distances, also for two classes, where scikit-learn gives one column."""
    margins = machine.decision_function(rows)
    return np.stack([-margins, margins], axis=1) if margins.ndim == 1 else margins
