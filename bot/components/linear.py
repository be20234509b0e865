"""A trained linear model, reduced to what reading a message needs: weights, looked up for the features that are there."""

from typing import Any, NamedTuple

import numpy as np
import scipy.sparse
from scipy.special import softmax


class Linear(NamedTuple):
    """Weights of the first features (n-grams, where most weights are nothing) by feature, of all others as a full matrix.

    Those of n-gram f stand at starts[f]:starts[f + 1] of `weights` (float32) and of `columns`, the number of the class. `full`
    (other features, classes) and `intercepts` (classes) float32, and the names of the classes. Of a machine that learnt topics
    one weight in six is left: a fifth of the memory of a full matrix.
    """

    weights: np.ndarray
    columns: np.ndarray
    starts: np.ndarray
    full: np.ndarray
    intercepts: np.ndarray
    classes: np.ndarray

    @classmethod
    def of(cls, machine: Any, sparse: int = 0) -> "Linear":
        """From a fitted LinearSVC or LogisticRegression, of whose first `sparse` features weights that are 0 are left out;
        of two classes scikit-learn keeps only the second, here both are."""
        weights, intercepts = machine.coef_, np.atleast_1d(machine.intercept_)
        if len(weights) == 1:
            weights, intercepts = np.concatenate([-weights, weights]), np.concatenate([-intercepts, intercepts])
        matrix = np.ascontiguousarray(weights.T, np.float32)
        kept = scipy.sparse.csr_matrix(matrix[:sparse])
        return cls(kept.data, kept.indices.astype(np.min_scalar_type(len(weights))), kept.indptr, matrix[sparse:].copy(),
                   intercepts.astype(np.float32), machine.classes_)

    def margins(self, rows: Any) -> np.ndarray:
        """(rows, classes) float32: signed distances to the border of each class. `rows` has `data`, `indices` and `indptr` of
        scipy's CSR; the columns of a row stand in order."""
        border, found = len(self.starts) - 1, []
        for start, end in zip(rows.indptr[:-1], rows.indptr[1:], strict=True):
            features, values = rows.indices[start:end], rows.data[start:end]
            split = int(np.searchsorted(features, border))
            seen = values[split:] @ self.full[features[split:] - border]
            found.append(seen + self._of_ngrams(features[:split], values[:split]) if split else seen)
        return np.asarray(found, np.float32).reshape(len(found), len(self.intercepts)) + self.intercepts

    def _of_ngrams(self, features: np.ndarray, values: np.ndarray) -> np.ndarray:
        starts = self.starts[features]
        many = self.starts[features + 1] - starts
        pairs = np.arange(many.sum()) + np.repeat(starts - many.cumsum() + many, many)
        return np.bincount(self.columns[pairs], self.weights[pairs] * np.repeat(values, many), len(self.intercepts))

    def probabilities(self, rows: Any) -> np.ndarray:
        """(rows, classes), each row adds up to 1; of a LogisticRegression, what its `predict_proba` says."""
        return self._shares(self.margins(rows))

    def probabilities_of(self, full: np.ndarray) -> np.ndarray:
        """The same of a full matrix (rows, features), for a model without n-grams."""
        return self._shares(full @ self.full + self.intercepts)

    def _shares(self, margins: np.ndarray) -> np.ndarray:
        return softmax(margins if len(self.classes) > 2 else margins / 2, axis=1)  # of two, each stands on its own side of 0
