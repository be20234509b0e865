"""`python -m bot.server`: Rasa with our one channel; the HTTP API of Rasa itself stays off."""

import logging
import os
import sys
from typing import Any

from bot import facts, logs, without_services, without_tensorflow
from bot.errors import WijkwijzerError
from bot.quiet import be_quiet
from bot.settings import ROOT, Settings, load
from bot.train import model_path
from bot.widget import files

BACKLOG = 2048  # Rasa's own is 100: in a rush the kernel then cuts connections, and nobody tells the numbers
SHARED_STORE = "bot.shared_tracker_store.SharedTrackerStore"


def main() -> int:
    """Serve until stopped; a wrong setting, profile or widget, or a missing model, is one clear sentence."""
    be_quiet()
    try:
        settings = load()
        facts.load(settings.facts_dir).emergency()
        files.load()
    except WijkwijzerError as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    if not model_path().is_file():
        print("error: there is no trained model; run `make train` first", file=sys.stderr)
        return 2
    os.environ["ACTIONS_PORT"], os.environ["ACTIONS_TOKEN"] = str(settings.actions_port), settings.actions_token
    sys.path.insert(0, str(ROOT))
    os.environ["SANIC_BACKLOG"] = str(BACKLOG)
    os.environ["LOG_LEVEL"] = os.environ["LOG_LEVEL_LIBRARIES"] = "WARNING"
    logs.configure()
    without_tensorflow.install()
    without_services.install()
    from rasa.core.run import serve_application
    from rasa.core.utils import AvailableEndpoints
    from rasa.utils.common import configure_logging_and_warnings
    from rasa.utils.log_utils import configure_structlog

    from bot import quick_graph, quick_results, quick_rules

    configure_structlog(logging.WARNING)  # else every parsed message is printed at debug level
    configure_logging_and_warnings(log_level=logging.WARNING, warn_only_once=True, filter_repeated_logs=False)
    logs.configure()  # again: Rasa has just set its own
    quick_results.install()
    quick_graph.install()
    quick_rules.install()
    endpoints = AvailableEndpoints.read_endpoints(str(ROOT / "endpoints.yml"))
    try:
        endpoints.action = _actions(settings, endpoints.action)
    except WijkwijzerError as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    if settings.chat_store_url:
        endpoints.tracker_store.type = SHARED_STORE
    serve_application(str(model_path()), credentials=str(ROOT / "credentials.yml"), interface=settings.chat_host,
                      port=settings.chat_port, enable_api=False, endpoints=endpoints)
    return 0


def _actions(settings: Settings, endpoint: Any) -> Any:
    """Where actions are called: the action server of endpoints.yml, or this very process."""
    from bot.action_endpoint import ActionEndpoint

    if not settings.actions_inside:
        return ActionEndpoint.of(endpoint)
    from bot.actions_inside import ActionsInside
    from bot.statistics import service as statistics

    service = statistics.make(settings)
    service.start()
    return ActionsInside(service)


if __name__ == "__main__":
    sys.exit(main())
