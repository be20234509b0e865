"""Figures of understanding, from what a reader said of labelled sentences."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
from sklearn.metrics import f1_score

from bot import topics as topics_module


class Guess(NamedTuple):
    """The topic that a reader finds likeliest, and how sure it is (0 to 1)."""

    topic: str
    confidence: float


def accuracy(said: Sequence[str], right: Sequence[str]) -> float:
    """Share that is right; 0 of nothing."""
    return float(np.mean(np.array(said) == np.array(right))) if len(right) else 0.0


def macro_f1(said: Sequence[str], right: Sequence[str]) -> float:
    """Mean over topics of the harmonic mean of precision and recall."""
    return float(f1_score(right, said, average="macro"))


def recall_by_priority(said: Sequence[str], right: Sequence[str]) -> dict[str, float]:
    """Share that is right of each priority of the plan, and of `sensitive` topics together."""
    topics, groups = topics_module.load(), defaultdict(list)
    for guess, label in zip(said, right, strict=True):
        topic = topics[label]
        if topic.priority is not None:
            groups[topic.priority.id].append(guess == label)
        if topic.sensitive:
            groups["sensitive"].append(guess == label)
    return {name: float(np.mean(hits)) for name, hits in groups.items()}


def calibration_error(guesses: Sequence[Guess], right: Sequence[str], bins: int = 10) -> float:
    """Expected calibration error: mean distance between confidence and share that is right, over bins, weighted by their size."""
    filled: dict[int, list[float]] = defaultdict(list)
    for guess, label in zip(guesses, right, strict=True):
        filled[min(int(guess.confidence * bins), bins - 1)].append(guess.confidence - (guess.topic == label))
    return sum(abs(sum(one)) for one in filled.values()) / max(len(guesses), 1)


def rejection_curve(inside: Sequence[float], outside: Sequence[float],
                    costs: Sequence[float] = (0.01, 0.02, 0.03, 0.05, 0.1)) -> Mapping[float, float]:
    """Share of out-of-scope messages rejected when this share of in-scope ones is; both by how much each looks out of scope."""
    return {cost: float(np.mean(np.array(outside) > np.quantile(inside, 1 - cost))) for cost in costs}
