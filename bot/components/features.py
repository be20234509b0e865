"""The matrix that our classifiers learn from: sparse n-grams beside the centred, weighted sentence vector."""

from typing import Optional, Sequence

import numpy as np
import scipy.sparse
from rasa.shared.nlu.constants import FEATURE_TYPE_SENTENCE, TEXT
from rasa.shared.nlu.training_data.message import Message

from bot.encoder import DIMENSIONS

# chosen on the kept-apart set (docs/understanding.md): the encoder knows its training sentences too well to weigh more
DENSE_WEIGHT = 0.4


class FeatureMatrix:
    """Builds rows from the sentence features of messages; `mean` is the training mean of the dense vector.

    The mean of E5 vectors is long (all texts look alike); without subtracting it the cosine says little.
    """

    def __init__(self, mean: Optional[np.ndarray] = None) -> None:
        self.mean = np.zeros(DIMENSIONS, np.float32) if mean is None else mean

    def fit(self, messages: Sequence[Message]) -> "FeatureMatrix":
        """Learn the mean of the dense vectors."""
        self.mean = np.mean([_dense(message) for message in messages], axis=0)
        return self

    def rows(self, messages: Sequence[Message]) -> scipy.sparse.csr_matrix:
        """(messages, features) as CSR."""
        dense = np.stack([_dense(message) for message in messages]) - self.mean
        lengths = np.linalg.norm(dense, axis=1, keepdims=True)
        dense = np.divide(dense, lengths, out=np.zeros_like(dense), where=lengths > 0) * DENSE_WEIGHT
        sparse = scipy.sparse.vstack([_sparse(message) for message in messages])
        return scipy.sparse.hstack([sparse, scipy.sparse.csr_matrix(dense)]).tocsr()


def has_features(message: Message) -> bool:
    """True when featurizers found something to read in the message."""
    return any(feature.type == FEATURE_TYPE_SENTENCE and feature.attribute == TEXT for feature in message.features)


def _sentence(message: Message, sparse: bool) -> list:
    return [feature.features for feature in message.features
            if feature.type == FEATURE_TYPE_SENTENCE and feature.attribute == TEXT and feature.is_sparse() == sparse]


def _dense(message: Message) -> np.ndarray:
    blocks = _sentence(message, sparse=False)
    return np.concatenate([block[0] for block in blocks]) if blocks else np.zeros(DIMENSIONS, np.float32)


def _sparse(message: Message) -> scipy.sparse.csr_matrix:
    return scipy.sparse.hstack(_sentence(message, sparse=True)).tocsr()
