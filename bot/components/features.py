"""The matrix that our classifiers learn from: sparse n-grams beside the centred, weighted sentence vector."""

from typing import NamedTuple, Optional, Sequence

import numpy as np
import scipy.sparse
from rasa.shared.nlu.constants import FEATURE_TYPE_SENTENCE, TEXT
from rasa.shared.nlu.training_data.message import Message

from bot.encoder import DIMENSIONS

# chosen on the kept-apart set (docs/understanding.md): the encoder knows its training sentences too well to weigh more
DENSE_WEIGHT = 0.4


class Rows(NamedTuple):
    """A sparse matrix, by the names that scipy's CSR has; making one of those costs more than reading a message with it."""

    data: np.ndarray
    indices: np.ndarray
    indptr: np.ndarray
    shape: tuple[int, int]

    def matrix(self) -> scipy.sparse.csr_matrix:
        """For learning."""
        return scipy.sparse.csr_matrix((self.data, self.indices, self.indptr), self.shape)


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

    def rows(self, messages: Sequence[Message], extra: Optional[np.ndarray] = None) -> Rows:
        """(messages, features), float32; `extra` are columns (messages, n) behind all others."""
        dense = np.stack([_dense(message) for message in messages]) - self.mean
        lengths = np.linalg.norm(dense, axis=1, keepdims=True)
        dense = np.divide(dense, lengths, out=np.zeros_like(dense), where=lengths > 0) * DENSE_WEIGHT
        full = (dense if extra is None else np.hstack([dense, extra])).astype(np.float32)
        data: list[np.ndarray] = []
        columns: list[np.ndarray] = []
        ends, width = [0], 0
        for message, beside in zip(messages, full, strict=True):
            blocks, width = [block.tocoo(copy=False) for block in _sentence(message, sparse=True)], 0
            for block in blocks:
                data.append(block.data.astype(np.float32, copy=False))
                columns.append(block.col + width)
                width += block.shape[1]
            data.append(beside)
            columns.append(np.arange(width, width + len(beside)))
            ends.append(ends[-1] + sum(block.nnz for block in blocks) + len(beside))
        shape = (len(full), width + full.shape[1])
        return Rows(np.concatenate(data), np.concatenate(columns).astype(np.int32), np.array(ends), shape)


def has_features(message: Message) -> bool:
    """True when featurizers found something to read in the message."""
    return any(feature.type == FEATURE_TYPE_SENTENCE and feature.attribute == TEXT for feature in message.features)


def _sentence(message: Message, sparse: bool) -> list:
    return [feature.features for feature in message.features
            if feature.type == FEATURE_TYPE_SENTENCE and feature.attribute == TEXT and feature.is_sparse() == sparse]


def _dense(message: Message) -> np.ndarray:
    blocks = _sentence(message, sparse=False)
    return np.concatenate([block[0] for block in blocks]) if blocks else np.zeros(DIMENSIONS, np.float32)
