"""Fixtures of the statistics: parameters, a folder in memory, every kind of counter, both kinds of database."""

from typing import Callable, Iterator

import hypothesis
import pytest

from bot import settings as settings_module
from bot.statistics import parameters as parameters_module
from bot.statistics.counts import Counts, FileCounts
from bot.statistics.parameters import Parameters
from bot.statistics.redis_counts import RedisCounts
from bot.statistics.store import Store
from tests.services import postgresql, redis_server
from tests.statistics.tools import memory_folder

__all__ = ["postgresql", "redis_server"]

hypothesis.settings.register_profile("steady", derandomize=True, max_examples=60, deadline=None, database=None,
                                     suppress_health_check=[hypothesis.HealthCheck.function_scoped_fixture,
                                                            hypothesis.HealthCheck.too_slow])
hypothesis.settings.load_profile("steady")


@pytest.fixture(scope="session")
def parameters() -> Parameters:
    """The parameters as they are without any environment variable."""
    return parameters_module.load(settings_module.load({}))


@pytest.fixture
def memory() -> Iterator:
    """A folder on tmpfs."""
    with memory_folder() as folder:
        yield folder


@pytest.fixture(params=["memory", "file", "redis"])
def kind(request: pytest.FixtureRequest) -> str:
    """Which counter."""
    return request.param


@pytest.fixture
def new_counts(kind: str, request: pytest.FixtureRequest) -> Callable[[], Counts]:
    """A maker of empty counters of one kind."""
    if kind == "memory":
        return Counts
    if kind == "file":
        folder, made = request.getfixturevalue("memory"), iter(range(1_000_000))
        return lambda: FileCounts(folder / str(next(made)))
    server = request.getfixturevalue("redis_server")

    def empty() -> Counts:
        server.client.flushall()
        return RedisCounts(server.url)

    return empty


@pytest.fixture
def counts(new_counts: Callable[[], Counts]) -> Counts:
    """An empty counter."""
    return new_counts()


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path) -> str:
    """The address of a new, empty database."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'statistics.db'}"
    return request.getfixturevalue("postgresql").database()


@pytest.fixture
def store(database_url: str, parameters: Parameters) -> Iterator[Store]:
    """A store whose tables are made."""
    store = Store.for_service(settings_module.load({"STATISTICS_URL": database_url}), parameters)
    store.prepare()
    yield store
    store.engine.dispose()
