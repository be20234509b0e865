"""Rasa's own validation and the story tests."""

import subprocess
import sys

from bot.quiet import QUIET
from bot.settings import ROOT


def rasa(*arguments: str) -> subprocess.CompletedProcess:
    """Run a Rasa command in the project."""
    import os

    return subprocess.run([sys.executable, "-W", "ignore", "-m", "rasa", *arguments], cwd=ROOT, capture_output=True, text=True,
                          env={**os.environ, **QUIET}, timeout=500)


def test_rasa_data_validate_passes_with_warnings_as_failures():
    result = rasa("data", "validate", "--fail-on-warnings", "--data", "data/nlu", "data/stories")
    assert result.returncode == 0, result.stderr[-3000:]
