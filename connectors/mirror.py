"""Places at a partner's in which its copy is kept: what can be written there, and how it is read back.

A target says what it would send and sends what it is told; which rows there ought to be, the worker decides. So a
dry run shows the very requests that a run sends. Every row carries a *marker*, random and telling nothing; what
carries none of ours is never changed or removed.

A row's values are known by *slot*: the name of a shared field, or ``field:place`` where a tracker has a second place
for it. A slot's text is in the form in which the target gives it back, so that what was written and what is there
now can be compared.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Protocol

from connectors.base import ConnectorError

FIELDS: tuple[str, ...] = ("title", "status", "due", "delivered", "notes", "owner")
"""The fields that an agreement can show."""
NO_TITLE = "Untitled"
"""Stands where the text for outsiders has no title, in trackers that want one."""
WITHDRAWN = "No longer shared"
"""The title of a row that was withdrawn and cannot be deleted."""
PATIENCE = 5.0
"""Seconds that one request to a mirror may wait; longer waits are the worker's to park."""

Slots = Mapping[str, str]


class Refused(ConnectorError):
    """The place is not the one that was agreed, or not fit for it: nothing is written there."""


@dataclass(frozen=True, slots=True)
class Pin:
    """Which place it is. What stands here never changes unnoticed."""

    native_id: str
    """Of the data source, repository or project; it outlives renames."""
    within: str
    """What it belongs to: a database, an owner, a site."""
    visibility: str
    """``private``, or what else the tracker calls a place that not everybody sees."""


@dataclass(frozen=True, slots=True)
class Place:
    """A place as it was found: ``fields`` have a slot there, ``remedies`` tell how the others would get one.

    ``now`` is the server's clock. ``known_as`` are further names by which a scope could mean it. ``meta`` is what the
    target learned and wants back. ``unfit`` says why nothing may be shown there, such as that everybody can read it,
    with the remedy; what stands there can still be withdrawn.
    """

    pin: Pin
    name: str
    url: str
    now: datetime
    fields: tuple[str, ...] = FIELDS
    remedies: tuple[str, ...] = ()
    known_as: tuple[str, ...] = ()
    unfit: str = ""
    meta: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Held:
    """A row as it stands there now."""

    remote: str
    """Its id there."""
    marker: str
    slots: Slots
    made: datetime
    url: str = ""
    stage: str = ""
    """The tracker's own state (open, closed, a workflow's status), which is the partner's to set. Empty: it has none."""
    live: bool = True
    """False: in the bin, or withdrawn by us."""
    remarks: int | None = None
    """How many remarks hang on it; None: not told."""
    raw: Mapping[str, Any] = field(default_factory=dict, compare=False)
    """What of the tracker's answer a change has to keep."""


@dataclass(frozen=True, slots=True)
class Write:
    """One request that changes something, as it is sent."""

    op: str
    """For logs and figures: ``github.mirror_create``."""
    method: str
    path: str
    """Below the tracker's root."""
    body: Mapping[str, Any] | Sequence[Any] | None = None
    repeatable: bool = True
    """Whether sending it twice leaves what sending it once does."""
    accept: tuple[int, ...] = ()
    """Statuses that say that it is done already."""


@dataclass(frozen=True, slots=True)
class Remark:
    """Something that somebody said at a row."""

    id: str
    remote: str
    """The row's."""
    text: str
    at: datetime


class Target(Protocol):
    """What every kind of target offers. All methods that ask the tracker may raise the four errors, or Refused.

    No request waits longer than :data:`PATIENCE`: limits are raised, and parked by the worker.
    """

    kind: str
    settles: timedelta
    """How long after a request of unknown fate :meth:`find` is believed."""
    quiet_remarks: bool
    """Whether a remark leaves its row unchanged, so that :meth:`changed` does not tell of it."""
    keeps: str
    """What of a withdrawn row remains there, as a sentence."""

    def verify(self, known: Pin | None) -> Place:
        """The place as it is now, its rights included.

        :param known: which it was when it was first found; it may have another name by now

        :raises Refused: it lacks what a mirror needs; the remedy is told
        """
        ...

    def slots(self, place: Place, values: Mapping[str, str]) -> Slots:
        """Values of the copy in the form in which they will be read back. A field without a slot is left out."""
        ...

    def mark(self, place: Place) -> str:
        """What :meth:`find` needs to know of the time before a row was made."""
        ...

    def create(self, place: Place, marker: str, slots: Slots) -> Write: ...

    def update(self, place: Place, held: Held, slots: Slots) -> Sequence[Write]:
        """:param slots: those that change, and to what"""
        ...

    def withdraw(self, place: Place, held: Held, slots: Slots) -> Sequence[Write]:
        """Take a row away, or blank what cannot be deleted.

        :param slots: those that still hold what we wrote; the others are the partner's and stay
        """
        ...

    def send(self, place: Place, write: Write) -> str:
        """:returns: the id of what was made; empty for other writes"""
        ...

    def find(self, place: Place, marker: str, mark: str) -> list[Held]:
        """Live rows with this marker, the oldest first; read as consistently as the tracker can."""
        ...

    def read(self, place: Place, ids: Sequence[str]) -> Mapping[str, Held]:
        """Rows by id, past every index. One that is missing is not there, or not to be seen; one that lost its marker
        has an empty one."""
        ...

    def rows(self, place: Place) -> Iterator[Sequence[Held]]:
        """Everything live that carries a marker, a page at a time."""
        ...

    def changed(self, place: Place, since: datetime) -> list[Held]:
        """Rows with a marker that changed since then, by whomever."""
        ...

    def remarks(self, place: Place, ids: Sequence[str], since: datetime) -> list[Remark]:
        """What people other than this account said at these rows since then."""
        ...

    def close(self) -> None:
        """Give connections back."""
        ...
