"""Environment and warnings of every process that imports Rasa: nothing calls out, nothing chatters."""

import os
import warnings

QUIET = {
    "RASA_TELEMETRY_ENABLED": "false",  # on by default, and so is Sentry with it
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "TF_ENABLE_ONEDNN_OPTS": "0",
    "CUDA_VISIBLE_DEVICES": "-1",
    "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
    "OMP_NUM_THREADS": "1",
    "PYTHONWARNINGS": "ignore",
}


def be_quiet() -> None:
    """Set the environment of this process and its children; call before importing rasa."""
    os.environ.update(QUIET)
    warnings.filterwarnings("ignore")
