"""One daemon a folder: two would share a job queue that was made for one."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

NAME = "daemon.lock"


class AlreadyRunning(Exception):
    """Another daemon holds the folder."""


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Hold the folder until the end of the block, or of this process, however it ends.

    :raises AlreadyRunning: names the other daemon's process
    """
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / NAME).open("a+", encoding="ascii") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            pid = file.read().strip() or "unknown"
            raise AlreadyRunning(
                f"another syncd (process {pid}) works on {folder.absolute()}: stop it, or give this one a folder of its own"
            ) from None
        file.truncate(0)
        file.write(f"{os.getpid()}\n")
        file.flush()
        yield
