"""What reads a message says the same as what scikit-learn says of a whole collection."""

import numpy as np
import pytest
import scipy.sparse
from rasa.shared.nlu.constants import FEATURE_TYPE_SENTENCE, TEXT
from rasa.shared.nlu.training_data.features import Features
from rasa.shared.nlu.training_data.message import Message
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.svm import LinearSVC

from bot.components.features import DENSE_WEIGHT, FeatureMatrix
from bot.components.linear import Linear
from bot.components.ngram_featurizer import Block
from bot.encoder import DIMENSIONS

RANDOM = np.random.default_rng(1)
ROWS = scipy.sparse.random(60, 30, density=0.3, format="csr", random_state=2, dtype=np.float32)
TEXTS = ["mijn fiets is gestolen", "mijn velo is gepikt", "de buren maken lawaai", "lawaai, lawaai en nog eens lawaai"]


@pytest.mark.parametrize("sparse", [0, 1, 20, 30])
@pytest.mark.parametrize("classes", [2, 5])
@pytest.mark.parametrize("learner", [LinearSVC(random_state=0), LogisticRegression()])
def test_margins_are_those_of_the_machine(learner, classes, sparse):
    labels = np.arange(60) % classes
    machine = learner.fit(ROWS, labels)
    margins = Linear.of(machine, sparse).margins(ROWS)
    wanted = machine.decision_function(ROWS)
    assert margins.shape == (60, classes)
    assert np.allclose(margins if classes > 2 else margins[:, 1], wanted, atol=1e-4)
    assert (Linear.of(machine).classes[margins.argmax(axis=1)] == machine.predict(ROWS)).all()


def test_weights_that_are_nothing_are_left_out():
    labels = np.arange(60) % 3
    machine = LinearSVC(random_state=0).fit(ROWS, labels)
    machine.coef_[:, 3:9] = 0
    machine.coef_[1, :] = 0
    kept = Linear.of(machine, sparse=20)
    assert len(kept.weights) == np.count_nonzero(machine.coef_[:, :20]) and kept.full.shape == (10, 3)
    assert np.allclose(kept.margins(ROWS), machine.decision_function(ROWS), atol=1e-4)
    assert kept.margins(scipy.sparse.csr_matrix((2, 30), dtype=np.float32)).tolist() == [kept.intercepts.tolist()] * 2
    assert kept.margins(ROWS[:0]).shape == (0, 3)


@pytest.mark.parametrize("classes", [2, 5])
def test_probabilities_are_those_of_the_regression(classes):
    machine = LogisticRegression().fit(ROWS, np.arange(60) % classes)
    assert np.allclose(Linear.of(machine).probabilities(ROWS), machine.predict_proba(ROWS), atol=1e-5)
    assert np.allclose(Linear.of(machine).probabilities_of(ROWS.toarray()), machine.predict_proba(ROWS), atol=1e-5)


@pytest.mark.parametrize("options", [{"analyzer": "char_wb", "ngram_range": (3, 5), "min_df": 2},
                                     {"analyzer": "word", "token_pattern": r"\S+", "ngram_range": (1, 2)}])
def test_a_block_is_the_row_of_the_vectorizer(options):
    vectorizer = TfidfVectorizer(sublinear_tf=True, **options).fit(TEXTS)
    for text in [*TEXTS, "een gestolen velo, een gestolen fiets", "@@@", ""]:
        row, wanted = Block(vectorizer)(text), vectorizer.transform([text]).tocsr()
        wanted.sort_indices()
        assert row.columns.tolist() == wanted.indices.tolist() and np.allclose(row.values, wanted.data)
        assert (np.diff(row.columns) > 0).all()


def test_rows_hold_the_sparse_the_centred_dense_and_what_is_put_beside():
    dense = RANDOM.normal(size=(3, DIMENSIONS)).astype(np.float32)
    messages = [Message({TEXT: "x"}) for _ in range(3)]
    for message, vector, sparse in zip(messages, dense, ROWS[:3], strict=True):
        message.add_features(Features(sparse.tocoo(), FEATURE_TYPE_SENTENCE, TEXT, "ngrams"))
        message.add_features(Features(vector[None, :], FEATURE_TYPE_SENTENCE, TEXT, "encoder"))
    matrix = FeatureMatrix().fit(messages)
    rows = matrix.rows(messages, np.array([[1.0], [0.0], [2.0]], np.float32)).matrix().toarray()
    assert rows.dtype == np.float32 and rows.shape == (3, 30 + DIMENSIONS + 1)
    assert np.allclose(rows[:, :30], ROWS[:3].toarray())
    centred = dense - dense.mean(axis=0)
    wanted = centred / np.linalg.norm(centred, axis=1, keepdims=True) * DENSE_WEIGHT
    assert np.allclose(rows[:, 30:-1], wanted, atol=1e-5) and rows[:, -1].tolist() == [1, 0, 2]
