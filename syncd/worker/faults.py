"""Places where a test may have this process killed: ``SYNCD_FAULT=name:n`` kills it at the n-th pass.

The kill is SIGKILL, so nothing is cleaned up: what follows shows whether the store was sound.
"""

import os
import signal
import threading

_lock = threading.Lock()
_passed: dict[str, int] = {}


def point(name: str) -> None:
    """A boundary at which a crash must be harmless."""
    fault = os.environ.get("SYNCD_FAULT")
    if not fault:
        return
    wanted, _, count = fault.partition(":")
    if wanted == name:
        with _lock:
            _passed[name] = _passed.get(name, 0) + 1
            if _passed[name] >= int(count or 1):
                os.kill(os.getpid(), signal.SIGKILL)
