"""A log line never holds what somebody typed."""

import logging

from bot import logs


def test_an_exception_is_reduced_to_its_kind(caplog):
    factory = logging.getLogRecordFactory()
    try:
        logs.configure()
        try:
            raise ValueError("kanarie in de uitzondering")
        except ValueError:
            logging.getLogger("rasa.core.processor").exception("Encountered an exception\nkanarie in het bericht")
        assert "kanarie" not in caplog.text and "ValueError" in caplog.text
    finally:
        logging.setLogRecordFactory(factory)


def test_the_shared_token_is_left_out(caplog):
    factory = logging.getLogRecordFactory()
    try:
        logs.configure()
        logging.getLogger("rasa").error("cannot connect to 'http://127.0.0.1:5055/webhook?token=%s'.", "kanarie")
        assert "kanarie" not in caplog.text and "token=..." in caplog.text
    finally:
        logging.setLogRecordFactory(factory)
