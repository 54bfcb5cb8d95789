"""How the process uses memory, set once at its start. Figures in ``docs/performance.md``."""

import contextlib
import ctypes
import gc
from collections.abc import Generator

_ARENA_MAX = -8
"""``M_ARENA_MAX`` of glibc, mallopt(3)."""


def settle() -> None:
    """For pages of JSON read by several threads: many objects without cycles, large buffers that come and go.

    The collector looks less often, for its usual eagerness is a seventh of a sync. Threads share two
    arenas: each of its own keeps what others could use, a fifth of the peak.
    """
    gc.set_threshold(10_000, 5, 20)
    with contextlib.suppress(AttributeError, OSError):  # another libc
        ctypes.CDLL(None).mallopt(_ARENA_MAX, 2)


@contextlib.contextmanager
def loading() -> Generator[None]:
    """What is loaded in here stays: the collector neither looks at it meanwhile, which is a tenth of the time that a command
    takes to begin, nor afterwards."""
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()
