"""The example site put together: settings and the built widget in, a Sanic app out."""

import logging
import secrets
from pathlib import Path
from typing import Any, Mapping

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from sanic import Sanic
from sanic.config import Config
from sanic.exceptions import SanicException
from sanic.request import Request
from sanic.response import HTTPResponse, html, raw, text

from bot import facts as facts_package
from bot import topics as topics_module
from bot.errors import TopicsError
from bot.facts.store import Facts, read_yaml
from bot.handlers import function
from bot.settings import Settings
from bot.strict_request import StrictRequest
from bot.widget.files import Widget
from bot.widget.headers import page_headers
from bot.widget.page import numbers
from bot.widget.tag import policy, tag
from bot.widget.theme import style

FOLDER = Path(__file__).resolve().parent
MAX_BODY = 1024
PAGES = {"/": "home.html", "/contact": "contact.html"}
POLICY = "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; frame-ancestors 'none'; "
SERVICE = "dienstverlening"  # the topics about the zone itself: no priority of its plan

logger = logging.getLogger(__name__)


def make_app(settings: Settings, widget: Widget) -> Sanic:
    """An app that is ready to serve; raises FactsError, TopicsError or WidgetError."""
    config = Config({"REQUEST_MAX_SIZE": MAX_BODY, "AUTO_EXTEND": False}, env_prefix="")
    app = Sanic(f"example_{secrets.token_hex(8)}", config=config, configure_logging=False, request_class=StrictRequest)
    site = ExampleSite(settings, facts_package.load(settings.facts_dir), widget)
    for path in PAGES:
        app.add_route(function(site.page), path, name=PAGES[path].removesuffix(".html"))
    app.add_route(function(site.style), "/stijl.css", name="style")
    app.error_handler.add(Exception, site.problem)
    return app


class ExampleSite:
    """The handlers. Every page holds exactly the tag that `python -m bot.widget tag` prints, and nothing of another site."""

    def __init__(self, settings: Settings, facts: Facts, widget: Widget) -> None:
        server = f"http://127.0.0.1:{settings.chat_port}"
        self.headers = page_headers(POLICY + "; ".join(f"{name} {source}" for name, source in policy(server).items()))
        self.css = style(facts.web["theme"]) + (FOLDER / "static" / "site.css").read_text(encoding="utf-8")
        self.templates = Environment(loader=FileSystemLoader(FOLDER / "templates"), autoescape=True, undefined=StrictUndefined,
                                     trim_blocks=True, lstrip_blocks=True)
        self.templates.globals.update(tag=tag(server, widget, facts.web), chat=f"{server}/chat", facts=facts,
                                      numbers=numbers(facts), **contents(read_yaml(FOLDER / "contents.yml")))

    async def page(self, request: Request) -> HTTPResponse:
        """GET of one of PAGES."""
        path = request.path.rstrip("/") or "/"
        return html(self.templates.get_template(PAGES[path]).render(path=path), headers=self.headers)

    async def style(self, request: Request) -> HTTPResponse:
        """GET /stijl.css."""
        headers = {"X-Content-Type-Options": "nosniff", "Cache-Control": "max-age=300"}
        return raw(self.css.encode(), content_type="text/css; charset=utf-8", headers=headers)

    def problem(self, request: Request, exception: BaseException) -> HTTPResponse:
        """A page that does not exist leads home; the rest is a plain sentence."""
        status = exception.status_code if isinstance(exception, SanicException) else 500
        if status == 404:
            return html(self.templates.get_template("missing.html").render(path=""), status=404, headers=self.headers)
        if status >= 500:
            logger.error("example site: %s", type(exception).__name__)
        return text("Er liep iets mis. Probeer het straks opnieuw.\n", status=status, headers=self.headers)


def contents(raw: Mapping[str, Any]) -> dict[str, Any]:
    """{"priorities": [(label, description)], "news": [{"title", "text"}]}; TopicsError when a priority has no words."""
    priorities = {id: item for id, item in topics_module.load().priorities.items() if id != SERVICE}
    if set(raw["priorities"]) != set(priorities):
        raise TopicsError(f"contents.yml: priorities must be exactly {', '.join(priorities)}")
    return {"priorities": [(item.label, raw["priorities"][id]) for id, item in priorities.items()], "news": raw["news"]}
