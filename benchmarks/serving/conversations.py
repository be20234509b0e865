"""What the simulated residents type: kept-apart sentences over all topics, and whole intakes between them."""

import random
from typing import Iterator, Sequence

from benchmarks import intakes, sentences

SEED = 20240701
PER_CONVERSATION = 5   # sentences of one resident
INTAKE_EVERY = 4       # every fourth conversation is an intake
SETS = ("topics", "fresh_topics")

Conversation = tuple[str, ...]


def mixed(texts: Sequence[str], whole: Sequence[Conversation], seed: int = SEED) -> list[Conversation]:
    """Conversations of PER_CONVERSATION of the texts, shuffled, each fourth one an intake. Same seed, same list."""
    source = random.Random(seed)
    shuffled = source.sample(list(texts), len(texts))
    guided: Iterator[Conversation] = iter(source.sample(list(whole), len(whole)))
    made: list[Conversation] = []
    for start in range(0, len(shuffled), PER_CONVERSATION):
        made.append(tuple(shuffled[start:start + PER_CONVERSATION]))
        if len(made) % INTAKE_EVERY == INTAKE_EVERY - 1:
            following = next(guided, None)
            if following:
                made.append(following)
    return made


def load() -> list[Conversation]:
    """All conversations of a run, in order."""
    texts = [item.text for name in SETS for item in sentences.read(name)]
    guided = [tuple(turn if isinstance(turn, str) else turn["say"] for turn in item["turns"])
              for file in intakes.FILES for item in intakes.conversations(file)]
    return mixed(texts, guided)
