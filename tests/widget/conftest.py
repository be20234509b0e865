"""The example site as a real process."""

from typing import Iterator

import pytest

from benchmarks.zone import Site, running_site


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The example site, shared by all tests."""
    with running_site(tmp_path_factory.mktemp("site")) as running:
        yield running
