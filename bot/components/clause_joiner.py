"""What the parts of a message add to the whole: the danger at its end, the question after a greeting, a second question."""

from __future__ import annotations

from typing import Any, Dict, FrozenSet, List, NamedTuple, Optional

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import INTENT, INTENT_NAME_KEY, INTENT_RANKING_KEY, PREDICTED_CONFIDENCE_KEY
from rasa.shared.nlu.training_data.message import Message

from bot import topics as topics_module
from bot.components.clause_splitter import CLAUSE_KEY
from bot.components.emergency_detector import BRAKE, CERTAIN, DANGER_KEY, HARM
from bot.components.topic_classifier import OUTSIDE_KEY

ALSO_KEY = "also"
HIDING = "nu_verborgen"
SMALL_TALK = frozenset({"groet", "bedankt", "afscheid", "niet_geholpen"})  # said around a question; other dialogue is a wish
WISHES = frozenset({"mens_spreken", "privacy"})  # dialogue that is also asked beside something else
Ranking = List[Dict[str, Any]]


class Reading(NamedTuple):
    """What one part is about, how surely, its whole ranking, and how likely it is about nothing we know."""

    topic: str
    confidence: float
    ranking: Ranking
    outside: float


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=False)
class ClauseJoiner(GraphComponent):
    """Takes the parts that `ClauseSplitter` added away again, and lets the message say what they say.

    In this order: danger in a part is danger; a part about violence or hate goes before a topic that can wait; a part that asks
    for something replaces a greeting or thanks, or a whole that is unsure; what is left over becomes `also`, a topic to offer,
    and where nothing is left, what the message may be about instead.
    """

    @staticmethod
    def get_default_config() -> Dict[str, Any]:
        """From which score danger in a part counts; when the part names no harm, how much the whole must hint at danger
        (`hint`), and how sure it may at most be of something that is not violence (`settled`);
        how sure a part must be to replace a greeting (`asks`), an unsure whole (`replaces`, while the whole is under `weak`),
        a topic that can wait (`urgent`), or to be offered beside it (`also`); from when the second guess about a whole is
        offered (`second`); from when a part is about nothing we know (`outside`)."""
        return {"danger": 0.9, "hint": 0.02, "settled": 0.9, "asks": 0.5, "replaces": 0.8, "weak": 0.6, "urgent": 0.85,
                "also": 0.6, "second": 0.15, "outside": 0.3}

    def __init__(self, config: Dict[str, Any]) -> None:
        self._config = config
        self._topics = topics_module.load()

    @classmethod
    def create(cls, config: Dict[str, Any], model_storage: ModelStorage, resource: Resource,
               execution_context: ExecutionContext) -> ClauseJoiner:
        """Nothing is trained."""
        return cls(config)

    def process(self, messages: List[Message]) -> List[Message]:
        """The messages without parts; each has `also`: a topic, or None."""
        whole = [message for message in messages if not message.get(CLAUSE_KEY)]
        parts = [message for message in messages if message.get(CLAUSE_KEY)]
        for message in whole:
            message.set(ALSO_KEY, self._join(message, parts), add_to_output=True)
        return whole

    def _join(self, message: Message, parts: List[Message]) -> Optional[str]:
        ranking: Ranking = message.get(INTENT_RANKING_KEY) or []
        if not ranking or message.get(INTENT)[INTENT_NAME_KEY] != ranking[0][INTENT_NAME_KEY]:
            return None  # danger or a foreign language: nothing comes beside it
        if self._endangered(message, parts):
            return None
        asked = sorted(filter(None, map(self._read, parts)), key=lambda reading: -reading.confidence)
        chosen = self._chosen(ranking, asked)
        if chosen is not None:
            message.set(INTENT, chosen.ranking[0], add_to_output=True)
            message.set(INTENT_RANKING_KEY, chosen.ranking, add_to_output=True)
            message.set(OUTSIDE_KEY, chosen.outside, add_to_output=True)
        said = self._topics[message.get(INTENT)[INTENT_NAME_KEY]]
        return self._left(said, ranking, parts) if said.counted and said.kind != topics_module.EMERGENCY else None

    def _left(self, said: topics_module.Topic, ranking: Ranking, parts: List[Message]) -> Optional[str]:
        """What else was asked: by a part, else perhaps by the whole; of the whole nothing sensitive, for that is not named."""
        asked = sorted(filter(None, (self._read(part, WISHES) for part in parts)), key=lambda reading: -reading.confidence)
        for reading in asked:
            if reading.topic != said.id and reading.confidence >= self._config["also"]:
                return reading.topic
        for other in ranking[:2]:
            topic = self._topics[other[INTENT_NAME_KEY]]
            if (topic.id != said.id and topic.counted and not topic.sensitive and topic.kind != topics_module.EMERGENCY
                    and other[PREDICTED_CONFIDENCE_KEY] >= self._config["second"]):
                return topic.id
        return None

    def _endangered(self, message: Message, parts: List[Message]) -> bool:
        """True when a part means danger: then the message does. A part loses what stood around it, so it is believed when it
        names harm without a brake, or when the whole message hints at danger too and is not settled on something harmless."""
        best = message.get(INTENT)
        settled = best[PREDICTED_CONFIDENCE_KEY] >= self._config["settled"] and not self._topics[best[INTENT_NAME_KEY]].sensitive
        hinted = (message.get(DANGER_KEY) or {}).get("score", 0.0) >= self._config["hint"] and not settled
        found = [part.get(DANGER_KEY) for part in parts]
        firing = [danger for danger in found if danger and danger["fires"] and danger["score"] >= self._config["danger"]
                  and (hinted or _loud(danger["why"]))]
        if firing:
            worst = max(firing, key=lambda danger: danger["score"])
            message.set(DANGER_KEY, worst, add_to_output=True)
            message.set(INTENT, {INTENT_NAME_KEY: worst["topic"], PREDICTED_CONFIDENCE_KEY: 1.0}, add_to_output=True)
        return bool(firing)

    def _read(self, part: Message, wishes: FrozenSet[str] = frozenset()) -> Optional[Reading]:
        """What a part asks for; None when it is dialogue (but `wishes`), outside of what we know, or danger too weak to count."""
        ranking: Ranking = part.get(INTENT_RANKING_KEY) or []
        if not ranking:
            return None
        topic, confidence = ranking[0][INTENT_NAME_KEY], ranking[0][PREDICTED_CONFIDENCE_KEY]
        known = self._topics[topic]
        outside = part.get(OUTSIDE_KEY) or 0.0
        wanted = topic in wishes or (known.counted and known.kind != topics_module.EMERGENCY)
        asks = wanted and outside < self._config["outside"]
        return Reading(topic, confidence, ranking, outside) if asks and confidence >= self._config["asks"] else None

    def _chosen(self, ranking: Ranking, asked: List[Reading]) -> Optional[Reading]:
        """The part that speaks for the message; None when the whole does."""
        if not asked:
            return None
        topic, confidence = self._topics[ranking[0][INTENT_NAME_KEY]], ranking[0][PREDICTED_CONFIDENCE_KEY]
        heavy = [reading for reading in asked
                 if self._topics[reading.topic].sensitive and reading.confidence >= self._config["urgent"]]
        if heavy and topic.counted and not topic.sensitive:
            return heavy[0]
        surest = asked[0]
        if topic.id in SMALL_TALK or (confidence < self._config["weak"] and surest.confidence >= self._config["replaces"]):
            return surest
        return None


def _loud(why: List[str]) -> bool:
    """True when the lexicon found harm or hiding, and nothing that takes it back; "nu" and "help" are said of much."""
    return any(name.startswith((HARM, CERTAIN, HIDING)) for name in why) and not any(name.startswith(BRAKE) for name in why)
