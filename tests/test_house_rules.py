"""Who may import whom, how long files are, what must never be committed."""

import ast
import re
import subprocess
from pathlib import Path

import pytest

from bot.settings import ROOT

# part of our code -> top-level names (or our own modules) that it must not import
FORBIDDEN = {
    "bot/settings.py": ("rasa", "sanic", "bot.facts", "bot.topics", "bot.channel", "bot.nlg"),
    "bot/errors.py": ("rasa", "sanic", "bot"),
    "bot/facts": ("rasa", "sanic", "bot.channel", "bot.nlg", "bot.components"),
    "bot/sessions.py": ("rasa", "sanic"),
    "bot/shared_sessions.py": ("rasa", "sanic"),
    "bot/vault.py": ("rasa", "sanic", "bot.statistics"),
    "bot/clients.py": ("rasa", "sanic"),
    "bot/metrics.py": ("rasa", "sanic", "bot.statistics"),
    "bot/topics.py": ("rasa", "sanic"),
    "bot/responses.py": ("rasa", "sanic"),
    "bot/widget": ("rasa", "rasa_sdk", "bot.channel", "bot.conversations", "bot.nlg", "bot.components", "bot.tracker_store",
                   "bot.dashboard", "bot.statistics", "actions"),
    "bot/statistics": ("rasa", "sanic", "bot.channel", "bot.nlg", "bot.components", "bot.dashboard", "actions"),
    # of the statistics only what is released: no answer, and not the time it takes, can depend on a live count
    "bot/dashboard": ("rasa", "rasa_sdk", "bot.channel", "bot.nlg", "bot.components", "bot.tracker_store", "actions",
                      "bot.statistics.counts", "bot.statistics.redis_counts", "bot.statistics.service"),
    "actions": ("rasa", "bot.channel", "bot.nlg", "bot.components", "bot.tracker_store", "bot.dashboard"),
}
OURS = ("bot", "actions", "benchmarks", "tests")
MAX_LINES = 300


def python_files(place: str) -> list[Path]:
    path = ROOT / place
    return [path] if path.is_file() else sorted(path.rglob("*.py"))


def imports(path: Path) -> set[str]:
    """Every module that a file imports, wherever in the file."""
    names = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return names


@pytest.mark.parametrize("place", FORBIDDEN)
def test_imports_go_one_way(place):
    for path in python_files(place):
        for name in imports(path):
            for forbidden in FORBIDDEN[place]:
                assert name != forbidden and not name.startswith(f"{forbidden}."), f"{path} imports {name}"


@pytest.mark.parametrize("place", OURS)
def test_files_stay_short(place):
    for path in python_files(place):
        assert len(path.read_text(encoding="utf-8").splitlines()) <= MAX_LINES, path


@pytest.mark.parametrize("place", ("bot", "actions"))
def test_public_names_have_a_docstring(place):
    for path in python_files(place):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for node in [tree, *(node for node in tree.body if isinstance(node, (ast.ClassDef, ast.FunctionDef)))]:
            if not getattr(node, "name", "").startswith("_"):
                assert ast.get_docstring(node), f"{path}: {getattr(node, 'name', 'module')}"


def tracked() -> list[Path]:
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return [ROOT / name for name in listed.splitlines() if (ROOT / name).is_file()]


def test_no_file_names_a_package_index():
    index = re.compile(r"(extra-)?index-url[ =]+http|\"resolved\": *\"http|find-links[ =]+http")
    for path in tracked():
        if path.suffix in (".txt", ".in", ".toml", ".cfg", ".json", ".yml", ".sh", ""):
            assert not index.search(path.read_text(encoding="utf-8", errors="ignore")), path


def test_every_locked_package_has_a_hash():
    for name in ("run", "dev"):
        lock = (ROOT / "requirements" / f"{name}.txt").read_text(encoding="utf-8")
        packages = re.findall(r"^[a-z0-9][^\n]*==", lock, re.M)
        assert len(packages) > 50
        assert len(re.findall(r"^[a-z0-9][^\n]*==[^\n]*\\\n    --hash=", lock, re.M)) == len(packages)


def test_nothing_is_left_for_later():
    words = re.compile(r"\b(TO" + r"DO|FIX" + r"ME|XX" + r"X)\b")
    for path in tracked():
        if path.suffix == ".py":
            assert not words.search(path.read_text(encoding="utf-8")), path
