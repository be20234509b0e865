"""The whole assistant as two processes on free ports, and a resident who talks to it: for tests, benchmarks and simulation."""

import contextlib
import os
import shutil
import socket
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Iterator, Sequence

import httpx

from bot.settings import ROOT, load
from bot.statistics.service import state_folder

START_SECONDS = 120
STOP_SECONDS = 20
ACTIONS, CHAT = ("actions",), ("bot.server",)


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@dataclass
class Running:
    """The assistant as two processes, or as one where actions run inside (`actions` is then `chat`); `environment` is what they
    were started with, `state` where exact counts stand."""

    url: str
    actions_url: str
    token: str
    chat: subprocess.Popen
    actions: subprocess.Popen
    log: Any
    environment: dict[str, str]
    state: Path

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

    def close(self) -> None:
        """Leave: the session is forgotten."""
        self.client.post("/sessions/close", headers=self.headers)
        self.client.close()

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


def start(module: Sequence[str], environment: dict[str, str], log: Any) -> subprocess.Popen:
    """One process of the assistant: a module and its arguments."""
    return subprocess.Popen([sys.executable, "-W", "ignore", "-m", *module], cwd=ROOT, env=environment, stdout=log, stderr=log)


@contextlib.contextmanager
def running_assistant(folder: Path, actions: Sequence[str] = ACTIONS, **environment: str) -> Iterator[Running]:
    """Start chat API and action server, unless ACTIONS_INSIDE is yes, with figures in `folder`; wait until they answer, stop
    them, forget the counts."""
    chat_port, actions_port, token = free_port(), free_port(), "t" * 40
    variables = {**os.environ, "CHAT_PORT": str(chat_port), "ACTIONS_PORT": str(actions_port), "ACTIONS_TOKEN": token,
                 "CHAT_SECRET": "s" * 40, "CHAT_MESSAGES_PER_MINUTE": "600", "CHAT_DRAIN_SECONDS": "0",
                 "STATISTICS_URL": f"sqlite:///{folder}/data/statistics.db", **environment}
    state = state_folder(load(variables)) or folder / "no-memory"
    with open(folder / "log.txt", "w+") as log:
        inside = variables.get("ACTIONS_INSIDE") == "yes"
        started = [start(module, variables, log) for module in ((CHAT,) if inside else (actions, CHAT))]
        running = Running(f"http://127.0.0.1:{chat_port}/chat", f"http://127.0.0.1:{actions_port}", token,
                          started[-1], started[0], log, variables, state)
        try:
            for url in (f"{running.url}/health",) if inside else (f"{running.actions_url}/health", f"{running.url}/health"):
                wait_for(url, folder / "log.txt")
            yield running
        finally:
            for process in (running.actions, running.chat):
                process.terminate()
            for process in (running.actions, running.chat):
                process.wait(STOP_SECONDS)
            shutil.rmtree(state, ignore_errors=True)


def wait_for(url: str, log: Path) -> None:
    """Return once a URL answers 200; raises AssertionError with the end of the log."""
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until:
        with contextlib.suppress(httpx.HTTPError):
            if httpx.get(url, timeout=2).status_code == 200:
                return
        time.sleep(0.3)
    raise AssertionError(f"{url} does not answer: {log.read_text()[-3000:]}")
