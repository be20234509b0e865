"""The example site as a real process."""

import contextlib
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Iterator

import pytest

from benchmarks.assistant import start, wait_for
from bot.settings import load
from tests.conftest import free_port

START_SECONDS = 30


@dataclass
class Site:
    """A running example site; `chat` is the address of the chat server that it embeds, which need not run."""

    url: str
    chat: str


@contextlib.contextmanager
def running_site(folder: Path, **environment: str) -> Iterator[Site]:
    """Start the example site on a free port, wait until it answers, stop it."""
    variables = {**os.environ, "SITE_PORT": str(free_port()), **environment}
    port = variables["SITE_PORT"]
    with open(folder / "site.txt", "w+") as log:
        process = start(("bot.widget.example",), variables, log)
        try:
            wait_for(f"http://127.0.0.1:{port}/", folder / "site.txt")
            yield Site(f"http://127.0.0.1:{port}", f"http://127.0.0.1:{load(variables).chat_port}")
        finally:
            process.terminate()
            process.wait(START_SECONDS)


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The example site, shared by all tests."""
    with running_site(tmp_path_factory.mktemp("site")) as running:
        yield running
