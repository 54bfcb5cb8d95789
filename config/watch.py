"""A configuration that follows its files, as long as they are right."""

from pathlib import Path

from config import files
from config.files import Config
from config.schema import FILES

_Stamps = tuple[tuple[int, int] | None, ...]


class Watched:
    """The configuration in force, and whether its files have changed since."""

    def __init__(self, config: Config) -> None:
        self.config = config
        self._stamps = _stamps(config.folder)

    def refresh(self) -> bool:
        """Take over what changed. :returns: whether the meaning of the files is another one now

        :raises ConfigError: the files have mistakes; told once for each change, and the old ones stay in force
        """
        stamps = _stamps(self.config.folder)
        if stamps == self._stamps:
            return False
        self._stamps = stamps
        before, self.config = self.config, files.load(self.config.folder)
        return self.config.hash != before.hash


def _stamps(folder: Path) -> _Stamps:
    """Time and size of each file, None for one that is not there."""
    return tuple(_stamp(folder / name) for name in FILES)


def _stamp(path: Path) -> tuple[int, int] | None:
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_mtime_ns, status.st_size
