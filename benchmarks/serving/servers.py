"""The servers of a contestant: chat, and actions unless they run inside it, on free ports, pinned to the cores of the servers."""

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any, Iterator, NamedTuple

import httpx

from benchmarks import kernel
from benchmarks.assistant import free_port
from benchmarks.services import end_with_parent
from benchmarks.serving.project import APART, STOCK
from bot.quiet import QUIET
from bot.settings import ROOT, load
from bot.statistics.service import state_folder

START_SECONDS, STOP_SECONDS, POLL_SECONDS = 240, 20, 0.02
FIRST = "mijn fiets is gestolen"  # its answer needs the model and the action server
OPEN_DOORS = {"CHAT_MESSAGES_PER_MINUTE": "600", "CHAT_MAX_WAITING": "1000", "CHAT_SESSIONS_PER_CLIENT": "100000",
              "CHAT_MAX_SESSIONS": "1000000"}  # one client is all residents here
TELEMETRY_OFF = {"RASA_TELEMETRY_ENABLED": "false", "TF_CPP_MIN_LOG_LEVEL": "3"}


class Serving(NamedTuple):
    """What runs: `url` of the chat server, `roots` the pids of what was started, the chat server last, `seconds` from spawning to
    the first answer."""

    url: str
    roots: tuple[int, ...]
    seconds: float

    def pids(self) -> set[int]:
        """All processes of the servers."""
        return kernel.family(self.roots)


def stock_files(folder: Path, actions_port: int) -> tuple[Path, Path]:
    """(endpoints, credentials) as `rasa init` would have them: one action server, the REST channel, the rest by default."""
    endpoints, credentials = folder / "endpoints.yml", folder / "credentials.yml"
    endpoints.write_text(f"action_endpoint:\n  url: http://127.0.0.1:{actions_port}/webhook\n", encoding="utf-8")
    credentials.write_text("rest:\n", encoding="utf-8")
    return endpoints, credentials


def commands(who: str, model: Path, folder: Path, chat_port: int, actions_port: int) -> list[list[str]]:
    """Arguments after `python -m` of the action server, where there is one, and of the chat server."""
    chat = ["benchmarks.serving.ours", str(model)]
    if who == APART:
        return [["actions"], chat]
    if who != STOCK:
        return [chat]
    endpoints, credentials = stock_files(folder, actions_port)
    return [["rasa_sdk", "--actions", "actions", "--port", str(actions_port)],
            ["rasa", "run", "--model", str(model), "--endpoints", str(endpoints), "--credentials", str(credentials),
             "--interface", "127.0.0.1", "--port", str(chat_port)]]


def environment(who: str, folder: Path, chat_port: int, actions_port: int) -> dict[str, str]:
    """Environment of the servers: for stock Rasa its defaults but for telemetry and threads, for ours that of `make run`, with
    actions inside unless it is APART."""
    common = {**os.environ, "OMP_NUM_THREADS": QUIET["OMP_NUM_THREADS"], "PYTHONUNBUFFERED": "1"}
    if who == STOCK:
        return {**common, **TELEMETRY_OFF, "SANIC_HOST": "127.0.0.1"}
    return {**common, **OPEN_DOORS, "CHAT_PORT": str(chat_port), "ACTIONS_PORT": str(actions_port), "ACTIONS_TOKEN": "t" * 40,
            "CHAT_SECRET": "s" * 40, "ACTIONS_INSIDE": "no" if who == APART else "yes",
            "STATISTICS_URL": f"sqlite:///{folder}/statistics.db"}


@contextlib.contextmanager
def serving(who: str, model: Path, folder: Path) -> Iterator[Serving]:
    """Start the servers, wait for the first real answer, and stop them whatever happens. Logs stand in `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    chat_port, actions_port = free_port(), free_port()
    variables = environment(who, folder, chat_port, actions_port)
    started: list[subprocess.Popen] = []
    with open(folder / "log.txt", "w+") as log:
        begin = time.perf_counter()
        try:
            for arguments in commands(who, model, folder, chat_port, actions_port):
                started.append(_start(arguments, variables, log))
            url = f"http://127.0.0.1:{chat_port}"
            _first_answer(who, url, started, folder / "log.txt")
            yield Serving(url, tuple(process.pid for process in started), time.perf_counter() - begin)
        finally:
            _stop(started)
            if who != STOCK:
                shutil.rmtree(state_folder(load(variables)) or folder / "none", ignore_errors=True)


def _start(arguments: list[str], variables: dict[str, str], log: Any) -> subprocess.Popen:
    process = subprocess.Popen([sys.executable, "-W", "ignore", "-m", *arguments], cwd=ROOT, env=variables, stdout=log,
                               stderr=log, start_new_session=True, preexec_fn=end_with_parent(signal.SIGTERM))
    os.sched_setaffinity(process.pid, kernel.cores()[0])
    return process


def _first_answer(who: str, url: str, started: list[subprocess.Popen], log: Path) -> None:
    until = time.monotonic() + START_SECONDS
    with httpx.Client(base_url=url, timeout=20) as client:
        while time.monotonic() < until:
            if any(process.poll() is not None for process in started):
                break
            with contextlib.suppress(httpx.HTTPError, ValueError, KeyError):
                if _answered(who, client):
                    return
            time.sleep(POLL_SECONDS)
    raise SystemExit(f"{who} does not answer on {url}:\n{log.read_text(errors='replace')[-3000:]}")


def _answered(who: str, client: httpx.Client) -> bool:
    if who == STOCK:
        return bool(client.post("/webhooks/rest/webhook", json={"sender": str(time.monotonic()), "message": FIRST}).json())
    opened = client.post("/chat/sessions")
    if opened.status_code != 201:
        return False
    headers = {"Authorization": f"Bearer {opened.json()['session']}"}
    return bool(client.post("/chat/messages", json={"text": FIRST}, headers=headers).json()["messages"])


def _stop(started: list[subprocess.Popen]) -> None:
    """End the processes and what they started, at first politely."""
    pids = kernel.family(process.pid for process in started)
    for process in started:
        process.terminate()
    for process in started:
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
    for pid in pids - {process.pid for process in started}:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGTERM)
