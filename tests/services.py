"""PostgreSQL and Redis as fixtures: one of each for all tests, started when the first test asks for it."""

import os
import shutil
from typing import Iterator, NoReturn

import pytest

from benchmarks.services import KEEPER, READER, PostgreSQL, Redis, postgresql_programs, running

__all__ = ["KEEPER", "READER", "PostgreSQL", "Redis"]


def missing(what: str) -> NoReturn:
    """Skip on a laptop, fail in CI: there a test that never runs is worse than a red one."""
    (pytest.fail if os.environ.get("CI") else pytest.skip)(f"{what} is not installed (Debian: apt-get install {what})")


@pytest.fixture(scope="session")
def postgresql() -> Iterator[PostgreSQL]:
    """One running PostgreSQL; a test that stops it starts it again."""
    programs = postgresql_programs()
    if programs is None:
        missing("postgresql")
    with running(PostgreSQL, programs) as server:
        yield server


def started_redis() -> Iterator[Redis]:
    """A Redis for a fixture, stopped afterwards."""
    program = shutil.which("redis-server") or missing("redis-server")
    with running(Redis, program) as server:
        yield server


@pytest.fixture(scope="session")
def redis_server() -> Iterator[Redis]:
    """One running Redis; a test that kills it starts it again."""
    yield from started_redis()
