"""Environment and warnings of every process that imports Rasa: nothing calls out, nothing chatters."""

import os
import warnings
from typing import Any

QUIET = {
    "RASA_TELEMETRY_ENABLED": "false",  # on by default, and so is Sentry with it
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "TF_ENABLE_ONEDNN_OPTS": "0",
    "CUDA_VISIBLE_DEVICES": "-1",
    "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
    # a server grows by processes: threads that wait for each other cost more than they bring; set before sklearn is imported
    "OMP_NUM_THREADS": os.environ.get("OMP_NUM_THREADS") or "1",
    "PYTHONWARNINGS": "ignore",
}


def be_quiet() -> None:
    """Set the environment of this process and its children; call before importing rasa."""
    os.environ.update(QUIET)
    warnings.filterwarnings("ignore")
    warnings.showwarning = _say_nothing  # Sanic turns deprecation warnings on again


def _say_nothing(*arguments: Any, **named: Any) -> None:
    """A warning may hold what a resident typed."""
