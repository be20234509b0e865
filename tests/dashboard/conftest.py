"""The dashboard as a real process with an account, by the real clock or by one that a test moves."""

import contextlib
import datetime as dt
import os
import re
import socket
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Iterator, Optional

import httpx
import pytest
from argon2 import PasswordHasher
from argon2.profiles import CHEAPEST
from sqlalchemy import text
from sqlalchemy.engine import Engine
from sqlalchemy.exc import SQLAlchemyError

from bot import database
from bot.dashboard import staff as staff_module
from bot.dashboard.staff import Staff
from bot.settings import ROOT, load
from bot.statistics.release import now
from tests.conftest import free_port
from tests.dashboard import figures
from tests.services import PostgreSQL

NAME, PASSWORD = "ann.peeters", "zeven gele fietsen"
START_SECONDS = 60
CSRF = re.compile(r'name="csrf" value="([0-9a-f]+)"')


def settings_env(folder: Path) -> dict[str, str]:
    """Environment variables of a dashboard whose databases stand in `folder`."""
    return {"DASHBOARD_PORT": str(free_port()), "STATISTICS_URL": f"sqlite:///{folder / 'statistics.db'}",
            "DASHBOARD_STAFF_URL": f"sqlite:///{folder / 'staff.db'}", "DASHBOARD_SECRET": "d" * 40}


def csrf_of(page: httpx.Response) -> str:
    """The token of the first form of a page."""
    found = CSRF.search(page.text)
    assert found, page.text[:2000]
    return found[1]


@dataclass
class Dashboard:
    """A running dashboard; `settings_env` are the variables it was started with."""

    url: str
    folder: Path
    settings_env: dict[str, str]

    @property
    def staff(self) -> Staff:
        """Its accounts, past the dashboard."""
        return Staff.of(load(self.settings_env), now)

    def visit(self) -> httpx.Client:
        """A browser that is not logged in and does not follow redirects."""
        return httpx.Client(base_url=self.url, timeout=30)

    def send_login(self, client: httpx.Client, name: str, password: str, naar: str = "/") -> httpx.Response:
        """Fill in the login form and send it."""
        fields = {"csrf": csrf_of(client.get("/inloggen")), "naam": name, "wachtwoord": password, "naar": naar}
        return client.post("/inloggen", data=fields)

    def send(self, request: bytes) -> tuple[int, httpx.Headers, str]:
        """(status, headers, body) of the answer to exactly these bytes."""
        address = httpx.URL(self.url)
        with socket.create_connection((address.host, address.port), timeout=30) as connection:
            connection.sendall(request)
            connection.shutdown(socket.SHUT_WR)
            answer = b"".join(iter(lambda: connection.recv(65536), b""))
        head, _, body = answer.partition(b"\r\n\r\n")
        first, *lines = head.decode().split("\r\n")
        headers = httpx.Headers([tuple(line.split(": ", 1)) for line in lines])
        return int(first.split()[1]), headers, body.decode()

    def login(self, name: str = NAME, password: str = PASSWORD) -> httpx.Client:
        """A browser that is logged in."""
        client = self.visit()
        answer = self.send_login(client, name, password)
        assert answer.status_code == 303, answer.text
        return client


