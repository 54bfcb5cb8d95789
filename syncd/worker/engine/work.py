"""What the engine asks of the rest of syncd."""

from datetime import datetime
from typing import Protocol


class Work(Protocol):
    """The work there is to do. All methods are plain, blocking calls and are made from threads.

    The engine may call any of them late, twice, in several processes at once, or not at all and then
    again a minute later: who may commit is decided by leases in the store, never here.
    """

    def due(self, now: datetime) -> list[int]:
        """Ids of streams that are due, unleased and not hinted in the last minute; marks them hinted."""
        ...

    def pull(self, stream_id: int, seconds: float) -> bool:
        """One slice of a pull, about so long; True if more is to do at once."""
        ...

    def sweep_due(self, now: datetime) -> list[int]:
        """Ids of streams in which to look for deletions."""
        ...

    def sweep(self, stream_id: int) -> None:
        """Look for deletions in one stream, from beginning to end."""
        ...

    def discover_due(self, now: datetime) -> list[str]:
        """Names of trackers whose scope is to be read again."""
        ...

    def discover(self, tracker: str) -> None:
        """Resolve a tracker's scope to its streams."""
        ...

    def judge(self, seconds: float) -> bool:
        """One slice of judging what is due; True if more is."""
        ...

    def publish(self, seconds: float) -> bool:
        """One slice of bringing partners' copies up to date; True if more is to do."""
        ...

    def audit(self, seconds: float) -> bool:
        """One slice of the comparison that ``nightly`` began, if it is not done; True if more is to do."""
        ...

    def suggest(self, seconds: float) -> bool:
        """One slice of suggesting goals for items without one; True if more is to do."""
        ...

    def index(self, seconds: float) -> bool:
        """One slice of bringing the search up to date; True if more is to do."""
        ...

    def asked(self) -> bool:
        """Whether somebody waits for a link to sign in."""
        ...

    def admit(self) -> None:
        """Send the links that are waited for."""
        ...

    def messages(self, seconds: float) -> bool:
        """Write down what people and programs are to be told, and send for about so long; True if more is due."""
        ...

    def mirror(self, seconds: float) -> bool:
        """One slice of bringing partners' own tools up to date with their copies; True if more is to do at once."""
        ...

    def nightly(self) -> None:
        """Begin the comparison of what is stored with what judging gives; what keeps the store small and tidy."""
        ...
