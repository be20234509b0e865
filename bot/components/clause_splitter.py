"""A message of more than one sentence is also read part by part: the question may stand at its end, or be two questions."""

from __future__ import annotations

import re
from typing import Any, Dict, List

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message

CLAUSE_KEY = "clause"  # on the extra messages: they are parts of the first
STARTS = r"en|maar|ook|trouwens|daarnaast|verder|dus|ps|p\.s|oh ja|o ja|nog iets|nog een vraag(?:je)?"
QUESTIONS = (r"hoe|hoelang|wat|wa|waar|waarom|wie|wanneer|welke?|hoeveel|kan|kunnen|kunde|mag|mogen|moet|moete|moeten|is|zijn|"
             r"heb|wil|krijg|krijgt|komt|geldt|bestaat|vanaf")
HELLO = (r"hallo|hey+|heyhey|hei|hoi|yo|hi|ey|hola|dag|saluu?t|bonjour|geachte|beste|"
         r"goei?e?n? ?(?:de)?n? ?(?:morgen|dag|middag|avond)")
CORRECTION = r"(?:(?:neen?|sorry|pardon|oei|ah|wacht)[, ]+)+(?:(?:maar )?(?:ik|k) ?bedoel(?:de)?|kbedoel\w*)[,:]?(?: dat)?"
GREETING = re.compile(  # before what is asked
    rf"(?:(?:{HELLO})\b[^,.!?:;\n]{{0,40}}[,.!:;]+|{CORRECTION})\s+(?=\S+\s+\S+\s+\S)", re.I)
BORDER = re.compile(
    r"(?<=[.!?;])\s+|\n+"                                    # a sentence ends
    rf"|,\s+(?=(?:{STARTS}|{QUESTIONS})\b)"                  # ", en hoe ..."
    rf"|\s+(?=(?:en|maar|trouwens|ook|dus)\s+(?:{QUESTIONS}|ook|trouwens|dan|nog)\b)"  # " en waar haal ik ..."
    r"|\s+(?=(?:trouwens|daarnaast|p\.?s\.?:?|oh ja|en trouwens)\s)", re.I)


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=False)
class ClauseSplitter(GraphComponent):
    """Puts the parts of a message behind it, as messages of their own; every component after it reads them too.

    `ClauseJoiner` takes them away again. A message of one part gets nothing.
    """

    @staticmethod
    def get_default_config() -> Dict[str, Any]:
        """A part has at least so many words, else it joins the one before; only the last parts of a long story are read."""
        return {"min_words": 3, "parts": 4}

    def __init__(self, config: Dict[str, Any]) -> None:
        self._config = config

    @classmethod
    def create(cls, config: Dict[str, Any], model_storage: ModelStorage, resource: Resource,
               execution_context: ExecutionContext) -> ClauseSplitter:
        """Nothing is trained."""
        return cls(config)

    def process(self, messages: List[Message]) -> List[Message]:
        """The one message with its parts behind it."""
        if len(messages) != 1:
            return messages
        parts = self.split(messages[0].get(TEXT) or "")
        return messages + [Message({TEXT: part, CLAUSE_KEY: True}) for part in parts]

    def split(self, text: str) -> List[str]:
        """The last parts of a text of more than one; a short one belongs to its neighbour, and a greeting is none."""
        greeting, parts = GREETING.match(text), []
        for part in filter(None, (piece.strip() for piece in BORDER.split(text[greeting.end():] if greeting else text))):
            if parts and min(len(part.split()), len(parts[-1].split())) < self._config["min_words"]:
                parts[-1] = f"{parts[-1]} {part}"
            else:
                parts.append(part)
        return parts[-self._config["parts"]:] if greeting or len(parts) > 1 else []
