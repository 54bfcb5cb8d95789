"""The connector protocol, what travels through it, and its four errors.

A connector says what happened; the worker decides what to do. It keeps no state between calls but
its connections: everything a later call needs to continue is in the :class:`Cursor` it was given,
which the worker stores in the same transaction as the page it came with.
"""

from collections.abc import Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, Literal, Protocol, Self

from connectors.item import Item
from connectors.redaction import redact_text

LONGEST_WAIT = 86400.0
"""Seconds: no tracker is believed that asks for more patience than a day."""


class ConnectorError(Exception):
    """What went wrong at a tracker, in words for the person who has to mend it.

    :param what: one sentence: what happened and, where known, the remedy; secrets in it are masked,
        since trackers' answers may repeat what they were sent
    :param where: the project, repository or data source; empty when the whole tracker is concerned
    :param status: the HTTP status, where there was an answer
    """

    def __init__(self, what: str, *, where: str = "", status: int | None = None) -> None:
        self.what = redact_text(what)
        super().__init__(self.what)
        self.where = where
        self.status = status

    def __str__(self) -> str:
        return f"{self.where}: {self.what}" if self.where else self.what


class AuthFailed(ConnectorError):
    """The credential is refused (401), or it does not reach what it was asked for (403, 404)."""


class RateLimited(ConnectorError):
    """The tracker asks us to wait; ``retry_after`` is in seconds from now, at most :data:`LONGEST_WAIT`. Park the
    stream, never sleep."""

    def __init__(self, what: str, *, retry_after: float, where: str = "", status: int | None = None) -> None:
        super().__init__(what, where=where, status=status)
        self.retry_after = min(max(0.0, retry_after), LONGEST_WAIT)


class Unavailable(ConnectorError):
    """No answer, a 5xx, or the breaker is open: the same call may succeed later.

    ``sent`` is False only where it is certain that the request never reached the tracker.
    """

    def __init__(self, what: str, *, where: str = "", status: int | None = None, sent: bool = True) -> None:
        super().__init__(what, where=where, status=status)
        self.sent = sent


class BadResponse(ConnectorError):
    """An answer that is not what it says (HTML with 200, another shape, a redirect) or a
    request the tracker refuses (400, 422): trying again changes nothing."""


@dataclass(frozen=True, slots=True)
class Stream:
    """The unit that is polled with its own cursor: a Jira site's project set, a GitHub repository, a
    Notion data source.

    ``native_id`` is immutable (``site``, a repository's number, a data source's id); ``name`` is for
    people; ``meta`` is JSON the connector learned at discovery and wants back (field ids, schema).
    """

    native_id: str
    name: str
    meta: Mapping[str, Any] = field(default_factory=dict)
    named_after: bool = False
    """Whether the name is the container of its items, which then follow when it changes."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One project, repository or data source that failed while the others went on."""

    where: str
    error: ConnectorError
    partial: bool = False
    """The part itself was read; something within it was not, such as a property."""


@dataclass(frozen=True, slots=True)
class Discovery:
    """The streams that the configured scope means now, and the parts of it that could not be read."""

    streams: tuple[Stream, ...]
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class Window:
    """A span of creation time that a walk goes through in ascending order.

    Everything created before ``at`` is committed; ``end`` is exclusive, None is open. ``page`` is a
    page number for trackers that walk by number (GitHub), else 0.
    """

    at: datetime | None
    end: datetime | None = None
    done: bool = False
    page: int = 0


