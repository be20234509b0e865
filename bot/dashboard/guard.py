"""What stands before and after every page: login, the proof that a form was ours, cookies, headers."""

import asyncio
import re
from typing import Optional
from urllib.parse import quote

from sanic import Sanic
from sanic.request import Request
from sanic.response import HTTPResponse, redirect

from bot.dashboard import problems

LOGIN = "/inloggen"
READING = ("GET", "HEAD")
SESSION, LOGIN_FORM = "wijkwijzer", "wijkwijzer-inloggen"  # cookies
LOCAL = re.compile(r"/(?:[A-Za-z0-9_-][A-Za-z0-9_/.~?=&%+,:-]*)?")
NOT_LOCAL = ("//", "..")
MAX_LOCAL = 300
STATIC_CACHE = "max-age=600"
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; "
                               "frame-ancestors 'none'",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
HSTS = "max-age=31536000"


def install(app: Sanic) -> None:
    """Put the guard before and after every route. A route is open only when it says so: `ctx_open=True`."""
    app.register_middleware(_let_in, "request")
    app.register_middleware(_headers, "response")


async def recognise(request: Request) -> None:
    """Set `request.ctx.account` and `csrf` when the cookie is that of a session whose account still has that password."""
    token, sessions = cookie(request, SESSION), request.app.ctx.sessions
    session = sessions.get(token)
    if session is None:
        return
    if await asyncio.to_thread(request.app.ctx.staff.generation, session.account) != session.generation:
        sessions.end(token)
        return
    request.ctx.account, request.ctx.csrf = session.account, sessions.csrf(token)


def local(path: str) -> str:
    """The path when it is one of ours to return to after login, else /."""
    fits = len(path) <= MAX_LOCAL and LOCAL.fullmatch(path) and not any(part in path for part in NOT_LOCAL)
    return path if fits and not path.startswith((LOGIN, "/afmelden")) else "/"


def cookie(request: Request, name: str) -> str:
    """The value of one of our cookies, empty when the browser sent none."""
    return request.cookies.get(_prefixed(request, name)) or ""


def set_cookie(request: Request, response: HTTPResponse, name: str, value: str) -> None:
    """Set one of our cookies, or end it when the value is empty. The prefix makes browsers refuse it from a sibling site."""
    own = _prefixed(request, name)
    response.cookies[own] = value
    response.cookies[own]["httponly"] = True
    response.cookies[own]["samesite"] = "Strict"
    response.cookies[own]["secure"] = request.app.ctx.settings.dashboard_tls
    if not value:
        response.cookies[own]["max-age"] = 0


def _prefixed(request: Request, name: str) -> str:
    return f"__Host-{name}" if request.app.ctx.settings.dashboard_tls else name


async def _let_in(request: Request) -> Optional[HTTPResponse]:
    request.ctx.account, request.ctx.csrf = None, ""
    if not request.head:  # not even a request: Sanic answers with 400 or 413
        return None
    if request.stream.request_bytes > request.app.config.REQUEST_MAX_SIZE:
        return problems.page(request, 413)
    if request.route is not None and getattr(request.route.ctx, "open", False):
        return None
    await recognise(request)
    if request.ctx.account is None:
        return _to_login(request) if request.method in READING else problems.page(request, 403)
    if request.method not in READING and request.route is not None:  # without a route there is nothing to protect
        if not request.app.ctx.sessions.has_csrf(cookie(request, SESSION), request.form.get("csrf", "")):
            return problems.page(request, 403)
    return None


def _to_login(request: Request) -> HTTPResponse:
    wanted = request.path + (f"?{request.query_string}" if request.query_string else "")
    wanted = local(wanted)
    return redirect(LOGIN if wanted == "/" else f"{LOGIN}?naar={quote(wanted, safe='/')}")


def _headers(request: Request, response: HTTPResponse) -> None:
    response.headers.update(HEADERS)
    cached = response.status == 200 and request.route is not None and getattr(request.route.ctx, "cached", False)
    response.headers["Cache-Control"] = STATIC_CACHE if cached else "no-store"
    if request.app.ctx.settings.dashboard_tls:
        response.headers["Strict-Transport-Security"] = HSTS
