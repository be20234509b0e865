"""Tokens and lemmas from the Dutch pipeline of `bot.dutch`."""

from __future__ import annotations

from typing import Any, Dict, List

from rasa.engine.graph import ExecutionContext
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.tokenizers.tokenizer import Token, Tokenizer
from rasa.shared.nlu.training_data.message import Message

from bot import dutch
from bot.settings import load as load_settings


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_TOKENIZER, is_trainable=False)
class DutchTokenizer(Tokenizer):
    """spaCy's Dutch tokenizer with lemmas; which pipeline is decided in `bot.dutch` alone."""

    @staticmethod
    def get_default_config() -> Dict[str, Any]:
        """Rasa's tokenizer options, all at their defaults."""
        return {"intent_tokenization_flag": False, "intent_split_symbol": "_", "token_pattern": None}

    def __init__(self, config: Dict[str, Any]) -> None:
        super().__init__(config)
        self._model = load_settings().spacy_model
        dutch.load(self._model)

    @classmethod
    def create(cls, config: Dict[str, Any], model_storage: ModelStorage, resource: Resource,
               execution_context: ExecutionContext) -> DutchTokenizer:
        """A tokenizer needs nothing from the model storage."""
        return cls(config)

    @staticmethod
    def required_packages() -> List[str]:
        """Packages without which this component cannot run."""
        return ["spacy", "simplemma"]

    def tokenize(self, message: Message, attribute: str) -> List[Token]:
        """Tokens of one attribute; white space is no token."""
        text = message.get(attribute)
        tokens = [Token(token.text, token.idx, lemma=token.lemma_ or token.lower_)
                  for token in dutch.load(self._model)(text) if token.text.strip()]
        return self._apply_token_pattern(tokens)
