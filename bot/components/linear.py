"""A trained linear model, reduced to what reading a message needs: weights, looked up for the features that are there."""

from typing import Any, NamedTuple

import numpy as np
import scipy.sparse
from scipy.special import softmax


class Linear(NamedTuple):
    """Weights (features, classes) and intercepts (classes), float32; the names of the classes in the order of the columns.

    Half as large as what scikit-learn keeps; a row costs only the weights of what stands in it.
    """

    weights: np.ndarray
    intercepts: np.ndarray
    classes: np.ndarray

    @classmethod
    def of(cls, machine: Any) -> "Linear":
        """From a fitted LinearSVC or LogisticRegression; of two classes scikit-learn keeps only the second, here both are."""
        weights, intercepts = machine.coef_, np.atleast_1d(machine.intercept_)
        if len(weights) == 1:
            weights, intercepts = np.concatenate([-weights, weights]), np.concatenate([-intercepts, intercepts])
        return cls(np.ascontiguousarray(weights.T, np.float32), intercepts.astype(np.float32), machine.classes_)

    def margins(self, rows: scipy.sparse.csr_matrix) -> np.ndarray:
        """(rows, classes): signed distances to the border of each class."""
        spans = zip(rows.indptr[:-1], rows.indptr[1:], strict=True)
        return np.stack([rows.data[start:end] @ self.weights[rows.indices[start:end]] for start, end in spans]) + self.intercepts

    def probabilities(self, rows: scipy.sparse.csr_matrix) -> np.ndarray:
        """(rows, classes), each row adds up to 1; of a LogisticRegression, what its `predict_proba` says."""
        margins = self.margins(rows)
        return softmax(margins if len(self.classes) > 2 else margins / 2, axis=1)  # of two, each stands on its own side of 0
