"""Turns of a conversation with Rasa, whatever shows them: the chat API and the page without script. Nothing is kept on disk."""

import asyncio
import contextlib
import datetime as dt
import ipaddress
import logging
import time
from typing import Any, Iterator, NamedTuple, Optional

from rasa.core.channels.channel import OutputChannel, UserMessage
from sanic import Sanic
from sanic.request import Request

from bot import dutch, memory, payloads
from bot import topics as topics_module
from bot.action_endpoint import ActionEndpoint
from bot.clients import Clients
from bot.errors import SessionError, VaultError
from bot.facts.hours import is_holiday
from bot.metrics import Metrics
from bot.problems import Problem
from bot.sessions import Overloaded, Session, Sessions, TooFast
from bot.settings import Settings
from bot.shared_sessions import SharedSessions
from bot.tracker_store import ForgettingTrackerStore
from bot.vault import Vault

logger = logging.getLogger(__name__)

ANSWER_SECONDS = 20
AFTER_EMERGENCY_SECONDS = 1  # the numbers are shown; what comes after them may not keep them
CLOSED = "contact_closed"    # actions/counting.py reads it
SWEEP_SECONDS = 30
OPENING = "utter_welkom"
WARMING = ("goedendag", "bonjour monsieur, pourriez-vous me dire où je peux porter plainte ?", "mijn man slaat mij al drie weken")
EMERGENCY, SUGGESTIONS = "emergency", "suggestions"
# of these kinds a message without a topic may tell what somebody lives through; bot/nlg.py names no sensitive topic
PRIVATE = frozenset({"answer", "question", "route", "human"})
SHOWN = ("kind", "topic", "lang", "text")

Message = dict[str, Any]  # as bot/nlg.py makes it (buttons with a payload), or as the chat API shows it (buttons with an id)


class Turn(NamedTuple):
    """What a message led to: what to show, whether all was forgotten on request, whether something sensitive was shown by now."""

    messages: list[Message]
    wiped: bool
    sensitive: bool


class Collected(OutputChannel):
    """Takes the finished messages of one turn from Rasa."""

    def __init__(self) -> None:
        self.messages: list[Message] = []
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


