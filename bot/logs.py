"""Logs without content: no traceback, no exception text, no message of a resident ever reaches a log line."""

import logging
import re
import sys
from typing import Any

FORMAT = "%(levelname)s %(name)s: %(message)s"
TOLD = ("bot.dutch",)  # which language pipeline is used is said at start
SILENT = ("py.warnings", "sanic.access", "rasa_sdk.endpoint")  # they may print what a resident typed, or when
TOKEN = re.compile(r"token=[^\s'\"&]+")
_plain_record = logging.getLogRecordFactory()


def _without_content(*arguments: Any, **named: Any) -> logging.LogRecord:
    """A record whose exception is reduced to its kind: Rasa's own tracebacks hold conversations and tokens."""
    record = _plain_record(*arguments, **named)
    if record.exc_info:
        kind = record.exc_info[0] if isinstance(record.exc_info, tuple) else sys.exc_info()[0]
        record.msg = f"{record.getMessage().splitlines()[0][:120]} ({kind.__name__ if kind else 'error'})"
        record.args, record.exc_info, record.exc_text = None, None, None
    elif "token=" in record.getMessage():  # Rasa writes the whole address of an action server that does not answer
        record.msg, record.args = TOKEN.sub("token=...", record.getMessage()), None
    return record


def configure() -> None:
    """Warnings and worse to standard error, without content; call once a process."""
    logging.setLogRecordFactory(_without_content)
    logging.basicConfig(level=logging.WARNING, format=FORMAT)
    for name in TOLD:
        logging.getLogger(name).setLevel(logging.INFO)
    for name in SILENT:
        logging.getLogger(name).disabled = True
