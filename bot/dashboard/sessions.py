"""Logged-in sessions, in memory only, and the tokens that prove that a form was ours."""

import datetime as dt
import hashlib
import hmac
import secrets
from dataclasses import dataclass
from typing import Callable, Optional

from bot.settings import Settings

MINUTE = 60
ABSOLUTE_SECONDS = 10 * 60 * MINUTE
LOGIN_FORM_SECONDS = 30 * MINUTE
MAX_PER_ACCOUNT = 10  # of more, the least recently used one ends

Clock = Callable[[], dt.datetime]


@dataclass
class Session:
    """Somebody who logged in. `generation` is that of the account's password at that moment; times are seconds since 1970."""

    account: str
    generation: str
    began: float
    seen: float


class Sessions:
    """All sessions of this process. A token is a cookie's value; only its hash is kept."""

    def __init__(self, settings: Settings, clock: Clock) -> None:
        self._key = settings.dashboard_secret.encode()
        self._idle = settings.dashboard_idle_minutes * MINUTE
        self._clock = clock
        self._open: dict[bytes, Session] = {}

    def begin(self, account: str, generation: str) -> str:
        """The token of a new session."""
        now = self._now()
        for key in [key for key, session in self._open.items() if self._is_over(session, now)]:
            del self._open[key]
        own = sorted((session.seen, key) for key, session in self._open.items() if session.account == account)
        for _, key in own[:max(0, len(own) - MAX_PER_ACCOUNT + 1)]:
            del self._open[key]
        token = secrets.token_urlsafe(32)
        self._open[_key(token)] = Session(account, generation, now, now)
        return token

    def get(self, token: str) -> Optional[Session]:
        """The session of a token, prolonged; None when there is none or its time is over."""
        session, now = self._open.get(_key(token)), self._now()
        if session is None or self._is_over(session, now):
            self.end(token)
            return None
        session.seen = now
        return session

    def end(self, token: str) -> None:
        """Forget a session; one that is over already is fine."""
        self._open.pop(_key(token), None)

    def csrf(self, token: str) -> str:
        """What every form of a session carries."""
        return self._sign("form", token)

    def has_csrf(self, token: str, given: str) -> bool:
        """True when a form was made for this session."""
        return hmac.compare_digest(self._sign("form", token).encode(), _bytes(given))

    def login_form(self, present: str = "") -> tuple[str, str]:
        """(token, csrf) of a login form. A token that is still good stays, so that two tabs both work.

        Nothing is kept: who asks for a million forms fills no memory.
        """
        token = present
        if not self._is_fresh(present):
            token = f"{secrets.token_urlsafe(32)}.{int(self._now()) + LOGIN_FORM_SECONDS}"
        return token, self._sign("login", token)

    def has_login_csrf(self, token: str, given: str) -> bool:
        """True when a login form was made for the browser that sends it, and lately."""
        return hmac.compare_digest(self._sign("login", token).encode(), _bytes(given)) and self._is_fresh(token)

    def __len__(self) -> int:
        return len(self._open)

    def _is_fresh(self, token: str) -> bool:
        expires = token.rpartition(".")[2]
        return expires.isascii() and expires.isdigit() and len(expires) < 12 \
            and 0 < int(expires) - self._now() <= LOGIN_FORM_SECONDS

    def _is_over(self, session: Session, now: float) -> bool:
        return now >= session.seen + self._idle or now >= session.began + ABSOLUTE_SECONDS

    def _sign(self, kind: str, token: str) -> str:
        return hmac.new(self._key, kind.encode() + b"\0" + _bytes(token), hashlib.sha256).hexdigest()

    def _now(self) -> float:
        return self._clock().timestamp()


def _key(token: str) -> bytes:
    return hashlib.sha256(_bytes(token)).digest()


def _bytes(text: str) -> bytes:
    """Whatever a client sent: headers may hold lone surrogates."""
    return text.encode("utf-8", "surrogatepass")
