"""`python -m bot.train`: train when examples, answers, rules, domain, config or components changed, and only then."""

import hashlib
import logging
import sys
from pathlib import Path
from typing import Iterator

from bot.quiet import be_quiet
from bot.settings import ROOT

MODELS = ROOT / "models"
MODEL = "wijkwijzer"
INPUTS = ("data/nlu", "data/stories", "domain.yml", "config.yml", "data/topics.yml", "bot/components", "bot/encoder",
          "bot/dutch.py")
SUFFIXES = (".yml", ".py", ".onnx")
TRAINING_DATA = ("data/nlu", "data/stories")


def digest(root: Path = ROOT) -> str:
    """SHA-256 over names and contents of everything a model is made of."""
    total = hashlib.sha256()
    for path in _files(root):
        total.update(str(path.relative_to(root)).encode())
        total.update(path.read_bytes())
    return total.hexdigest()


def _files(root: Path) -> Iterator[Path]:
    for name in INPUTS:
        path = root / name
        yield from [path] if path.is_file() else sorted(file for file in path.rglob("*") if file.suffix in SUFFIXES)


def model_path() -> Path:
    """Where the trained model stands."""
    return MODELS / f"{MODEL}.tar.gz"


def is_current() -> bool:
    """True when the model was trained from exactly what stands in the tree now."""
    stamp = MODELS / "digest"
    return model_path().is_file() and stamp.is_file() and stamp.read_text() == digest()


def train(force: bool = False) -> bool:
    """Train when needed; True when a training took place."""
    if is_current() and not force:
        return False
    be_quiet()
    from rasa.model_training import train as rasa_train  # takes seconds to import, only when there is work
    from rasa.utils.log_utils import configure_structlog

    configure_structlog(logging.WARNING)  # else every rule is printed

    before = digest()
    result = rasa_train(domain=str(ROOT / "domain.yml"), config=str(ROOT / "config.yml"),
                        training_files=[str(ROOT / name) for name in TRAINING_DATA], output=str(MODELS),
                        fixed_model_name=MODEL)
    if result.code:
        raise SystemExit(result.code)
    (MODELS / "digest").write_text(before)
    return True


if __name__ == "__main__":
    print("trained" if train(force="--force" in sys.argv) else "the model is up to date")
