"""Several chat servers, each with its action server, behind nginx with one Redis: for tests and benchmarks on one machine."""

import contextlib
import os
import shutil
import subprocess
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Iterator

import httpx

from benchmarks.assistant import START_SECONDS, Conversation, Running, free_port, running_assistant
from benchmarks.kernel import family, processor_seconds
from bot.settings import ROOT
from deploy.nginx_config import render

NGINX = "nginx"


@dataclass
class Cluster:
    """Everything that runs; `url` is what residents see."""

    url: str
    workers: list[Running]
    nginx: subprocess.Popen
    redis_pid: int

    def open(self) -> Conversation:
        """A new conversation."""
        return Conversation(self.url)

    def cpu(self) -> Counter:
        """Seconds of processor that each kind of process has used so far."""
        used: Counter = Counter()
        for worker in self.workers:
            used["chat"] += processor_seconds([worker.chat.pid])
            used["actions"] += processor_seconds([worker.actions.pid])
        used["nginx"] += processor_seconds(family([self.nginx.pid]))
        used["redis"] += processor_seconds([self.redis_pid])
        used["residents"] += processor_seconds([os.getpid()])
        return used


@contextlib.contextmanager
def running_cluster(folder: Path, redis: str, redis_pid: int, workers: int = 2, **environment: str) -> Iterator[Cluster]:
    """Start it all, wait until nginx answers through it, stop it all."""
    shared = {"CHAT_STORE_URL": redis, "STATISTICS_COUNTER_URL": redis, "STATISTICS_URL": f"sqlite:///{folder}/statistics.db",
              **environment}
    with contextlib.ExitStack() as stack:
        started = []
        for number in range(workers):
            own = folder / f"worker{number}"
            own.mkdir()
            started.append(stack.enter_context(running_assistant(own, **shared)))
        port = free_port()
        nginx = stack.enter_context(running_nginx(folder, port, [worker.environment["CHAT_PORT"] for worker in started]))
        yield Cluster(f"http://127.0.0.1:{port}/chat", started, nginx, redis_pid)


@contextlib.contextmanager
def running_nginx(folder: Path, port: int, chat_ports: list[str], limits: bool = False,
                  wait: bool = True) -> Iterator[subprocess.Popen]:
    """nginx with the configuration of deploy/, without TLS; as all have one address here, limits per client only when wanted."""
    pages = ROOT / "deploy" / "error_pages"
    config = folder / "nginx.conf"
    config.write_text(render(chat=[f"127.0.0.1:{chat}" for chat in chat_ports], listen=f"127.0.0.1:{port}", error_pages=pages,
                             folder=folder, limits=limits))
    process = subprocess.Popen([shutil.which(NGINX) or "/usr/sbin/nginx", "-c", str(config), "-p", str(folder), "-e",
                                str(folder / "nginx-error.log"), "-g", "daemon off;"])
    try:
        until = time.monotonic() + START_SECONDS
        while not _answers(f"http://127.0.0.1:{port}/chat/health", 200 if wait else 503):
            assert time.monotonic() < until and process.poll() is None, "nginx does not answer"
            time.sleep(0.05)
        yield process
    finally:
        process.terminate()
        process.wait(START_SECONDS)


def _answers(url: str, status: int) -> bool:
    with contextlib.suppress(httpx.HTTPError):
        return httpx.get(url, timeout=2).status_code == status
    return False
