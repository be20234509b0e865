"""A counting service with its data volume in one folder and its running counts in memory, under a clock that a test moves."""

import datetime as dt
from dataclasses import dataclass
from pathlib import Path
from typing import Iterator

import pytest

from bot.settings import load
from bot.statistics import parameters as parameters_module
from bot.statistics.counts import FileCounts
from bot.statistics.figures import Figure, show
from bot.statistics.parameters import Parameters, Table
from bot.statistics.release import Service
from bot.statistics.store import Store
from tests.attacks.attacks import MOMENT
from tests.statistics.tools import memory_folder


@dataclass
class System:
    """The mechanism as it runs."""

    service: Service
    data: Path
    state: Path
    moment: dt.datetime

    def later(self, **by: float) -> list:
        """Move the clock and let the service do what is due; the released periods."""
        self.moment += dt.timedelta(**by)
        return self.service.tick()

    def show(self, value: int, table: Table) -> Figure:
        """A figure of one released value."""
        return show([value], table, self.service.parameters.limit(table))


@pytest.fixture(scope="session")
def parameters() -> Parameters:
    """The parameters as they are without any environment variable."""
    return parameters_module.load(load({}))


@pytest.fixture
def system(tmp_path: Path, parameters: Parameters) -> Iterator[System]:
    """The real mechanism, started in the middle of a week."""
    data = tmp_path / "data"
    with memory_folder() as memory:
        store = Store.for_service(load({"STATISTICS_URL": f"sqlite:///{data / 'statistics.db'}"}), parameters)
        made = System(None, data, memory / "state", MOMENT)
        made.service = Service(FileCounts(made.state), store, parameters, lambda: made.moment)
        made.service.start()
        yield made
        store.engine.dispose()
