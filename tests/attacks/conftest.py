"""A service whose clock can be set and whose log is kept at DEBUG, as the trials of one machine
have it; and a console with something in it.
"""

import logging
from pathlib import Path

import pytest

from bot import report
from tests.console_frame.setting import setting
from tests.trials.conftest import clock, log, service, temporary

__all__ = ["clock", "log", "service", "setting", "spoken", "temporary"]


@pytest.fixture
def spoken(log: Path) -> Path:
    """The log of the program as it is in use, but that every library was told to say all."""
    report.set_up(level=logging.DEBUG)
    for name in report.QUIETED:
        logging.getLogger(name).setLevel(logging.DEBUG)
    for name in logging.root.manager.loggerDict:
        if name.split(".")[0] in report.QUIETED and "." in name:
            logger = logging.getLogger(name)
            logger.handlers, logger.propagate = [], True
    logging.root.handlers = [
        one for one in logging.root.handlers if type(one) is not logging.StreamHandler
    ]
    return log
