"""Logging in and out."""

import asyncio

from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse, redirect, text

from bot.dashboard import guard, render
from bot.dashboard.problems import Problem
from bot.dashboard.staff import LOGGED_OUT, Staff

AT_ONCE = 2        # a check takes 64 MiB and a tenth of a second
MAX_WAITING = 20
SEE_OTHER = 303

routes = Blueprint("login")


class Door:
    """Checks passwords a few at once; who would have to wait long gets 429."""

    def __init__(self, staff: Staff) -> None:
        self._staff, self._waiting, self._turns = staff, 0, asyncio.Semaphore(AT_ONCE)

    async def check(self, name: str, password: str) -> str:
        """The generation of the account that was let in, empty when nobody was. Raises Problem(429)."""
        if self._waiting >= MAX_WAITING:
            raise Problem(429)
        self._waiting += 1
        try:
            async with self._turns:
                return await asyncio.to_thread(self._check, name, password)
        finally:
            self._waiting -= 1

    def _check(self, name: str, password: str) -> str:
        before = self._staff.generation(name)  # first: a password that changes meanwhile must not be outlived
        return (before or "") if self._staff.check(name, password) else ""


@routes.get(guard.LOGIN, ctx_open=True)
async def show(request: Request) -> HTTPResponse:
    """The login form; who is logged in goes on."""
    await guard.recognise(request)
    naar = guard.local(request.args.get("naar", "/"))
    return redirect(naar) if request.ctx.account else _form(request, naar)


@routes.post(guard.LOGIN, ctx_open=True)
async def log_in(request: Request) -> HTTPResponse:
    """A new session, or the form again with the same words whatever was wrong with name, password or account."""
    sessions, fields = request.app.ctx.sessions, request.form
    naar = guard.local(fields.get("naar", "/"))
    if not sessions.has_login_csrf(guard.cookie(request, guard.LOGIN_FORM), fields.get("csrf", "")):
        return _form(request, naar, "old")
    name = fields.get("naam", "").strip().lower()  # telephones begin with a capital
    generation = await request.app.ctx.door.check(name, fields.get("wachtwoord", ""))
    if not generation:
        return _form(request, naar, "wrong")
    sessions.end(guard.cookie(request, guard.SESSION))
    response = redirect(naar, status=SEE_OTHER)
    guard.set_cookie(request, response, guard.SESSION, sessions.begin(name, generation))
    guard.set_cookie(request, response, guard.LOGIN_FORM, "")
    return response


@routes.post("/afmelden")
async def log_out(request: Request) -> HTTPResponse:
    """End the session; the guard has checked that the form was ours."""
    request.app.ctx.sessions.end(guard.cookie(request, guard.SESSION))
    await asyncio.to_thread(request.app.ctx.staff.record, request.ctx.account, LOGGED_OUT)
    response = redirect(guard.LOGIN, status=SEE_OTHER)
    guard.set_cookie(request, response, guard.SESSION, "")
    return response


@routes.get("/gezondheid", ctx_open=True)
async def health(request: Request) -> HTTPResponse:
    """That the process runs, and nothing else."""
    return text("ok")


def _form(request: Request, naar: str, wrong: str = "") -> HTTPResponse:
    """The form. What was typed never comes back: people type passwords in the name field."""
    token, request.ctx.csrf = request.app.ctx.sessions.login_form(guard.cookie(request, guard.LOGIN_FORM))
    response = render.page(request, "login.html", status=403 if wrong else 200, naar=naar, wrong=wrong)
    guard.set_cookie(request, response, guard.LOGIN_FORM, token)
    return response
