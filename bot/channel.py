"""The public chat API of design.md: sessions, messages, resume, close, health, and beside it the chat's own page and script."""

import asyncio
import json as json_module
import logging
from typing import Any, Awaitable, Callable, Optional

from rasa.core.channels.channel import InputChannel, UserMessage
from sanic import Blueprint, Sanic
from sanic.exceptions import SanicException
from sanic.handlers import ErrorHandler
from sanic.request import Request
from sanic.response import HTTPResponse, empty, json

from bot import facts as facts_package
from bot.conversations import AFTER_EMERGENCY_SECONDS, ANSWER_SECONDS, Conversations
from bot.facts import Facts
from bot.handlers import function
from bot.metrics import InternalServer
from bot.problems import Problem, problem_response, status_of
from bot.settings import Settings
from bot.settings import load as load_settings
from bot.strict_request import StrictRequest, answer_what_cannot_be_read
from bot.widget import files
from bot.widget.routes import WidgetRoutes, is_page

logger = logging.getLogger(__name__)

WIPED = "Conversation-Wiped"  # the widget then empties its page too
SENSITIVE = "Conversation-Sensitive"  # the widget then keeps no token in the tab: nothing would come back anyway
KEEP_ALIVE_SECONDS = 75  # longer than a proxy keeps its connections: who closes first cuts what the other is just sending
HEAD_SECONDS = 10  # a browser sends its head at once
LONGEST_SECONDS = ANSWER_SECONDS + AFTER_EMERGENCY_SECONDS
MAX_BODY = 32 * 1024  # 2,000 characters of any script as a form sends them


