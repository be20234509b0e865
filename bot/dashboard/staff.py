"""Staff accounts, their lock-out and their audit log, in a database of their own: SQLite or PostgreSQL.

What somebody types as a name is stored only when it is the name of an account: people type passwords in that field.
"""

import datetime as dt
import re
import secrets
import threading
import unicodedata
from pathlib import Path
from typing import Callable, NamedTuple, Optional

from alembic.util import CommandError
from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError
from sqlalchemy import case, delete, insert, select, update
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.exc import IntegrityError

from bot import database
from bot.dashboard.models import account, audit, lock
from bot.errors import WijkwijzerError
from bot.settings import Settings

VERSIONS = Path(__file__).resolve().parent / "versions"
NAME = re.compile(r"[a-z0-9._-]{3,40}")
ABOUT = re.compile(r"[A-Za-z0-9_.-]+(?: [A-Za-z0-9_.-]+)*")
MAX_ABOUT = 80
MIN_PASSWORD, MAX_PASSWORD = 12, 200
MAX_FAILURES = 5
LOCK_SECONDS = 15 * 60
AUDIT_DAYS = 365
UNKNOWN = "unknown"  # every name that is no account, in the audit log and for the lock

LOGGED_IN, LOGIN_FAILED, LOCKED_OUT, LOGGED_OUT, EXPORTED = "logged_in", "login_failed", "locked_out", "logged_out", "exported"
ACCOUNT_ADDED, ACCOUNT_REMOVED, PASSWORD_SET, UNLOCKED = "account_added", "account_removed", "password_set", "unlocked"
DEEDS = (LOGGED_IN, LOGIN_FAILED, LOCKED_OUT, LOGGED_OUT, EXPORTED, ACCOUNT_ADDED, ACCOUNT_REMOVED, PASSWORD_SET, UNLOCKED)

Clock = Callable[[], dt.datetime]


class StaffError(WijkwijzerError, ValueError):
    """An account cannot be made, changed or found as asked; the message says why."""


class Entry(NamedTuple):
    """One line of the audit log; `about` is empty but for an export."""

    when: dt.datetime
    who: str
    what: str
    about: str


