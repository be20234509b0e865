"""The chat on a page of its own: works with the widget's script, without any script, and when nothing else does."""

import re
from pathlib import Path
from typing import Any, Mapping, Sequence

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from sanic.response import HTTPResponse, html

from bot.facts import Facts
from bot.payloads import MAX_CHARACTERS
from bot.problems import RETRY_SECONDS, TITLES
from bot.widget.blocks import message_blocks
from bot.widget.files import Widget
from bot.widget.headers import page_headers

TEMPLATES = Path(__file__).resolve().parent / "templates"
SAFE_LINK = re.compile(r"(?:https://|tel:|mailto:)[^\s]+")
KEEPS_TEXT = frozenset({413, 429, 503})  # the resident can send the same text again, shorter or later

Message = Mapping[str, Any]


class ChatPage:
    """Renders the page; `facts` gives zone, numbers and exit site, `widget` the script."""

    def __init__(self, facts: Facts, widget: Widget) -> None:
        self.facts = facts
        environment = Environment(loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined,
                                  trim_blocks=True, lstrip_blocks=True)
        environment.filters.update(blocks=message_blocks)
        environment.tests.update(safe_link=lambda address: bool(SAFE_LINK.fullmatch(address)))
        environment.globals.update(zone=facts.value("zone.naam"), web=facts.web, numbers=numbers(facts), limit=MAX_CHARACTERS,
                                   script=widget.name, integrity=widget.current.integrity)
        self.template = environment.get_template("chat.html")

    def start(self) -> HTTPResponse:
        """The page as it opens, with the widget; no conversation exists yet."""
        return self._page(200, with_script=True)

    def answer(self, session: str, messages: Sequence[Message]) -> HTTPResponse:
        """The messages of a turn, and the form for the next; without the widget, which would begin a conversation of its own."""
        return self._page(200, session=session, messages=messages)

    def stopped(self) -> HTTPResponse:
        """After the resident wiped the conversation."""
        return self._page(200, stopped=True)

    def problem(self, status: int, session: str = "", typed: str = "") -> HTTPResponse:
        """A problem in one Dutch sentence with the numbers; `typed` stays in the form when sending it again makes sense."""
        status = status if status in TITLES else 500
        return self._page(status, session=session, problem=TITLES[status], typed=typed if status in KEEPS_TEXT else "")

    def _page(self, status: int, **values: Any) -> HTTPResponse:
        nothing = {"session": "", "messages": (), "problem": "", "typed": "", "stopped": False, "with_script": False}
        headers = page_headers()
        if status in RETRY_SECONDS:
            headers["Retry-After"] = str(RETRY_SECONDS[status])
        return html(self.template.render({**nothing, **values}), status=status, headers=headers)


def numbers(facts: Facts) -> dict[str, dict[str, str]]:
    """{"emergency": 112, "police": 101}, each with the "number" to show and the "url" to call it."""
    named = {"emergency": "noodcentrale.telefoon", "police": "politie_nood.telefoon"}
    return {role: {"number": facts.value(name), "url": facts.link(name)["url"]} for role, name in named.items()}
