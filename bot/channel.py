"""The public chat API of design.md: sessions, messages, close, health. The only channel that is on."""

import asyncio
import functools
import json as json_module
import logging
from typing import Any, Awaitable, Callable, Optional

from rasa.core.channels.channel import InputChannel, OutputChannel, UserMessage
from sanic import Blueprint, Sanic
from sanic.request import Request
from sanic.response import HTTPResponse, empty, json

from bot import dutch, payloads
from bot import facts as facts_package
from bot.errors import SessionError
from bot.facts import Facts
from bot.problems import Problem, problem_response, status_of
from bot.sessions import Overloaded, Session, Sessions, TooFast
from bot.settings import Settings
from bot.settings import load as load_settings
from bot.strict_request import StrictRequest
from bot.tracker_store import ForgettingTrackerStore

logger = logging.getLogger(__name__)

MAX_CHARACTERS = 2000
MAX_BODY = 16 * 1024
ANSWER_SECONDS = 20
AFTER_EMERGENCY_SECONDS = 1  # the numbers are shown; what comes after them may not keep them
CLOSED = "contact_closed"    # actions/counting.py reads it
SWEEP_SECONDS = 30
OPENING = "utter_welkom"
EMERGENCY = "emergency"
SHOWN = ("kind", "topic", "lang", "text")


class Collected(OutputChannel):
    """Takes the finished messages of one turn from Rasa."""

    def __init__(self) -> None:
        self.messages: list[dict[str, Any]] = []
        self.urgent = asyncio.Event()

    @classmethod
    def name(cls) -> str:
        return "chat"

    async def send_response(self, recipient_id: str, message: dict[str, Any]) -> None:
        """Keep the message that bot.nlg made; buttons that an action added come after its own."""
        finished = dict(message.get("custom") or {})
        if finished:
            finished["buttons"] = [*finished["buttons"], *(message.get("buttons") or [])]
            self.messages.append(finished)
            if finished["kind"] == EMERGENCY:
                self.urgent.set()