class Staff:
    """The accounts of one database. Each method raises SQLAlchemyError when the database does not answer.

    `clock` gives aware moments. May be used from several threads.
    """

    def __init__(self, engine: Engine, clock: Clock) -> None:
        self.engine, self._clock = engine, clock
        self._hasher = PasswordHasher()  # argon2id with the library's parameters, RFC 9106
        self._nobody = self._hasher.hash(secrets.token_bytes(32))  # what a name without an account is compared with
        self._preparing, self._prepared = threading.Lock(), False

    @classmethod
    def of(cls, settings: Settings, clock: Clock) -> "Staff":
        """The accounts of DASHBOARD_STAFF_URL; connects when first used."""
        return cls(database.engine("DASHBOARD_STAFF_URL", settings.dashboard_staff_url), clock)

    def prepare(self) -> None:
        """Make or renew the tables, once a process; every other method does this first. Raises StaffError on another's."""
        with self._preparing:
            if self._prepared:
                return
            try:
                database.upgrade(self.engine, VERSIONS)
            except CommandError as error:
                raise StaffError("DASHBOARD_STAFF_URL: the database was made by a newer version or by another program") from error
            if self.engine.url.get_backend_name() == "sqlite":
                Path(self.engine.url.database.removeprefix("file:")).chmod(0o600)
            self._prepared = True

    def add(self, name: str, password: str) -> None:
        """A new account; raises StaffError when the name is taken or the name or password will not do."""
        if not NAME.fullmatch(name) or name == UNKNOWN:
            raise StaffError("a name has 3 to 40 characters: lower-case letters, digits, dot, hyphen and underscore"
                             f" (and is not {UNKNOWN!r})")
        values = {"name": name, "hash": self._new_hash(name, password), "generation": _generation()}
        self.prepare()
        try:
            with self.engine.begin() as connection:
                connection.execute(insert(account).values(values))
                connection.execute(insert(lock).values(name=name, failures=0, until=0))
                self._record(connection, name, ACCOUNT_ADDED)
        except IntegrityError:
            raise StaffError(f"there is an account {name!r} already") from None

    def set_password(self, name: str, password: str) -> None:
        """Another password; ends every session of the account and its lock. Raises StaffError."""
        values = {"hash": self._new_hash(name, password), "generation": _generation()}
        self._change(name, PASSWORD_SET, values)

    def unlock(self, name: str) -> None:
        """End the lock of an account; raises StaffError when there is no such account."""
        self._change(name, UNLOCKED, {})

    def remove(self, name: str) -> None:
        """Remove an account, which ends its sessions; raises StaffError when there is none."""
        self.prepare()
        with self.engine.begin() as connection:
            self._demand(connection.execute(delete(account).where(account.c.name == name)).rowcount, name)
            connection.execute(delete(lock).where(lock.c.name == name))
            self._record(connection, name, ACCOUNT_REMOVED)

    def names(self) -> list[str]:
        """The names of all accounts, sorted."""
        self.prepare()
        with self.engine.connect() as connection:
            return sorted(connection.execute(select(account.c.name)).scalars())

    def generation(self, name: str) -> Optional[str]:
        """What changes with the password of an account; None when there is no such account."""
        self.prepare()
        query = select(account.c.generation).where(account.c.name == _storable(name))
        with self.engine.connect() as connection:
            return connection.execute(query).scalar()

    def check(self, name: str, password: str) -> bool:
        """True when name and password belong together and the account is not locked; takes as long when they do not.

        The attempt is counted before the password is looked at, so that many at once gain nothing.
        """
        self.prepare()
        with self.engine.begin() as connection:
            stored = connection.execute(select(account.c.hash).where(account.c.name == _storable(name))).scalar()
            who = UNKNOWN if stored is None else name
            attempt = self._attempt(connection, who)
        right = self._verify(stored or self._nobody, password)
        if stored is None or not attempt or not right:
            self._failed(who, attempt)
            return False
        with self.engine.begin() as connection:
            self._clear(connection, who)
            if self._hasher.check_needs_rehash(stored):
                better = self._hasher.hash(_bytes(password))
                connection.execute(update(account).where(account.c.name == who, account.c.hash == stored).values(hash=better))
            self._record(connection, who, LOGGED_IN)
        return True

    def record(self, who: str, what: str, about: str = "") -> None:
        """Note what an account did; `about` only for an export: table, period, format. Raises StaffError on anything else."""
        if what not in DEEDS or not NAME.fullmatch(who):
            raise StaffError("not a deed of an account that is recorded")
        if bool(about) != (what == EXPORTED) or about and not (len(about) <= MAX_ABOUT and ABOUT.fullmatch(about)):
            raise StaffError("an export, and nothing else, says which table, period and format")
        self.prepare()
        with self.engine.begin() as connection:
            self._record(connection, who, what, about)

    def audit(self, limit: int) -> list[Entry]:
        """The last things that were done, newest first; nothing older than a year."""
        self.prepare()
        query = select(audit).where(audit.c.moment >= self._year_ago()).order_by(audit.c.id.desc()).limit(limit)
        with self.engine.connect() as connection:
            return [Entry(dt.datetime.fromtimestamp(row.moment, dt.timezone.utc), row.who, row.what, row.about)
                    for row in connection.execute(query)]

    def _attempt(self, connection: Connection, who: str) -> int:
        """Which attempt in a row this is, 0 when there may be none now. One statement decides: attempts come at once."""
        mine = lock.c.name == who
        connection.execute(update(lock).where(mine, lock.c.until > 0, lock.c.until <= self._now()).values(failures=0, until=0))
        until = case((lock.c.failures == MAX_FAILURES - 1, self._now() + LOCK_SECONDS), else_=0)
        claimed = connection.execute(update(lock).where(mine, lock.c.failures < MAX_FAILURES)
                                     .values(failures=lock.c.failures + 1, until=until))
        return connection.execute(select(lock.c.failures).where(mine)).scalar_one() if claimed.rowcount else 0

    def _failed(self, who: str, attempt: int) -> None:
        """Recorded while attempts count: who keeps trying a locked account does not fill the log."""
        with self.engine.begin() as connection:
            if attempt:
                self._record(connection, who, LOGIN_FAILED)
            if attempt == MAX_FAILURES:
                self._record(connection, who, LOCKED_OUT)

    def _change(self, name: str, deed: str, values: dict[str, str]) -> None:
        self.prepare()
        with self.engine.begin() as connection:
            change = update(account).where(account.c.name == name).values(values or {"name": name})
            self._demand(connection.execute(change).rowcount, name)
            self._clear(connection, name)
            self._record(connection, name, deed)

    @staticmethod
    def _clear(connection: Connection, name: str) -> None:
        connection.execute(update(lock).where(lock.c.name == name).values(failures=0, until=0))

    @staticmethod
    def _demand(rows: int, name: str) -> None:
        if not rows:
            raise StaffError(f"there is no account {name!r}")

    def _record(self, connection: Connection, who: str, what: str, about: str = "") -> None:
        connection.execute(delete(audit).where(audit.c.moment < self._year_ago()))
        connection.execute(insert(audit).values(moment=self._now(), who=who, what=what, about=about))

    def _now(self) -> int:
        return int(self._clock().timestamp())

    def _year_ago(self) -> int:
        return self._now() - AUDIT_DAYS * 24 * 3600

    def _new_hash(self, name: str, password: str) -> str:
        if not MIN_PASSWORD <= len(unicodedata.normalize("NFC", password)) <= MAX_PASSWORD:
            raise StaffError(f"a password has {MIN_PASSWORD} to {MAX_PASSWORD} characters")
        if password.lower() == name:
            raise StaffError("a password is not the name of its account")
        if any("\ud800" <= character <= "\udfff" for character in password):
            raise StaffError("a password is text in UTF-8")  # what a terminal could not decode, no browser can send
        return self._hasher.hash(_bytes(password))

    def _verify(self, stored: str, password: str) -> bool:
        try:
            return self._hasher.verify(stored, _bytes(password))
        except (Argon2Error, InvalidHashError):
            return False


def _generation() -> str:
    """Random, not a number that counts: an account that is removed and made again is another one."""
    return secrets.token_urlsafe(12)


def _storable(name: str) -> str:
    """The name when it could be one of an account: a database refuses some characters."""
    return name if NAME.fullmatch(name) else UNKNOWN


def _bytes(password: str) -> bytes:
    """The same bytes for the same characters, however a keyboard composes them."""
    return unicodedata.normalize("NFC", password).encode("utf-8", "surrogatepass")
