"""Fixtures of the statistics: parameters, a folder in memory, every kind of counter, both kinds of database."""

from typing import Callable, Iterator

import hypothesis
import pytest

from bot import settings as settings_module
from bot.statistics import __main__
from bot.statistics import parameters as parameters_module
from bot.statistics.counts import Counts, FileCounts
from bot.statistics.parameters import Parameters
from bot.statistics.redis_counts import RedisCounts
from bot.statistics.store import Store
from tests.statistics.tools import memory_folder

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
    return request.getfixturevalue("postgresql").emptied()


@pytest.fixture
def command(capsys: pytest.CaptureFixture, monkeypatch: pytest.MonkeyPatch) -> Callable[..., tuple[int, str, str]]:
    """Run `python -m bot.statistics` in this process: (exit code, what it said, what it said on standard error)."""
    def run(*arguments: str, **environment: str) -> tuple[int, str, str]:
        capsys.readouterr()
        with monkeypatch.context() as changed:
            changed.setattr("bot.logs.configure", lambda: None)  # it would change the logs of every later test
            for name, value in environment.items():
                changed.setenv(name, value)
            try:
                code = __main__.main(list(arguments))
            except SystemExit as stopped:
                code = stopped.code
        return (code, *capsys.readouterr())

    return run


@pytest.fixture
def store(database_url: str, parameters: Parameters) -> Iterator[Store]:
    """A store whose tables are made, of each kind."""
    yield from _prepared(database_url, parameters)


@pytest.fixture
def sqlite_store(parameters: Parameters) -> Iterator[Store]:
    """The same in SQLite, for tests in which the kind makes no difference; in memory, where writing is quick."""
    with memory_folder() as folder:
        yield from _prepared(f"sqlite:///{folder / 'statistics.db'}", parameters)


def _prepared(url: str, parameters: Parameters) -> Iterator[Store]:
    store = Store.for_service(settings_module.load({"STATISTICS_URL": url}), parameters)
    store.prepare()
    yield store
    store.engine.dispose()
