"""Dense sentence vectors (bot/encoder) as features of a message."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Dict, List, Optional, Type

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.constants import TOKENS_NAMES
from rasa.nlu.featurizers.dense_featurizer.dense_featurizer import DenseFeaturizer
from rasa.nlu.tokenizers.tokenizer import Tokenizer
from rasa.shared.nlu.constants import FEATURE_TYPE_SENTENCE, TEXT
from rasa.shared.nlu.training_data.features import Features
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.components.clause_splitter import CLAUSE_KEY
from bot.encoder import DIMENSIONS, encode, encode_parts


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=False)
class SentenceEncoder(DenseFeaturizer, GraphComponent):
    """Adds one dense sentence vector to the text of a message; sets nothing when there are no tokens."""

    @classmethod
    def required_components(cls) -> List[Type]:
        """A tokenizer decides whether there is anything to encode."""
        return [Tokenizer]

    @staticmethod
    def required_packages() -> List[str]:
        """Packages without which this component cannot run."""
        return ["onnxruntime"]

    @staticmethod
    def get_default_config() -> Dict[str, Any]:
        """Only Rasa's own options of a dense featurizer."""
        return DenseFeaturizer.get_default_config()

    def __init__(self, config: Dict[str, Any], name: str) -> None:
        super().__init__(name, config)

    @classmethod
    def create(cls, config: Dict[str, Any], model_storage: ModelStorage, resource: Resource,
               execution_context: ExecutionContext) -> SentenceEncoder:
        """The encoder is not trained: nothing is read from the model storage."""
        return cls(config, execution_context.node_name)

    @classmethod
    def validate_config(cls, config: Dict[str, Any]) -> None:
        """There is nothing to get wrong."""

    def process(self, messages: List[Message]) -> List[Message]:
        """Add the vector to each message; a message and the parts that `ClauseSplitter` put behind it are read in one go."""
        read = [message for message in messages if _is_read(message)]
        parts = [message for message in read if message.get(CLAUSE_KEY)]
        for whole in (message for message in read if not message.get(CLAUSE_KEY)):
            vectors = encode_parts(whole.get(TEXT), [part.get(TEXT) for part in parts])
            for message, vector in zip([whole, *parts], vectors, strict=True):
                self._add(message, vector)
            parts = []  # only one message has parts
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Add the vector to each example; the encoder lets go of Python while it computes, so every processor helps."""
        examples = [message for message in training_data.training_examples if _is_read(message)]
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            for message, vector in zip(examples, pool.map(encode, (message.get(TEXT) for message in examples)), strict=True):
                self._add(message, vector)
        return training_data

    def _add(self, message: Message, vector: np.ndarray) -> None:
        self.add_features_to_message(sequence=np.zeros((0, DIMENSIONS), np.float32), sentence=vector[None, :],
                                     attribute=TEXT, message=message)

    def add_features_to_message(self, sequence: np.ndarray, sentence: Optional[np.ndarray], attribute: str,
                                message: Message) -> None:
        """Only a sentence vector: no classifier here reads vectors of single words."""
        message.add_features(Features(sentence, FEATURE_TYPE_SENTENCE, attribute, self._identifier))


def _is_read(message: Message) -> bool:
    return bool(message.get(TEXT) and message.get(TOKENS_NAMES[TEXT]))
