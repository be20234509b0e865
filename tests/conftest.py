"""Fixtures that every test may use: settings, facts, the trained model, and the whole assistant running on free ports."""

import contextlib
import os
import socket
import subprocess
import sys
import time
from dataclasses import dataclass
from typing import Any, Iterator

import httpx
import pytest

from bot.quiet import be_quiet
from bot.settings import ROOT, Settings, load
from bot.train import train

be_quiet()

START_SECONDS = 120


@pytest.fixture(scope="session")
def settings() -> Settings:
    """Settings as they are without any environment variable."""
    return load({})


@pytest.fixture(scope="session")
def model() -> None:
    """The trained model; trains when the data changed."""
    train()


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@dataclass
class Running:
    """The assistant as two processes."""

    url: str
    actions_url: str
    token: str
    chat: subprocess.Popen
    actions: subprocess.Popen
    log: Any

    def open(self) -> "Conversation":
        """A new conversation."""
        return Conversation(self.url)


class Conversation:
    """A resident who types and presses buttons; `messages` is what the last turn showed."""

    def __init__(self, url: str) -> None:
        self.client = httpx.Client(base_url=url, timeout=30)
        response = self.client.post("/sessions")
        assert response.status_code == 201, response.text
        self.token = response.json()["session"]
        self.headers = {"Authorization": f"Bearer {self.token}"}
        self.messages = response.json()["messages"]

    def say(self, text: str) -> list[dict[str, Any]]:
        """Type a text."""
        return self._send({"text": text})

    def press(self, title: str) -> list[dict[str, Any]]:
        """Press the button with this title."""
        buttons = {button["title"]: button["id"] for message in self.messages for button in message["buttons"]}
        assert title in buttons, f"no button {title!r} among {list(buttons)}"
        return self._send({"choice": buttons[title]})

    def _send(self, body: dict[str, Any]) -> list[dict[str, Any]]:
        response = self.client.post("/messages", json=body, headers=self.headers)
        assert response.status_code == 200, response.text
        self.messages = response.json()["messages"]
        return self.messages

    @property
    def text(self) -> str:
        """Everything the last turn showed: texts, links and button titles."""
        parts = []
        for message in self.messages:
            parts += [message["text"], *(f"{link['title']} {link['url']}" for link in message["links"]),
                      *(button["title"] for button in message["buttons"])]
        return "\n".join(parts)


@contextlib.contextmanager
def running_assistant(folder: Any, **environment: str) -> Iterator[Running]:
    """Start action server and chat API, wait until they answer, stop them."""
    chat_port, actions_port, token = free_port(), free_port(), "t" * 40
    variables = {**os.environ, "CHAT_PORT": str(chat_port), "ACTIONS_PORT": str(actions_port), "ACTIONS_TOKEN": token,
                 "CHAT_SECRET": "s" * 40, "CHAT_MESSAGES_PER_MINUTE": "600", **environment}
    with open(folder / "log.txt", "w+") as log:
        start = [subprocess.Popen([sys.executable, "-W", "ignore", "-m", module], cwd=ROOT, env=variables,
                                  stdout=log, stderr=log) for module in ("actions", "bot.server")]
        running = Running(f"http://127.0.0.1:{chat_port}/chat", f"http://127.0.0.1:{actions_port}", token,
                          start[1], start[0], log)
        try:
            for url in (f"{running.actions_url}/health", f"{running.url}/health"):
                _wait_for(url, folder)
            yield running
        finally:
            for process in start:
                process.terminate()
            for process in start:
                process.wait(20)


def _wait_for(url: str, folder: Any) -> None:
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until:
        with contextlib.suppress(httpx.HTTPError):
            if httpx.get(url, timeout=2).status_code == 200:
                return
        time.sleep(0.3)
    raise AssertionError(f"{url} does not answer: {(folder / 'log.txt').read_text()[-3000:]}")


@pytest.fixture(scope="session")
def assistant(model: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """The whole assistant, shared by all tests that do not harm it."""
    with running_assistant(tmp_path_factory.mktemp("assistant")) as running:
        yield running


@pytest.fixture
def resident(assistant: Running) -> Conversation:
    """A new conversation with the shared assistant."""
    return assistant.open()