class ChatChannel(InputChannel):
    """HTTP in front of Rasa. Conversations live in RAM; every error carries the emergency numbers."""

    def __init__(self, settings: Optional[Settings] = None, facts: Optional[Facts] = None) -> None:
        self.settings = settings or load_settings()
        self.facts = facts or facts_package.load(self.settings.facts_dir)
        self.sessions = Sessions(self.settings)
        self.waiting = 0
        self.warm = False
        self.sweeping: Optional[asyncio.Task] = None

    @classmethod
    def name(cls) -> str:
        return "chat"

    def url_prefix(self) -> str:
        return "/chat"

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        """The routes; Rasa mounts them at /chat."""
        routes = Blueprint("wijkwijzer_chat")
        routes.add_route(_function(self.start), "/sessions", methods=["POST"])
        routes.add_route(_function(self.receive), "/messages", methods=["POST"])
        routes.add_route(_function(self.close), "/sessions/close", methods=["POST"])
        routes.add_route(_function(self.health), "/health", methods=["GET"])
        for path in ("/sessions", "/messages", "/sessions/close"):
            routes.add_route(_function(_preflight), path, methods=["OPTIONS"], name=f"preflight{path.replace('/', '_')}")
        routes.listener("before_server_start")(_function(self._prepare))
        routes.listener("before_server_stop")(_function(self._finish))
        return routes

    async def _prepare(self, app: Sanic, _: Any) -> None:
        app.config.REQUEST_MAX_SIZE = MAX_BODY
        app.request_class = StrictRequest
        app.error_handler.add(Exception, self._problem)
        app.register_middleware(self._check_origin, "request")
        app.register_middleware(self._headers, "response")
        self.sweeping = asyncio.get_running_loop().create_task(self._sweep(app))
        app.add_task(self._warm_up(app))

    async def _finish(self, app: Sanic, _: Any) -> None:
        if self.sweeping:
            self.sweeping.cancel()

    async def start(self, request: Request) -> HTTPResponse:
        """POST /chat/sessions: a new session and the opening messages."""
        nlg = self._agent(request).nlg
        try:
            token, session = self.sessions.open()
        except Overloaded as error:
            raise Problem(503) from error
        return json({"session": token, "messages": [self._outgoing(session, nlg.message(OPENING))]}, status=201)

    async def receive(self, request: Request) -> HTTPResponse:
        """POST /chat/messages: a text or an offered button in, messages out."""
        agent = self._agent(request)
        session = self._session(_bearer(request))
        message = self._incoming(session, _body(request))
        try:
            self.sessions.touch(session)
        except TooFast as error:
            raise Problem(429) from error
        if self.waiting >= self.settings.chat_max_waiting:
            raise Problem(503)
        await self._turn(agent, session, message)
        messages = message.output_channel.messages
        if not messages:  # the action server is gone or too slow: Rasa logs that and says nothing
            raise Problem(503)
        if any(item.get("wipe") for item in messages):
            _store(agent).purge(session.id)
            session.offered.clear()
            session.wiped = True
        return json({"messages": [self._outgoing(session, item) for item in _urgent_first(messages)]})

    async def _turn(self, agent: Any, session: Session, message: UserMessage) -> None:
        """Let Rasa answer; returns when it is done, too slow, or has shown an emergency and lingers over the rest."""

        async def answer() -> None:
            self.waiting += 1
            try:
                async with session.lock:
                    await asyncio.wait_for(agent.handle_message(message), ANSWER_SECONDS)
            finally:
                self.waiting -= 1

        turn = asyncio.ensure_future(answer())
        urgent = asyncio.ensure_future(message.output_channel.urgent.wait())
        await asyncio.wait({turn, urgent}, return_when=asyncio.FIRST_COMPLETED)
        urgent.cancel()
        await asyncio.wait({turn}, timeout=AFTER_EMERGENCY_SECONDS if message.output_channel.messages else None)
        if not turn.done():
            turn.add_done_callback(lambda late: late.cancelled() or late.exception())
        elif not isinstance(turn.exception(), asyncio.TimeoutError):
            turn.result()

    async def close(self, request: Request) -> HTTPResponse:
        """POST /chat/sessions/close: forget everything now. A beacon cannot set headers: the token may stand in the body."""
        token = _bearer(request) or _body(request).get("session")
        if not isinstance(token, str):
            raise Problem(400)
        try:
            session = self.sessions.get(token)
        except SessionError:
            return empty(204)
        self.sessions.close(session)
        _store(self._agent(request)).purge(session.id)
        return empty(204)

    async def health(self, request: Request) -> HTTPResponse:
        """GET /chat/health: 200 when the model is loaded, nothing else."""
        self._agent(request)
        return json({"status": "ok"})

    def _agent(self, request: Request) -> Any:
        agent = getattr(request.app.ctx, "agent", None)
        if agent is None or not agent.is_ready() or not self.warm:
            raise Problem(503)
        return agent

    def _session(self, token: Optional[str]) -> Session:
        try:
            return self.sessions.get(token or "")
        except SessionError as error:
            raise Problem(401) from error

    def _incoming(self, session: Session, body: dict[str, Any]) -> UserMessage:
        """A checked message; a leading slash is text, and a button only counts when this session was offered it."""
        if len(body) != 1 or not isinstance(next(iter(body.values())), str):
            raise Problem(400)
        metadata = {CLOSED: True} if session.wiped else None
        if "choice" in body:
            payload = session.offered.get(body["choice"])
            if payload is None:
                raise Problem(400)
            return UserMessage("", Collected(), session.id, parse_data=payloads.parse_data(payload), metadata=metadata)
        if "text" not in body:
            raise Problem(400)
        if len(body["text"]) > MAX_CHARACTERS:
            raise Problem(413)
        text = payloads.clean(body["text"])
        if not text:
            raise Problem(400)
        return UserMessage(text, Collected(), session.id, metadata=metadata)

    def _outgoing(self, session: Session, message: dict[str, Any]) -> dict[str, Any]:
        buttons = [{"id": session.offer(button["payload"]), "title": button["title"]} for button in message["buttons"]]
        shown = {key: message[key] for key in SHOWN}
        return {**shown, "buttons": buttons, "links": message["links"]}

    def _problem(self, request: Request, exception: BaseException) -> HTTPResponse:
        status = status_of(exception)
        if status >= 500 and not isinstance(exception, Problem):
            logger.error("chat API failed with %s", type(exception).__name__)
        return problem_response(status, self.facts)

    def _allowed(self, request: Request) -> bool:
        origin = request.headers.get("origin")
        return origin is None or origin in self.facts.web["origins"] or origin.partition("://")[2] == request.host

    def _check_origin(self, request: Request) -> Optional[HTTPResponse]:
        return None if self._allowed(request) else problem_response(403, self.facts)

    def _headers(self, request: Request, response: HTTPResponse) -> None:
        response.headers["Cache-Control"] = "no-store"
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers["Referrer-Policy"] = "no-referrer"
        response.headers["Vary"] = "Origin"
        origin = request.headers.get("origin")
        if origin and self._allowed(request):
            response.headers["Access-Control-Allow-Origin"] = origin
            response.headers["Access-Control-Allow-Headers"] = "Authorization, Content-Type"
            response.headers["Access-Control-Allow-Methods"] = "POST, OPTIONS"
            response.headers["Access-Control-Max-Age"] = "600"

    async def _warm_up(self, app: Sanic) -> None:
        """Read one message before the first resident does: language models load when they are first used."""
        while not getattr(app.ctx, "agent", None):
            await asyncio.sleep(0.1)
        agent = app.ctx.agent
        # Rasa's wrapper falls back to a store that never forgets when ours fails: take it away
        agent.tracker_store = agent.processor.tracker_store = _store(agent)
        await agent.parse_message("goedendag")
        self.warm = True

    async def _sweep(self, app: Sanic) -> None:
        while True:
            await asyncio.sleep(SWEEP_SECONDS)
            over = self.sessions.sweep()
            agent = getattr(app.ctx, "agent", None)
            if agent is not None and agent.is_ready():
                for id in over:
                    _store(agent).purge(id)
                _store(agent).sweep()
                if _store(agent).forgotten:
                    _store(agent).forgotten = False
                    await asyncio.get_running_loop().run_in_executor(None, dutch.forget)


def _store(agent: Any) -> ForgettingTrackerStore:
    """Our own tracker store, out of the wrappers that Rasa puts around it."""
    store = agent.tracker_store
    while not isinstance(store, ForgettingTrackerStore):
        store = store._tracker_store
    return store


def _function(method: Callable[..., Awaitable[Any]]) -> Callable[..., Awaitable[Any]]:
    """A plain function around a bound method: Sanic writes attributes on its handlers."""

    @functools.wraps(method)
    async def handler(*arguments: Any, **named: Any) -> Any:
        return await method(*arguments, **named)

    return handler


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


def _urgent_first(messages: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return sorted(messages, key=lambda message: message["kind"] != "emergency")
