"""Rasa's own validation, and its story tests on the trained model."""

import os
import subprocess
import sys

from bot.quiet import QUIET
from bot.settings import ROOT
from bot.train import model_path


def rasa(*arguments: str) -> subprocess.CompletedProcess:
    """Run a Rasa command in the project."""
    return subprocess.run([sys.executable, "-W", "ignore", "-m", "rasa", *arguments], cwd=ROOT, capture_output=True, text=True,
                          env={**os.environ, **QUIET}, timeout=500)


def test_rasa_data_validate_passes_with_warnings_as_failures():
    result = rasa("data", "validate", "--fail-on-warnings", "--data", "data/nlu", "data/stories")
    assert result.returncode == 0, result.stderr[-3000:]


def test_the_stories_are_predicted(model, tmp_path):
    result = rasa("test", "core", "--model", str(model_path()), "--stories", "tests/stories", "--out", str(tmp_path),
                  "--endpoints", "endpoints.yml", "--fail-on-prediction-errors")
    assert result.returncode == 0, result.stderr[-3000:]
    failed = (tmp_path / "failed_test_stories.yml").read_text(encoding="utf-8")
    assert "story:" not in failed
