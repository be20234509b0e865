"""`python -m deploy.nginx_config`: writes nginx.conf and the error pages; tests render the same for other ports."""

import json
import sys
from pathlib import Path
from typing import Optional, Sequence

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from bot import facts as facts_module
from bot.facts import Facts
from bot.problems import PROBLEM_JSON, RETRY_SECONDS, TITLES
from bot.settings import load
from bot.widget.page import numbers

HERE = Path(__file__).resolve().parent
CONFIG, PAGES, TEMPLATES = HERE / "nginx.conf", HERE / "error_pages", HERE / "templates"
CHAT = ("127.0.0.1:5005", "127.0.0.1:5006")
INSTALLED = Path("/etc/wijkwijzer")
DASHBOARD = "127.0.0.1:8080"
FAILURES = (413, 429, 503)  # what nginx answers itself; 502 and 504 are told as 503


def _environment() -> Environment:
    return Environment(loader=FileSystemLoader(TEMPLATES), undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True,
                       keep_trailing_newline=True, autoescape=False)


def render(chat: Sequence[str], listen: str, error_pages: Path, folder: Path, tls: Optional[tuple[str, str]] = None,
           dashboard: Optional[str] = None, limits: bool = True) -> str:
    """The whole configuration.

    `chat` and `dashboard` are host:port; `listen` an address; `tls` certificate and key; `folder` takes what nginx writes while
    it runs; without `limits` no client is slowed down (all residents of a test have one address).
    """
    return _environment().get_template("nginx.conf").render(
        chat=chat, listen=listen, error_pages=error_pages, folder=folder, tls=tls, dashboard=dashboard, limits=limits,
        retry=RETRY_SECONDS, problem_json=PROBLEM_JSON)


def error_pages(facts: Facts) -> dict[str, str]:
    """{file name: contents}: for each of FAILURES a problem document as the chat API gives, and a page for who looks at one."""
    pages = {}
    for status in FAILURES:
        problem = {"type": "about:blank", "title": TITLES[status], "status": status, "emergency": facts.emergency()}
        pages[f"{status}.json"] = json.dumps(problem, ensure_ascii=False, indent=1) + "\n"
        pages[f"{status}.html"] = _environment().get_template("error.html").render(title=TITLES[status], numbers=numbers(facts))
    return pages


def as_shipped() -> str:
    """nginx.conf of this folder, for two chat servers and the dashboard on one machine."""
    return render(CHAT, "443 ssl", INSTALLED / "error_pages", Path("/var/lib/nginx"),
                  (f"{INSTALLED}/tls/fullchain.pem", f"{INSTALLED}/tls/privkey.pem"), DASHBOARD)


def main() -> int:
    """Write all files."""
    CONFIG.write_text(as_shipped(), encoding="utf-8")
    PAGES.mkdir(exist_ok=True)
    for name, text in error_pages(facts_module.load(load().facts_dir)).items():
        (PAGES / name).write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