class Conversations:
    """Everything that can be done with a conversation. A token is what a session was opened with; errors are Problems.

    Messages come out as the chat API shows them: kind, topic, lang, text, buttons [{"id", "title"}], links [{"title", "url"}].
    """

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.sessions = SharedSessions(settings, Vault.of(settings)) if settings.chat_store_url else Sessions(settings)
        self.clients = Clients(settings.chat_sessions_per_client)
        self.metrics = Metrics(settings.chat_max_waiting)
        self.warm = False

    def agent(self, app: Sanic) -> Any:
        """Rasa's agent, once it has read its first message; Problem 503 before."""
        agent = getattr(app.ctx, "agent", None)
        if agent is None or not agent.is_ready() or not self.warm:
            raise Problem(503)
        return agent

    async def open(self, request: Request) -> tuple[str, list[Message]]:
        """(token, opening messages) of a new conversation; Problem 429 for a client that opens too many, 503 without room."""
        nlg = self.agent(request.app).nlg
        client = self._client(request)
        if client and not self.clients.allows(client):
            raise Problem(429)
        with problems():
            token, session = await self.sessions.open()
            shown = self._shown(session, [nlg.message(OPENING)])
            await self.sessions.keep(session)
        return token, shown

    def _client(self, request: Request) -> Optional[str]:
        """The address that a reverse proxy gives or the connection has; None from this machine, where everybody looks alike."""
        header = self.settings.chat_client_header
        address = request.headers.get(header, request.ip) if header else request.ip
        return None if not header and ipaddress.ip_address(address).is_loopback else address

    async def say(self, app: Sanic, token: Optional[str], said: dict[str, Any]) -> Turn:
        """The turn for {"text"} or {"choice"}; Problem 400, 401, 413, 429 or 503.

        Danger that was seen is shown, whatever fails.
        """
        agent, start = self.agent(app), time.perf_counter()
        with problems():
            session = await self.sessions.get(token or "")
            message = self._incoming(session, said)
            await self.sessions.touch(session)
        if self.metrics.waiting >= self.settings.chat_max_waiting:
            raise Problem(503)
        shown, wiped = [], False
        urgent = message.output_channel.urgent
        with problems(urgent):
            await self._turn(agent, session, message)
        messages = message.output_channel.messages
        if not messages:  # the action server is gone or too slow: Rasa logs that and says nothing
            raise Problem(503)
        with problems(urgent):
            wiped = any(item.get("wipe") for item in messages)
            if wiped:
                session.wipe()
            shown = self._shown(session, sorted(messages, key=lambda item: item["kind"] != EMERGENCY))
            if wiped:
                session.last = []
                await store(agent).purge(session.id)
            await self.sessions.keep(session)
        self.metrics.turn(time.perf_counter() - start)
        return Turn(shown, wiped, session.sensitive)

    async def resume(self, app: Sanic, token: Optional[str]) -> list[Message]:
        """The messages of the last turn with fresh buttons, none once something sensitive was shown; Problem 401, 429 or 503.

        Counts as a message for the speed limit, and the conversation lives on as after one.
        """
        agent = self.agent(app)
        with problems():
            session = await self.sessions.get(token or "")
            await self.sessions.touch(session)
            await store(agent).prolong(session.id)
            shown = self._shown(session, session.last)
            await self.sessions.keep(session)
        return shown

    async def close(self, app: Sanic, token: str) -> None:
        """Forget a conversation now; an unknown token is fine. Problem 503 when that cannot be done now."""
        with problems(), contextlib.suppress(SessionError):
            session = await self.sessions.get(token)
            await self.sessions.close(session)
            await store(self.agent(app)).purge(session.id)

    async def warm_up(self, app: Sanic) -> None:
        """Read some messages before the first resident does: much is only loaded when it is first used."""
        while not getattr(app.ctx, "agent", None):
            await asyncio.sleep(0.1)
        agent = app.ctx.agent
        if not agent.is_ready():  # Rasa logged what is wrong; health stays at 503 and everybody gets the numbers
            logger.error("there is no model to answer with: train again (make train) and restart")
            return
        # Rasa's wrapper falls back to a store that never forgets when ours fails: take it away
        agent.tracker_store = agent.processor.tracker_store = store(agent)
        for text in WARMING:
            await agent.parse_message(text)
        is_holiday(dt.date.today())
        if isinstance(agent.action_endpoint, ActionEndpoint):
            await agent.action_endpoint.start()
        memory.settle()
        self.warm = self.metrics.ready = True

    async def stop(self, app: Sanic) -> None:
        """Let go of what was opened for actions."""
        endpoint = getattr(getattr(app.ctx, "agent", None), "action_endpoint", None)
        if isinstance(endpoint, ActionEndpoint):
            await endpoint.close()

    async def sweep(self, app: Sanic) -> None:
        """Forget what is over, every SWEEP_SECONDS, for ever."""
        while True:
            await asyncio.sleep(SWEEP_SECONDS)
            over = await self.sessions.sweep()
            agent = getattr(app.ctx, "agent", None)
            if agent is not None and agent.is_ready():
                for id in over:
                    await store(agent).purge(id)
                store(agent).sweep()
                if store(agent).forgotten:
                    store(agent).forgotten = False
                    await asyncio.get_running_loop().run_in_executor(None, dutch.forget)

    async def _turn(self, agent: Any, session: Session, message: UserMessage) -> None:
        """Let Rasa answer; returns when it is done, too slow, or has shown an emergency and lingers over the rest."""

        async def answer() -> None:
            self.metrics.waiting += 1
            try:
                async with self.sessions.turn(session):
                    await asyncio.wait_for(agent.handle_message(message), ANSWER_SECONDS)
                    if not await self.sessions.lives(session):  # closed meanwhile, and just written again
                        await store(agent).purge(session.id)
            finally:
                self.metrics.waiting -= 1

        turn = asyncio.ensure_future(answer())
        turn.add_done_callback(lambda late: late.cancelled() or late.exception())  # also when nobody waits any more
        urgent = asyncio.ensure_future(message.output_channel.urgent.wait())
        try:
            await asyncio.wait({turn, urgent}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            urgent.cancel()  # also when who asked has gone
        await asyncio.wait({turn}, timeout=AFTER_EMERGENCY_SECONDS if message.output_channel.messages else None)
        if turn.done() and not isinstance(turn.exception(), asyncio.TimeoutError):
            turn.result()

    def _incoming(self, session: Session, said: dict[str, Any]) -> UserMessage:
        """A checked message; a leading slash is text, and a button only counts when this session was offered it."""
        if len(said) != 1 or not isinstance(next(iter(said.values())), str):
            raise Problem(400)
        metadata = {CLOSED: True} if session.wiped else None
        if "choice" in said:
            payload = session.offered.get(said["choice"])
            if payload is None:
                raise Problem(400)
            return UserMessage("", Collected(), session.id, parse_data=payloads.parse_data(payload), metadata=metadata)
        if "text" not in said:
            raise Problem(400)
        if len(said["text"]) > payloads.MAX_CHARACTERS:
            raise Problem(413)
        text = payloads.clean(said["text"])
        if not text:
            raise Problem(400)
        return UserMessage(text, Collected(), session.id, metadata=metadata)

    def _shown(self, session: Session, messages: list[Message]) -> list[Message]:
        """Messages as a resident gets them; the session keeps them for a page change unless one is sensitive."""
        session.keep_last(messages, any(is_sensitive(message) for message in messages))
        return [_outgoing(session, message) for message in messages]


@contextlib.contextmanager
def problems(urgent: Optional[asyncio.Event] = None) -> Iterator[None]:
    """Errors of sessions as Problems; once `urgent` is set, a store that is gone keeps nobody from what is shown."""
    try:
        yield
    except SessionError as error:
        raise Problem(401) from error
    except TooFast as error:
        raise Problem(429) from error
    except Overloaded as error:
        raise Problem(503) from error
    except VaultError as error:
        if urgent is None or not urgent.is_set():
            raise Problem(503) from error


def is_sensitive(message: Message) -> bool:
    """True when a message of bot.nlg may tell somebody who looks along what the conversation is about."""
    if message["kind"] == EMERGENCY or (message["kind"] in PRIVATE and message["topic"] is None):
        return True
    if message["kind"] != SUGGESTIONS:
        return False
    topics = topics_module.load().by_id
    offered = [payloads.parse_data(button["payload"])["intent"]["name"] for button in message["buttons"]]
    return any(name in topics and topics[name].sensitive for name in offered)


def store(agent: Any) -> ForgettingTrackerStore:
    """Our own tracker store, out of the wrappers that Rasa puts around it."""
    found = agent.tracker_store
    while not isinstance(found, ForgettingTrackerStore):
        found = found._tracker_store
    return found


def _outgoing(session: Session, message: Message) -> Message:
    buttons = [{"id": session.offer(button["payload"]), "title": button["title"]} for button in message["buttons"]]
    return {**{key: message[key] for key in SHOWN}, "buttons": buttons, "links": message["links"]}
