"""`python -m bot.run` (or `make run`): train if needed, then chat, actions, dashboard and example page under one supervisor."""

import os
import signal
import socket
import sys
import threading
import time

import httpx
from honcho.manager import Manager
from honcho.printer import Printer

from bot.errors import WijkwijzerError
from bot.quiet import be_quiet
from bot.settings import ROOT, Settings, load
from bot.train import is_current, train

LOOPBACK = "127.0.0.1"
READY_SECONDS = 180
CHECK_SECONDS = 0.5


def taken_ports(settings: Settings) -> list[str]:
    """A sentence for each port that something else listens on."""
    wanted = {"CHAT_PORT": settings.chat_port, "ACTIONS_PORT": settings.actions_port,
              "DASHBOARD_PORT": settings.dashboard_port, "SITE_PORT": settings.site_port}
    if settings.actions_inside:
        del wanted["ACTIONS_PORT"]
    return [f"port {port} is taken; stop what uses it or set {name}" for name, port in wanted.items() if _is_taken(port)]


def _is_taken(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex((LOOPBACK, port)) == 0


def say_when_ready(settings: Settings) -> None:
    """Print the URLs once all servers answer; say so when one does not."""
    urls = {"chat API": f"http://{LOOPBACK}:{settings.chat_port}/chat/health",
            "action server": f"http://{LOOPBACK}:{settings.actions_port}/health",
            "dashboard": f"http://{LOOPBACK}:{settings.dashboard_port}/gezondheid",
            "example page": f"http://{LOOPBACK}:{settings.site_port}/"}
    if settings.actions_inside:
        del urls["action server"]
    until = time.monotonic() + READY_SECONDS
    for name, url in urls.items():
        while not _answers(url):
            if time.monotonic() > until:
                print(f"error: the {name} does not answer on {url}", file=sys.stderr, flush=True)
                return
            time.sleep(CHECK_SECONDS)
        print(f"ready: {name} on {url.rsplit('/', 1)[0]}", flush=True)
    print(f"open http://localhost:{settings.site_port} (example page with the chat), "
          f"http://{LOOPBACK}:{settings.chat_port}/chat (the chat alone)\n"
          "or chat with `make chat` in a second terminal; a dashboard account: `make add-user name=...`; "
          "Ctrl-C stops everything", flush=True)


def _answers(url: str) -> bool:
    try:
        return httpx.get(url, timeout=2).status_code == 200
    except httpx.HTTPError:
        return False


def main() -> int:
    """Check, train, run; 1 on a wrong setting, a taken port or a failed training, else what the supervisor says."""
    be_quiet()
    try:
        settings = load()
    except WijkwijzerError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    problems = taken_ports(settings)
    if problems:
        print("\n".join(f"error: {problem}" for problem in problems), file=sys.stderr)
        return 1
    if not is_current():
        print("training: examples, answers or configuration changed; this takes some minutes", flush=True)
        train()
    print("starting ...", flush=True)
    manager = Manager(Printer(sys.stdout))
    environment = {**os.environ, "ACTIONS_TOKEN": settings.actions_token, "CHAT_SECRET": settings.chat_secret,
                   "PYTHONUNBUFFERED": "1"}
    if not settings.actions_inside:
        manager.add_process("actions", f"exec {sys.executable} -W ignore -m actions", env=environment, cwd=str(ROOT))
    manager.add_process("dashboard", f"exec {sys.executable} -W ignore -m bot.dashboard", env=environment, cwd=str(ROOT))
    manager.add_process("site", f"exec {sys.executable} -W ignore -m bot.widget.example", env=environment, cwd=str(ROOT))
    manager.add_process("chat", f"exec {sys.executable} -W ignore -m bot.server", env=environment, cwd=str(ROOT))
    signal.signal(signal.SIGTERM, lambda *_: manager.terminate())
    threading.Thread(target=say_when_ready, args=(settings,), daemon=True).start()
    manager.loop()
    return manager.returncode or 0


if __name__ == "__main__":
    sys.exit(main())