class Clock:
    """Stands still until a test moves it; a dashboard in another process reads its file."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self.moment = dt.datetime(2026, 11, 25, 9, 0, tzinfo=dt.timezone.utc)
        self.forward()

    def __call__(self) -> dt.datetime:
        return self.moment

    def forward(self, **by: float) -> None:
        """Move on by so many minutes=, hours=, days= ..."""
        self.moment += dt.timedelta(**by)
        new = self.file.with_suffix(".new")
        new.write_text(self.moment.isoformat())
        os.replace(new, self.file)


@contextlib.contextmanager
def running_dashboard(folder: Path, clock: Optional[Clock] = None, **environment: str) -> Iterator[Dashboard]:
    """Start the dashboard as a process with one account, wait until it answers, stop it. `clock` stands in for the real one."""
    serve = ["bot.dashboard"] if clock is None else ["tests.dashboard.by_clock", str(clock.file)]
    variables = {**settings_env(folder), **environment}
    with contextlib.suppress(SQLAlchemyError):  # a database that is not there is what some tests are about
        Staff.of(load(variables), now).add(NAME, PASSWORD)
    with open(folder / "log.txt", "w") as log:
        process = subprocess.Popen([sys.executable, "-m", *serve], cwd=ROOT, env={**os.environ, **variables},
                                   stdout=log, stderr=log)
        try:
            url = f"http://127.0.0.1:{variables['DASHBOARD_PORT']}"
            _wait_for(url, process, folder)
            yield Dashboard(url, folder, variables)
        finally:
            process.terminate()
            try:
                process.wait(20)
            finally:
                process.kill()  # one that hangs must not outlive the tests


def _wait_for(url: str, process: subprocess.Popen, folder: Path) -> None:
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until and process.poll() is None:
        with contextlib.suppress(httpx.HTTPError):
            if httpx.get(f"{url}/gezondheid", timeout=2).status_code == 200:
                return
        time.sleep(0.1)
    raise AssertionError(f"the dashboard does not answer: {(folder / 'log.txt').read_text()[-3000:]}")


@pytest.fixture(scope="session")
def dashboard(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Dashboard]:
    """The running dashboard, shared by all tests; a test that locks or changes an account makes one of its own."""
    with running_dashboard(tmp_path_factory.mktemp("dashboard")) as running:
        yield running


@pytest.fixture(scope="session")
def released(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Dashboard]:
    """A running dashboard with figures of January to October 2026, on 25 November 2026."""
    folder = tmp_path_factory.mktemp("released")
    figures.release(settings_env(folder))
    with running_dashboard(folder, Clock(folder / "clock.txt")) as running:
        yield running


@pytest.fixture(scope="session")
def first_day(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Dashboard]:
    """A running dashboard before the first release, on the same day."""
    folder = tmp_path_factory.mktemp("first_day")
    figures.prepare(settings_env(folder))
    with running_dashboard(folder, Clock(folder / "clock.txt")) as running:
        yield running


@pytest.fixture(scope="session")
def staff(released: Dashboard) -> Iterator[httpx.Client]:
    """Somebody who is logged in to the dashboard with figures."""
    with contextlib.closing(released.login()) as client:
        yield client


@pytest.fixture
def clock(tmp_path: Path) -> Clock:
    """A clock of its own for each test."""
    return Clock(tmp_path / "clock.txt")


def deeds(staff: Staff) -> list[tuple[str, str]]:
    """(who, what) of everything that was recorded, newest first."""
    return [(entry.who, entry.what) for entry in staff.audit(100)]


@pytest.fixture(scope="session")
def empty(postgresql: PostgreSQL) -> str:
    """The address of one PostgreSQL database for all: making one takes longer than emptying it."""
    return postgresql.database()


@pytest.fixture(params=["sqlite", "postgresql"])
def engine(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Engine]:
    """An empty database of either kind, and cheap hashes: with the real ones these tests take a minute."""
    monkeypatch.setattr(staff_module, "PasswordHasher", lambda: PasswordHasher.from_parameters(CHEAPEST))
    if request.param == "sqlite":
        yield database.engine("DASHBOARD_STAFF_URL", f"sqlite:///{tmp_path / 'new' / 'staff.db'}")
        return
    made = database.engine("DASHBOARD_STAFF_URL", request.getfixturevalue("empty"))
    yield made
    with made.begin() as connection:
        connection.execute(text("DROP TABLE IF EXISTS account, account_lock, audit, alembic_version"))
    made.dispose()


@pytest.fixture
def accounts(engine: Engine, clock: Clock) -> Staff:
    """Accounts of both kinds of database, with one account: ann."""
    made = Staff(engine, clock)
    made.add("ann", PASSWORD)
    return made
