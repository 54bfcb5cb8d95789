"""Static files straight from the packages they come in: named after their content, kept for ever.

There is nothing to collect before a start: the names are made when the process begins, so ``syncd web`` is
still one command, and a file that changed has another address.
"""

import hashlib
from pathlib import Path, PurePosixPath
from typing import Any

from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import StaticFilesStorage
from whitenoise.middleware import WhiteNoiseMiddleware

LETTERS = 12
"""Of the content's hash; enough to tell every edition of a file from every other."""


def stamped(name: str, content: bytes) -> str:
    """``web/app.css`` with its content's hash: ``web/app.1f0c3ab94d2e.css``."""
    path = PurePosixPath(name)
    mark = hashlib.sha256(content).hexdigest()[:LETTERS]
    return str(path.with_name(f"{path.stem}.{mark}{path.suffix}"))


class Packaged(StaticFilesStorage):
    """``{% static %}`` gives the stamped address; the name as it is where no package has such a file."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._stamped: dict[str, str] = {}

    def url(self, name: str | None, force: bool = False) -> str:  # noqa: ARG002  the contract of Django's own
        name = name or ""
        if name not in self._stamped:
            found = finders.find(name)
            self._stamped[name] = stamped(name, Path(found).read_bytes()) if found else name
        return super().url(self._stamped[name])


class StaticFiles(WhiteNoiseMiddleware):
    """Answers for every file of the packages under its own name, and for ever under its stamped one."""

    def add_file_to_dictionary(self, url: str, path: str, stat_cache: Any = None) -> None:
        super().add_file_to_dictionary(url, path, stat_cache)
        super().add_file_to_dictionary(stamped(url, Path(path).read_bytes()), path, stat_cache)

    def immutable_file_test(self, path: str, url: str) -> bool:
        """Whether the address holds the hash of what it leads to."""
        return PurePosixPath(url).name != Path(path).name