class ChatChannel(InputChannel):
    """HTTP in front of Rasa. Conversations live in RAM; every error carries the emergency numbers."""

    def __init__(self, settings: Optional[Settings] = None, facts: Optional[Facts] = None,
                 widget: Optional[files.Widget] = None) -> None:
        self.settings = settings or load_settings()
        self.facts = facts or facts_package.load(self.settings.facts_dir)
        self.conversations = Conversations(self.settings)
        self.widget = WidgetRoutes(self.settings, self.facts, widget or files.load(), self.conversations)
        self.sweeping: Optional[asyncio.Task] = None
        self.internal = InternalServer(self.conversations.metrics)
        self.stopping = False

    @classmethod
    def name(cls) -> str:
        return "chat"

    def url_prefix(self) -> str:
        return "/chat"

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        """The routes; Rasa mounts them at /chat."""
        routes = Blueprint("wijkwijzer_chat")
        calls = {"/sessions": self.start, "/messages": self.receive, "/sessions/resume": self.resume,
                 "/sessions/close": self.close}
        for path, method in calls.items():
            routes.add_route(function(method), path, methods=["POST"])
            routes.add_route(function(_preflight), path, methods=["OPTIONS"], name=f"preflight{path.replace('/', '_')}")
        routes.add_route(function(self.health), "/health", methods=["GET"])
        self.widget.add_to(routes)
        routes.listener("before_server_start")(function(self._prepare))
        routes.listener("before_server_stop")(function(self._finish))
        routes.listener("after_server_stop")(function(self._let_go))
        return routes

    async def _prepare(self, app: Sanic, _: Any) -> None:
        app.config.REQUEST_MAX_SIZE = MAX_BODY
        app.config.KEEP_ALIVE_TIMEOUT = KEEP_ALIVE_SECONDS
        app.config.REQUEST_TIMEOUT = HEAD_SECONDS
        app.config.RESPONSE_TIMEOUT = LONGEST_SECONDS + HEAD_SECONDS  # Rasa has an hour here, for a body that never ends too
        app.request_class = StrictRequest
        answer_what_cannot_be_read()
        _free_of_rasa(app)
        app.error_handler.add(Exception, self._problem)
        app.register_middleware(self._hide_rasa, "request")
        app.register_middleware(self._check_origin, "request")
        app.register_middleware(self._headers, "response")
        self.sweeping = asyncio.get_running_loop().create_task(self.conversations.sweep(app))
        app.add_task(self.conversations.warm_up(app))
        app.config.GRACEFUL_SHUTDOWN_TIMEOUT = LONGEST_SECONDS  # then Sanic cuts what still runs
        if self.settings.metrics_port:
            await self.internal.start(self.settings.metrics_host, self.settings.metrics_port)

    async def _finish(self, app: Sanic, _: Any) -> None:
        """Told to stop: no balancer should come any more, who comes all the same is still answered."""
        self.conversations.metrics.ready, self.stopping = False, True
        await asyncio.sleep(self.settings.chat_drain_seconds)
        if self.sweeping:
            self.sweeping.cancel()
        await self.internal.stop()

    async def _let_go(self, app: Sanic, _: Any) -> None:
        """After the last answer."""
        await self.conversations.stop(app)

    async def start(self, request: Request) -> HTTPResponse:
        """POST /chat/sessions: a new session and the opening messages."""
        token, messages = await self.conversations.open(request)
        return json({"session": token, "messages": messages}, status=201)

    async def receive(self, request: Request) -> HTTPResponse:
        """POST /chat/messages: a text or an offered button in, messages out."""
        turn = await self.conversations.say(request.app, _bearer(request), _body(request))
        told = {WIPED: turn.wiped, SENSITIVE: turn.sensitive}
        return json({"messages": turn.messages}, headers={name: "yes" for name, holds in told.items() if holds})

    async def resume(self, request: Request) -> HTTPResponse:
        """POST /chat/sessions/resume: the last messages again, after a page change in the same tab."""
        return json({"messages": await self.conversations.resume(request.app, _bearer(request))})

    async def close(self, request: Request) -> HTTPResponse:
        """POST /chat/sessions/close: forget everything now. A beacon cannot set headers: the token may stand in the body."""
        token = _bearer(request) or _body(request).get("session")
        if not isinstance(token, str):
            raise Problem(400)
        await self.conversations.close(request.app, token)
        return empty(204)

    async def health(self, request: Request) -> HTTPResponse:
        """GET /chat/health: 200 when the model is loaded and the server is not about to stop, nothing else."""
        if not self.conversations.metrics.ready:
            raise Problem(503)
        return json({"status": "ok"})

    def _problem(self, request: Request, exception: BaseException) -> HTTPResponse:
        status = status_of(exception)
        if status >= 500 and not isinstance(exception, SanicException):
            logger.error("chat API failed with %s", type(exception).__name__)
        return self._refusal(request, status)

    def _refusal(self, request: Request, status: int) -> HTTPResponse:
        return self.widget.page.problem(status) if is_page(request) else problem_response(status, self.facts)

    def _allowed(self, request: Request) -> bool:
        origin = request.headers.get("origin")
        if origin == "null" and is_page(request):  # what browsers say of a form on a page that sends no referrer
            return request.headers.get("sec-fetch-site", "same-origin") == "same-origin"
        return origin is None or origin in self.facts.web["origins"] or origin.partition("://")[2] == request.host

    def _hide_rasa(self, request: Request) -> Optional[HTTPResponse]:
        """Rasa greets at / with its version."""
        ours = request.route is None or request.path == self.url_prefix() or request.path.startswith(f"{self.url_prefix()}/")
        return None if ours else self._refusal(request, 404)

    def _check_origin(self, request: Request) -> Optional[HTTPResponse]:
        is_public = request.route is not None and getattr(request.route.ctx, "public", False)
        return None if is_public or self._allowed(request) else self._refusal(request, 403)

    def _headers(self, request: Request, response: HTTPResponse) -> None:
        self.conversations.metrics.failed(response.status)
        if self.stopping and request.stream:  # a connection that is kept open keeps the server from stopping
            request.stream.keep_alive = False
        headers = response.headers
        for name, value in (("Cache-Control", "no-store"), ("X-Content-Type-Options", "nosniff"),
                            ("Referrer-Policy", "no-referrer"), ("Vary", "Origin")):
            headers.setdefault(name, value)
        origin = request.headers.get("origin")
        if origin and "Access-Control-Allow-Origin" not in headers and self._allowed(request):
            headers["Access-Control-Allow-Origin"] = origin
            headers["Access-Control-Allow-Headers"] = "Authorization, Content-Type"
            headers["Access-Control-Allow-Methods"] = "GET, POST, OPTIONS"
            headers["Access-Control-Expose-Headers"] = f"{WIPED}, {SENSITIVE}, Retry-After"
            headers["Access-Control-Max-Age"] = "600"


def _free_of_rasa(app: Sanic) -> None:
    """Take out the middleware and error handler of Rasa's app: they let any website ask, whatever the zone profile says."""
    app.request_middleware.clear()
    app.response_middleware.clear()
    app.error_handler = ErrorHandler()


async def _preflight(request: Request) -> HTTPResponse:
    return empty(204)


def _bearer(request: Request) -> Optional[str]:
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" and token else None


def _body(request: Request) -> dict[str, Any]:
    """The JSON object of a request, whatever its content type says (a beacon sends text/plain)."""
    try:
        body = json_module.loads(request.body or b"null")
    except (ValueError, RecursionError) as error:
        raise Problem(400) from error
    if not isinstance(body, dict):
        raise Problem(400)
    return body
