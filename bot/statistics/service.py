"""The counting service of a process, put together from the settings."""

import hashlib
import logging
import os
from pathlib import Path

from sqlalchemy.engine import make_url

from bot.settings import Settings
from bot.statistics import parameters as parameters_module
from bot.statistics.counts import Counts, FileCounts, in_memory, swap_is_on
from bot.statistics.redis_counts import RedisCounts
from bot.statistics.release import Clock, Service, now
from bot.statistics.store import Store

logger = logging.getLogger(__name__)

SHARED_MEMORY = Path("/dev/shm")


def make(settings: Settings, clock: Clock = now) -> Service:
    """Counter, store and parameters; raises SettingsError, FactsError or LimitError that says what is wrong."""
    parameters = parameters_module.load(settings)
    store = Store.for_service(settings, parameters)
    return Service(make_counts(settings), store, parameters, clock)


def make_counts(settings: Settings) -> Counts:
    """Redis where one is named, else a folder on tmpfs, else the memory of this process alone."""
    if settings.statistics_counter_url:
        return RedisCounts(settings.statistics_counter_url)
    if swap_is_on():
        logger.warning("statistics: swap is on: memory, exact counts too, may reach a disk; switch it off or encrypt it")
    folder = state_folder(settings)
    if folder is None:
        logger.warning("statistics: no folder in memory was found; running counts end with this process")
        return Counts()
    return FileCounts(folder)


def state_folder(settings: Settings) -> Path | None:
    """Where the running counts stand: one folder a user and statistics database, so that two zones do not meet."""
    if settings.statistics_state_dir:
        return Path(settings.statistics_state_dir)
    address = make_url(settings.statistics_url).render_as_string(hide_password=True)  # anyone may see the folder's name
    name = f"wijkwijzer-{os.getuid()}-{hashlib.sha256(address.encode()).hexdigest()[:12]}"
    for place in (SHARED_MEMORY, Path(os.environ.get("XDG_RUNTIME_DIR") or SHARED_MEMORY)):
        if place.is_dir() and in_memory(place):
            return place / name
    return None
