"""`python -m benchmarks.explain "tekst"`: why the assistant reads a message as it does: its words, its neighbours, the lexicon.

For error analysis by a developer; nothing of it runs when residents chat.
"""

import asyncio
import sys
from typing import Any

import numpy as np

from benchmarks.understanding import Reader
from bot.encoder import encode

NEIGHBOURS, WORDS = 5, 6


def neighbours(text: str) -> list[tuple[float, str, str]]:
    """(cosine, topic, training sentence) of the nearest training sentences, nearest first; reading all takes some minutes."""
    from rasa.shared.nlu.training_data.loading import load_data

    from bot.settings import ROOT

    examples = load_data(str(ROOT / "data" / "nlu")).intent_examples
    vectors = np.stack([encode(example.get("text")) for example in examples])
    centre = vectors.mean(axis=0)
    vectors, wanted = vectors - centre, encode(text) - centre
    cosines = vectors @ wanted / (np.linalg.norm(vectors, axis=1) * np.linalg.norm(wanted))
    return [(float(cosines[place]), examples[place].get("intent"), examples[place].get("text"))
            for place in np.argsort(-cosines)[:NEIGHBOURS]]


async def weights(read: Reader, text: str, whole: dict[str, Any]) -> list[tuple[str, float, float]]:
    """(word, what danger loses, what the topic loses) when the word is left out, heaviest for danger first."""
    topic, words, found = whole["intent_ranking"][0]["name"], text.split(), []
    for place, word in enumerate(words):
        without = await read(" ".join(words[:place] + words[place + 1:]) or ".")
        confidence = {item["name"]: item["confidence"] for item in without["intent_ranking"]}.get(topic, 0.0)
        found.append((word, score(whole) - score(without), whole["intent_ranking"][0]["confidence"] - confidence))
    return sorted(found, key=lambda item: -item[1])


def score(parsed: dict[str, Any]) -> float:
    """The score of the emergency detector, 0 for a message without words."""
    return parsed["danger"]["score"] if parsed["danger"] else 0.0


async def main(text: str) -> None:
    """Print what is decided and what speaks for it."""
    read = Reader()
    whole = await read(text)
    print(f"decided: {whole['intent']['name']}, {whole['certainty']['band']}; also {whole.get('also')}; danger {whole['danger']}")
    print("topics:", ", ".join(f"{item['name']} {item['confidence']:.2f}" for item in whole["intent_ranking"][:4]))
    for word, danger, topic in (await weights(read, text, whole))[:WORDS]:
        print(f"  without {word!r}: danger {-danger:+.2f}, topic {-topic:+.2f}")
    for cosine, label, sentence in neighbours(text):
        print(f"  {cosine:.2f} {label}: {sentence}")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit('usage: python -m benchmarks.explain "tekst"')
    asyncio.run(main(sys.argv[1]))
