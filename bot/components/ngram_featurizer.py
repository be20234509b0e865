"""Sparse TF-IDF of character n-grams and of lemmas: what catches chat spelling, typos and rare words."""

from __future__ import annotations

from collections import Counter
from typing import Any, Dict, List, NamedTuple, Optional, Type

import joblib
import numpy as np
import scipy.sparse
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.constants import TOKENS_NAMES
from rasa.nlu.featurizers.sparse_featurizer.sparse_featurizer import SparseFeaturizer
from rasa.nlu.tokenizers.tokenizer import Tokenizer
from rasa.shared.nlu.constants import FEATURE_TYPE_SENTENCE, TEXT
from rasa.shared.nlu.training_data.features import Features
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from sklearn.feature_extraction.text import TfidfVectorizer

FILE = "ngrams.joblib"


class Row(NamedTuple):
    """What stands in a vector: numbers of columns in order, and their values."""

    columns: np.ndarray
    values: np.ndarray


class Block:
    """A fitted TfidfVectorizer for one text at a time: the same row, without the matrices that it makes for a collection."""

    def __init__(self, vectorizer: TfidfVectorizer) -> None:
        self._analyze, self._vocabulary = vectorizer.build_analyzer(), vectorizer.vocabulary_
        self._rarity = vectorizer.idf_
        self.width = len(self._rarity)

    def __call__(self, text: str) -> Row:
        """The row of a text; it has length 1, or nothing in it."""
        known = (self._vocabulary.get(gram) for gram in self._analyze(text))
        counts = sorted(Counter(column for column in known if column is not None).items())
        columns, times = np.array(counts, np.int32).reshape(-1, 2).T
        values = (1 + np.log(times)) * self._rarity[columns]
        return Row(columns, values / (np.linalg.norm(values) or 1.0))


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=True)
class NgramFeaturizer(SparseFeaturizer, GraphComponent):
    """Adds one sparse sentence vector: each block of n-grams has length 1 before they are put beside one another."""

    @classmethod
    def required_components(cls) -> List[Type]:
        """Lemmas come from the tokenizer."""
        return [Tokenizer]

    @staticmethod
    def get_default_config() -> Dict[str, Any]:
        """N-gram sizes; `min_df` drops character n-grams that stand in fewer examples."""
        return {**SparseFeaturizer.get_default_config(), "min_ngram": 3, "max_ngram": 5, "min_df": 2, "word_ngram": 2}

    def __init__(self, config: Dict[str, Any], name: str, model_storage: ModelStorage, resource: Resource,
                 vectorizers: Optional[tuple[TfidfVectorizer, TfidfVectorizer]] = None) -> None:
        super().__init__(name, config)
        self._model_storage, self._resource = model_storage, resource
        self._characters, self._words = vectorizers or self._new_vectorizers()
        self._blocks = [Block(vectorizer) for vectorizer in vectorizers or ()]

    def _new_vectorizers(self) -> tuple[TfidfVectorizer, TfidfVectorizer]:
        characters = TfidfVectorizer(analyzer="char_wb", ngram_range=(self._config["min_ngram"], self._config["max_ngram"]),
                                     min_df=self._config["min_df"], sublinear_tf=True)
        words = TfidfVectorizer(analyzer="word", token_pattern=r"\S+", ngram_range=(1, self._config["word_ngram"]),
                                sublinear_tf=True)
        return characters, words

    @classmethod
    def create(cls, config: Dict[str, Any], model_storage: ModelStorage, resource: Resource,
               execution_context: ExecutionContext) -> NgramFeaturizer:
        """A new, untrained featurizer."""
        return cls(config, execution_context.node_name, model_storage, resource)

    @classmethod
    def validate_config(cls, config: Dict[str, Any]) -> None:
        """Sizes must be in order."""
        if not 1 <= config["min_ngram"] <= config["max_ngram"]:
            raise ValueError(f"NgramFeaturizer: min_ngram {config['min_ngram']} is above max_ngram {config['max_ngram']}")

    def train(self, training_data: TrainingData) -> Resource:
        """Learn vocabularies and document frequencies."""
        messages = [message for message in training_data.training_examples if message.get(TOKENS_NAMES[TEXT])]
        self._characters.fit([_lowered(message) for message in messages])
        self._words.fit([_lemmas(message) for message in messages])
        with self._model_storage.write_to(self._resource) as folder:
            joblib.dump((self._characters, self._words), folder / FILE)
        self._blocks = [Block(self._characters), Block(self._words)]
        return self._resource

    @classmethod
    def load(cls, config: Dict[str, Any], model_storage: ModelStorage, resource: Resource,
             execution_context: ExecutionContext, **kwargs: Any) -> NgramFeaturizer:
        """The trained vectorizers from the model."""
        with model_storage.read_from(resource) as folder:
            vectorizers = joblib.load(folder / FILE)
        return cls(config, execution_context.node_name, model_storage, resource, vectorizers)

    def process(self, messages: List[Message]) -> List[Message]:
        """Add the vector to each message; nothing when there are no tokens."""
        for message in (message for message in messages if message.get(TOKENS_NAMES[TEXT])):
            message.add_features(Features(self._row(message), FEATURE_TYPE_SENTENCE, TEXT, self._identifier))
        return messages

    def _row(self, message: Message) -> scipy.sparse.coo_matrix:
        characters, words = (block(text) for block, text in zip(self._blocks, (_lowered(message), _lemmas(message)), strict=True))
        width = self._blocks[0].width
        columns = np.concatenate([characters.columns, words.columns + width])
        values = np.concatenate([characters.values, words.values]).astype(np.float32)
        return scipy.sparse.coo_matrix((values, (np.zeros_like(columns), columns)), shape=(1, width + self._blocks[1].width))

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Add the vector to each example."""
        self.process(training_data.training_examples)
        return training_data


def _lowered(message: Message) -> str:
    return message.get(TEXT).lower()


def _lemmas(message: Message) -> str:
    return " ".join(token.lemma.lower().replace(" ", "_") for token in message.get(TOKENS_NAMES[TEXT])
                    if any(character.isalnum() for character in token.text))
