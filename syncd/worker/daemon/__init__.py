"""``syncd run``: worker and pages in one process, stopped by a signal."""

from syncd.worker.daemon.process import run

__all__ = ["run"]
