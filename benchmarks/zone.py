"""An example site on an origin of its own, with the assistant that it embeds: for browser tests and screenshots."""

import contextlib
import os
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Iterator

from benchmarks.assistant import free_port, running_assistant, start, wait_for
from bot.settings import load

STOP_SECONDS = 30
IN_PROFILE = "http://localhost:8000"


@dataclass
class Site:
    """A running example site; `chat` is the address of the chat server that it embeds, which need not run."""

    url: str
    chat: str


@contextlib.contextmanager
def running_site(folder: Path, **environment: str) -> Iterator[Site]:
    """Start the example site on a free port, or on SITE_PORT; wait until it answers, stop it."""
    variables = {**os.environ, "SITE_PORT": str(free_port()), **environment}
    url = f"http://localhost:{variables['SITE_PORT']}"
    with open(folder / "site.txt", "w+") as log:
        process = start(("bot.widget.example",), variables, log)
        try:
            wait_for(f"{url}/", folder / "site.txt")
            yield Site(url, f"http://127.0.0.1:{load(variables).chat_port}")
        finally:
            process.terminate()
            process.wait(STOP_SECONDS)


@contextlib.contextmanager
def running_zone(folder: Path) -> Iterator[Site]:
    """The assistant and the example site, both as processes; a copy of the zone profile lets this site use this assistant."""
    port = free_port()
    profile = shutil.copytree(load({}).facts_dir, folder / "facts")
    text = (profile / "zone.yml").read_text(encoding="utf-8")
    (profile / "zone.yml").write_text(text.replace(IN_PROFILE, f"http://localhost:{port}"), encoding="utf-8")
    with running_assistant(folder, FACTS_DIR=str(profile)) as assistant:
        chat = assistant.url.removesuffix("/chat").rpartition(":")[2]
        with running_site(folder, SITE_PORT=str(port), CHAT_PORT=chat, FACTS_DIR=str(profile)) as site:
            yield site
