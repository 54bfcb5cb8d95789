"""What holds for every test."""

import gc
import logging
import sys
import threading
from collections.abc import Iterator

import pytest
import structlog
from hypothesis import HealthCheck, settings

from syncd import logs

ROOT = logging.getLogger()
settings.register_profile("patient", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("patient")  # before anything is imported that asks for examples: a busy machine is no failure


def pytest_collection_finish() -> None:
    """Nothing that was imported goes away again: whoever looks for garbage need not look there, nor so often. That is up to a
    tenth of the time of tests that draw pages."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)


@pytest.fixture(autouse=True)
def logging_stays_as_it_was() -> Iterator[None]:
    """Whatever a test configures goes to streams that end with it: the rest of the run would log into closed files."""
    before = ROOT.handlers[:]
    levels = {logger: logger.level for logger in map(logging.getLogger, ("", *logs.OURS, *logs.QUIETER, "urllib3"))}
    hooks = sys.excepthook, threading.excepthook
    yield
    if before == ROOT.handlers:
        return
    structlog.reset_defaults()
    structlog.contextvars.clear_contextvars()
    ROOT.handlers[:], (sys.excepthook, threading.excepthook) = before, hooks
    for logger, level in levels.items():
        logger.setLevel(level)
