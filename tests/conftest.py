"""Fixtures that every test may use: settings, facts, the trained model, and the whole assistant running on free ports."""

from typing import Iterator

import pytest

from benchmarks.assistant import Conversation, Running, free_port, running_assistant
from bot.quiet import be_quiet
from bot.settings import Settings, load
from bot.train import train
from tests.services import postgresql, redis_server

__all__ = ["Conversation", "Running", "free_port", "running_assistant",  # for tests that start their own
           "postgresql", "redis_server"]  # fixtures

be_quiet()


@pytest.fixture(scope="session")
def settings() -> Settings:
    """Settings as they are without any environment variable."""
    return load({})


@pytest.fixture(scope="session")
def model() -> None:
    """The trained model; trains when the data changed."""
    train()


@pytest.fixture(scope="session")
def assistant(model: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """The whole assistant, shared by all tests that do not harm it."""
    with running_assistant(tmp_path_factory.mktemp("assistant")) as running:
        yield running


@pytest.fixture
def resident(assistant: Running) -> Conversation:
    """A new conversation with the shared assistant."""
    return assistant.open()
