"""The committed script is what its sources give, is small, and its pure parts do what they say. Needs Node.js and npm."""

import gzip
import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from bot import facts
from bot.settings import ROOT
from bot.widget import files

FOLDER = ROOT / "bot" / "widget"
MAX_GZIP = 15 * 1024
SECONDS = 300


def run(*command: str) -> subprocess.CompletedProcess:
    """A command in the folder of the widget; without Node these tests are skipped, but never where everything must be tested."""
    if not shutil.which(command[0]):
        (pytest.fail if os.environ.get("CI") else pytest.skip)(f"{command[0]} is not there (apt-get install nodejs npm)")
    return subprocess.run(command, cwd=FOLDER, capture_output=True, text=True, timeout=SECONDS, check=False)


def test_the_pure_parts_of_the_script():
    result = run("node", "--test", "test/")
    assert result.returncode == 0, result.stdout[-3000:]


def test_the_committed_script_is_what_the_sources_give(tmp_path: Path):
    if not (FOLDER / "node_modules" / "esbuild").is_dir():
        installed = run("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund")
        assert installed.returncode == 0, installed.stderr[-2000:]
    result = run("node", "build.mjs", str(tmp_path))
    assert result.returncode == 0, result.stderr
    version = json.loads((FOLDER / "package.json").read_text(encoding="utf-8"))["version"]
    name = f"wijkwijzer-chat-{version}.js"
    assert (tmp_path / name).read_bytes() == (FOLDER / "dist" / name).read_bytes(), "run `npm run build` in bot/widget"
    assert files.load().name == name


def test_the_script_is_small():
    assert len(gzip.compress(files.load().current.content, 9)) <= MAX_GZIP


def test_the_numbers_in_the_script_are_those_of_the_facts(settings):
    known = {item["url"] for item in facts.load(settings.facts_dir).emergency()}
    text = (FOLDER / "src" / "strings.js").read_text(encoding="utf-8")
    written = {part.split('"')[0] for part in text.split('url: "')[1:]}
    assert written and written <= known
