"""A service whose clock can be set and whose log is kept at DEBUG, as the trials of one machine
have it.
"""

from tests.trials.conftest import clock, log, service, temporary

__all__ = ["clock", "log", "service", "temporary"]
