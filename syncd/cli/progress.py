"""Progress bars of a pass, on a terminal only."""

from collections.abc import Generator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from syncd.web.words import counted
from syncd.worker.once import Watcher

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

    from syncd.cli.session import Session
    from syncd.worker.sync import Pulled


@contextmanager
def watcher(here: "Session") -> Generator[Watcher]:
    """Somebody to tell how the pass goes on."""
    if not here.interactive:
        yield Watcher()
        return
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        TextColumn("{task.fields[says]}"),
        TimeElapsedColumn(),
    )
    with Progress(*columns, transient=True) as bars:
        yield _Bars(bars)


class _Bars(Watcher):
    """One line for each stream; how many there will be is not known, so none pretends to be a percentage."""

    def __init__(self, bars: "Progress") -> None:
        self._bars = bars
        self._lines: dict[str, TaskID] = {}

    def pulling(self, name: str, done: "Pulled") -> None:
        written = done.written
        read = written.new + written.changed + written.same
        says = f"{counted(read, 'item')}, {counted(done.requests, 'request')}"
        if name not in self._lines:
            self._lines[name] = self._bars.add_task(name, total=None, says=says)
        self._bars.update(self._lines[name], says=says)

    def judging(self) -> None:
        self._bars.add_task("judging", total=None, says="")
