"""The chat without any script: a form that is posted, a page that comes back. The same turns as the chat API."""

from typing import Any, Optional, Protocol
from urllib.parse import parse_qsl

from sanic import Sanic
from sanic.request import Request
from sanic.response import HTTPResponse

from bot.problems import Problem
from bot.widget.page import ChatPage

FORM_TYPE = "application/x-www-form-urlencoded"
SESSION, TEXT, CHOICE, STOP = "session", "text", "choice", "stop"
MAX_FIELDS = 8


class Shown(Protocol):
    """A turn of which only the messages matter here."""

    @property
    def messages(self) -> list[dict[str, Any]]:
        """As the chat API shows them."""


class Chat(Protocol):
    """What the form needs of bot.conversations; each raises a Problem."""

    async def open(self, request: Request) -> tuple[str, list[dict[str, Any]]]:
        """(token, opening messages)."""

    async def say(self, app: Sanic, token: Optional[str], said: dict[str, Any]) -> "Shown":
        """The turn for {"text"} or {"choice"}."""

    async def close(self, app: Sanic, token: str) -> None:
        """Forget."""


class ChatForm:
    """Takes the form of chat.html. What was typed is never shown back, except when it could not be sent."""

    def __init__(self, chat: Chat, page: ChatPage) -> None:
        self.chat = chat
        self.page = page

    async def receive(self, request: Request) -> HTTPResponse:
        """POST /chat: `stop` forgets the conversation; else a `choice`, or `text`, or neither (then the opening messages)."""
        fields = _fields(request)
        token = fields.get(SESSION, "")
        text = fields.get(TEXT, "").replace("\r\n", "\n").strip()  # forms send two characters for a line break
        try:
            if STOP in fields:
                await self.chat.close(request.app, token)
                return self.page.stopped()
            messages: list[dict[str, Any]] = []
            if not token:
                token, messages = await self.chat.open(request)
            if fields.get(CHOICE):
                messages = (await self.chat.say(request.app, token, {"choice": fields[CHOICE]})).messages
            elif text or not messages:
                messages = (await self.chat.say(request.app, token, {"text": text})).messages
        except Problem as problem:
            return self.page.problem(problem.status_code, "" if problem.status_code == 401 else token, text)
        return self.page.answer(token, messages)


def _fields(request: Request) -> dict[str, str]:
    """The fields of the form, the first of each name; Problem 400 when it is none."""
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != FORM_TYPE:
        raise Problem(400)
    try:
        pairs = parse_qsl(request.body.decode("ascii"), keep_blank_values=True, max_num_fields=MAX_FIELDS)
    except ValueError as error:
        raise Problem(400) from error
    return dict(reversed(pairs))
