"""Everything of the widget that the chat server serves: script, settings, style sheet, and the page with and without script."""

from pathlib import Path

from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse, json, raw

from bot.facts import Facts
from bot.handlers import function
from bot.problems import Problem
from bot.settings import Settings
from bot.widget.files import Widget
from bot.widget.form import Chat, ChatForm
from bot.widget.page import ChatPage
from bot.widget.theme import style

PATH = "/chat"
STYLE = Path(__file__).resolve().parent / "static" / "page.css"
FOR_EVER = "public, max-age=31536000, immutable"
FIVE_MINUTES = "public, max-age=300"


def is_page(request: Request) -> bool:
    """True when somebody looks at the page itself, so that errors too are pages."""
    return bool(request.head) and request.path.rstrip("/") == PATH


class WidgetRoutes:
    """Handlers with what they need; the chat channel adds them to its own routes."""

    def __init__(self, settings: Settings, facts: Facts, widget: Widget, chat: Chat) -> None:
        self.widget = widget
        self.page = ChatPage(facts, widget)
        self.form = ChatForm(chat, self.page)
        self.style = style(facts.web["theme"]) + STYLE.read_text(encoding="utf-8")
        self.settings = {
            "exit": facts.web["exit_site"], "session_minutes": settings.chat_ttl_minutes,
            "theme": {**facts.web["theme"], "logo": facts.web.get("logo")},
        }

    def add_to(self, routes: Blueprint) -> None:
        """Add the routes to a blueprint at /chat. What is `public` answers any website: a script with integrity needs CORS."""
        routes.add_route(function(self.start), "", methods=["GET"])
        routes.add_route(function(self.form.receive), "", methods=["POST"], name="form")
        routes.add_route(function(self.config), "/widget/config.json", methods=["GET"])
        routes.add_route(function(self.page_style), "/widget/page.css", methods=["GET"])
        routes.add_route(function(self.script), "/widget/<name:str>", methods=["GET"], ctx_public=True)

    async def start(self, request: Request) -> HTTPResponse:
        """GET /chat: the chat on a page of its own."""
        return self.page.start()

    async def config(self, request: Request) -> HTTPResponse:
        """GET /chat/widget/config.json: what the widget needs to know of the zone; for the websites of the profile."""
        return json(self.settings, headers={"Cache-Control": FIVE_MINUTES})

    async def page_style(self, request: Request) -> HTTPResponse:
        """GET /chat/widget/page.css: the style sheet of the page, in the colours of the zone."""
        return raw(self.style.encode(), content_type="text/css; charset=utf-8", headers={"Cache-Control": FIVE_MINUTES})

    async def script(self, request: Request, name: str) -> HTTPResponse:
        """GET /chat/widget/wijkwijzer-chat-<version>.js: any version that was ever built, for any website."""
        found = self.widget.scripts.get(name)
        if found is None:
            raise Problem(404)
        headers = {"Cache-Control": FOR_EVER, "Access-Control-Allow-Origin": "*", "Cross-Origin-Resource-Policy": "cross-origin",
                   "Vary": "Accept-Encoding"}
        packed = _takes_gzip(request.headers.get("accept-encoding", ""))
        if packed:
            headers["Content-Encoding"] = "gzip"
        body = found.packed if packed else found.content
        return raw(body, content_type="application/javascript; charset=utf-8", headers=headers)


def _takes_gzip(accepted: str) -> bool:
    """True when an Accept-Encoding names gzip and does not forbid it with q=0."""
    for part in accepted.lower().split(","):
        coding, _, weight = part.replace(" ", "").partition(";")
        if coding == "gzip":
            return weight.removeprefix("q=").strip("0.") != "" or not weight
    return False