@dataclass(frozen=True, slots=True)
class Cursor:
    """Where a stream stands. The one algorithm for all trackers (figures in ``docs/sync.md``):

    * ``high_water`` is the *server's* time at the start of the last complete run, never the newest
      stamp seen; the next run reads from ``high_water - overlap`` with no upper bound;
    * the back-fill stores its own start as the anchor before its first page, so that whatever changes
      meanwhile is read by the first delta;
    * a walk orders by an immutable key (creation) and continues at its windows after a crash.
    """

    high_water: datetime | None = None
    started: datetime | None = None
    """Server time at the start of the run that is under way; None between runs."""
    since: datetime | None = None
    """Lower bound of the run under way; None while back-filling."""
    windows: tuple[Window, ...] = ()
    backfilled: bool = False
    validator: str = ""
    """ETag of the idle poll, kept only after its page was committed."""
    validator_of: str = ""
    """Fingerprint of the credential and URL that the ETag belongs to (ETags are token-specific)."""
    covered: Mapping[str, datetime] = field(default_factory=dict)
    """Where one stream has several containers that come and go one by one (the projects of a Jira
    site): who takes part in the run, and up to when each had been read before it."""

    def begin(self, now: datetime, windows: Sequence[Window], overlap: timedelta) -> Self:
        """A run starts: ``now`` is the server's time in the answer to its first request."""
        since = self.high_water - overlap if self.backfilled and self.high_water else None
        return replace(self, started=now, since=since, windows=tuple(windows))

    def moved(self, index: int, window: Window) -> Self:
        """One window advanced by a page."""
        windows = (*self.windows[:index], window, *self.windows[index + 1 :])
        return replace(self, windows=windows)

    def finish(self) -> Self:
        """The last page of the run is there: the run's start becomes the high-water mark."""
        now = self.started or self.high_water
        covered = dict.fromkeys(self.covered, now) if now else {}
        return replace(self, high_water=now, started=None, since=None, windows=(), backfilled=True, covered=covered)

    def to_json(self) -> dict[str, Any]:
        """A JSON object that :meth:`from_json` reads back; empty values are left out."""
        times = {name: getattr(self, name) for name in ("high_water", "started", "since")}
        out: dict[str, Any] = {name: value.isoformat() for name, value in times.items() if value}
        if self.windows:
            out["windows"] = [[_iso(w.at), _iso(w.end), w.done, w.page] for w in self.windows]
        out |= {name: value for name in ("backfilled", "validator", "validator_of") if (value := getattr(self, name))}
        if self.covered:
            out["covered"] = {name: at.isoformat() for name, at in self.covered.items()}
        return out

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        return cls(
            high_water=_time(data.get("high_water")),
            started=_time(data.get("started")),
            since=_time(data.get("since")),
            windows=tuple(Window(_time(at), _time(end), done, page) for at, end, done, page in data.get("windows", ())),
            backfilled=data.get("backfilled", False),
            validator=data.get("validator", ""),
            validator_of=data.get("validator_of", ""),
            covered={name: datetime.fromisoformat(at) for name, at in data.get("covered", {}).items()},
        )


def _iso(value: datetime | None) -> str | None:
    return value.isoformat() if value else None


def _time(value: str | None) -> datetime | None:
    return datetime.fromisoformat(value) if value else None


@dataclass(frozen=True, slots=True)
class Page:
    """What one step of a pull brought: commit ``items`` and ``cursor`` in one transaction.

    The run is complete when ``cursor.started`` is None. ``renamed`` tells that the stream's container
    has a new name (old, new): items keep their identity, their keys follow.
    """

    items: Sequence[Item]
    cursor: Cursor
    problems: tuple[Problem, ...] = ()
    renamed: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Seen:
    """Proof from a census that an item exists now."""

    native_id: str
    key: str


@dataclass(frozen=True, slots=True)
class Census:
    """A page of everything a stream holds now. Trackers that cannot list ids alone give whole items,
    which the worker stores like any page. ``unreadable`` names the containers that could not be
    listed: nothing in them may be called missing."""

    seen: Sequence[Seen]
    items: Sequence[Item] = ()
    unreadable: tuple[Problem, ...] = ()


Fate = Literal["moved", "trashed", "gone", "forbidden"]
"""``moved``: out of the scope but there; ``trashed``: in the tracker's bin; ``gone``: the tracker
says it is deleted; ``forbidden``: deleted or hidden from us, which the tracker does not tell apart."""


@dataclass(frozen=True, slots=True)
class Found:
    """What a look-up by id says about items that a census missed: those still there, the fate of the rest."""

    items: Sequence[Item]
    fates: Mapping[str, Fate]


@dataclass(frozen=True, slots=True)
class Known:
    """How the store knows an item that is to be looked up."""

    native_id: str
    key: str
    container: str


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of a connection check: ``name`` is the question, ``ok`` None means "cannot be told"."""

    name: str
    ok: bool | None
    says: str
    error: ConnectorError | None = field(default=None, compare=False)
    """What the tracker answered, where that is why it failed."""


class Connector(Protocol):
    """What every kind of tracker offers. All methods may raise the four errors.

    Thread-safe: the worker pulls several streams of one connector at once.
    """

    kind: str

    def discover(self, known: Sequence[Stream]) -> Discovery:
        """Resolve the configured scope to streams. ``known`` is what an earlier discovery gave, so
        that names which changed since are still followed by id."""
        ...

    def pull(self, stream: Stream, cursor: Cursor) -> Generator[Page, None, None]:
        """Continue from ``cursor`` to the end of the run, a page at a time.

        Requests happen while iterating, and closing the iterator stops them. A pull with nothing
        changed yields exactly one empty page whose cursor has moved on."""
        ...

    def census(self, stream: Stream) -> Generator[Census, None, None]:
        """Everything the stream holds now, as cheaply as the tracker allows."""
        ...

    def look_up(self, stream: Stream, known: Sequence[Known]) -> Found:
        """Current state by id, bypassing every index."""
        ...

    def check(self) -> Iterator[Finding]:
        """Sign-in, rights, rate limit left, clock skew, one sample item; whether writing would be
        allowed, without writing."""
        ...

    def close(self) -> None:
        """Give connections back."""
        ...
