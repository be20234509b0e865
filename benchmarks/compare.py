"""`python -m benchmarks.compare`: our choice against its parts and against Rasa's default, same data, same run.

Each candidate learns from the first N sentences of every topic in data/nlu (`--per-topic N`, all when absent) and reads
tests/data/nlu/topics.txt. Rasa's default takes hours on everything with two cores; `--without-default` leaves it out.
"""

import asyncio
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import scipy.sparse
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import f1_score
from sklearn.svm import LinearSVC

from benchmarks import sentences
from bot import topics as topics_module
from bot.components.features import DENSE_WEIGHT
from bot.components.sentence_encoder import encode
from bot.quiet import be_quiet
from bot.settings import ROOT

Predict = Callable[[list[str]], list[str]]


def training(per_topic: int) -> list[tuple[str, str]]:
    """(sentence, topic) of data/nlu, `per_topic` of each, drawn evenly over the file so that every voice is in it."""
    from rasa.shared.nlu.training_data.loading import load_data

    by_topic: dict[str, list[str]] = defaultdict(list)
    for example in load_data(str(ROOT / "data" / "nlu")).intent_examples:
        by_topic[example.get("intent")].append(example.get("text"))
    return [(texts[index], topic) for topic, texts in by_topic.items()
            for index in np.unique(np.linspace(0, len(texts) - 1, min(per_topic, len(texts))).astype(int))]


class Parts:
    """Features of both sets, computed once."""

    def __init__(self, train: list[str], test: list[str]) -> None:
        blocks = [TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 5), min_df=2, sublinear_tf=True),
                  TfidfVectorizer(token_pattern=r"\S+", ngram_range=(1, 2), sublinear_tf=True)]
        self.ngrams = [scipy.sparse.hstack(pair).tocsr() for pair in
                       zip(*[(block.fit_transform(train), block.transform(test)) for block in blocks], strict=True)]
        vectors = [np.stack([encode(text) for text in texts]) for texts in (train, test)]
        centred = [block - vectors[0].mean(axis=0) for block in vectors]
        self.dense = [block / np.linalg.norm(block, axis=1, keepdims=True) for block in centred]
        self.both = [scipy.sparse.hstack([sparse, scipy.sparse.csr_matrix(dense * DENSE_WEIGHT)]).tocsr()
                     for sparse, dense in zip(self.ngrams, self.dense, strict=True)]


def rasa_default(examples: list[tuple[str, str]], test: list[str]) -> list[str]:
    """Train Rasa's default pipeline and read the test sentences with it."""
    from rasa.core.agent import Agent
    from rasa.model_training import train_nlu
    from rasa.shared.nlu.training_data.message import Message
    from rasa.shared.nlu.training_data.training_data import TrainingData

    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "nlu.yml"
        TrainingData([Message({"text": text, "intent": topic}) for text, topic in examples]).persist_nlu(str(data))
        model = train_nlu(str(ROOT / "benchmarks/configs/rasa_default.yml"), str(data), folder)
        agent = Agent.load(model)

        async def read() -> list[str]:
            return [(await agent.parse_message(text))["intent"]["name"] for text in test]

        return asyncio.run(read())


def report(name: str, said: list[str], right: list[str], seconds: float) -> None:
    """One row of the table in docs/understanding.md."""
    topics = topics_module.load()
    sensitive = [(a, b) for a, b in zip(said, right, strict=True) if topics[b].sensitive]
    print(f"| {name} | {np.mean(np.array(said) == np.array(right)):.3f} | {f1_score(right, said, average='macro'):.3f} | "
          f"{np.mean([a == b for a, b in sensitive]):.3f} | {seconds:.0f} |", flush=True)


def main(arguments: list[str]) -> None:
    """Print the table."""
    be_quiet()
    per_topic = int(arguments[arguments.index("--per-topic") + 1]) if "--per-topic" in arguments else sys.maxsize
    examples = training(per_topic)
    texts, labels = [text for text, _ in examples], [topic for _, topic in examples]
    test = sentences.read("topics")
    right = [item.label for item in test]
    print(f"{len(texts)} training sentences, {len(test)} test sentences, {len(set(labels))} topics\n")
    print("| pipeline | accuracy | macro F1 | recall on sensitive topics | training, s |\n|---|---|---|---|---|")
    start = time.perf_counter()
    parts = Parts([text.lower() for text in texts], [item.text.lower() for item in test])
    shared = time.perf_counter() - start
    candidates: list[tuple[str, list[Any], Any]] = [
        ("n-grams, logistic regression", parts.ngrams, LogisticRegression(C=20, max_iter=60)),
        ("n-grams, linear SVM", parts.ngrams, LinearSVC(C=1)),
        ("E5 alone, logistic regression", parts.dense, LogisticRegression(C=64, max_iter=300)),
        ("**n-grams + E5, linear SVM (ours)**", parts.both, LinearSVC(C=1)),
    ]
    for name, (train_rows, test_rows), machine in candidates:
        start = time.perf_counter()
        said = machine.fit(train_rows, labels).predict(test_rows)
        report(name, list(said), right, time.perf_counter() - start + (shared if "E5" in name else 0))
    if "--without-default" not in arguments:
        start = time.perf_counter()
        said = rasa_default(examples, [item.text for item in test])
        report("Rasa's default (DIET)", said, right, time.perf_counter() - start)


if __name__ == "__main__":
    main(sys.argv[1:])
