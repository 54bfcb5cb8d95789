"""The nouns of the sandbox: a request, a response, a service, a piece of work to plant in it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Protocol
from urllib.parse import parse_qs

import orjson

from connectors.item import Kind, StatusCategory


@dataclass(frozen=True, slots=True)
class Request:
    """One HTTP request, below the service's prefix. Header names are lower case; ``path`` is as it was
    sent, percent-encoded, and starts with a slash."""

    method: str
    path: str
    query_string: str
    headers: Mapping[str, str]
    body: bytes
    root: str
    """Public root of the service, to build the URLs in its answers: ``http://127.0.0.1:8700/github``."""

    @property
    def query(self) -> dict[str, str]:
        """The last value of each parameter."""
        return {name: values[-1] for name, values in parse_qs(self.query_string, keep_blank_values=True).items()}

    def json(self) -> Any:
        """The body; an empty one is an empty object. Raises ValueError if it is not JSON."""
        return orjson.loads(self.body) if self.body else {}


@dataclass(slots=True)
class Response:
    """``body`` is bytes, or a value that is sent as JSON."""

    status: int = 200
    body: Any = b""
    headers: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """A piece of work to plant in a tracker, in no tracker's own terms.

    ``name`` is unique in the seed; ``parent`` and ``refs`` name other works of the same seed (refs may
    name works in other trackers: the service writes them as its users would, a closing keyword, a key
    in the title or branch, a URL property).
    """

    name: str
    tracker: str
    """``jira``, ``github`` or ``notion``."""
    place: str
    """Project key, ``owner/repo``, or the title of the data source."""
    kind: Kind
    title: str
    status: StatusCategory
    created: datetime
    updated: datetime
    closed: datetime | None = None
    body: str = ""
    labels: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    """Display names of the assignees."""
    reporter: str = ""
    parent: str = ""
    goal: str = ""
    """Value of the tracker's goal field."""
    components: tuple[str, ...] = ()
    points: float | None = None
    priority: str = ""
    due: date | None = None
    sprint: str = ""
    milestone: str = ""
    draft: bool = False
    merged: bool = False
    branch: str = ""
    closes: tuple[str, ...] = ()
    mentions: tuple[str, ...] = ()


class Refused(Exception):
    """A service answers with an error: the status and the vendor's own error body."""

    def __init__(self, status: int, body: Any, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(status)
        self.response = Response(status, body, dict(headers or {}))


@dataclass(frozen=True, slots=True)
class Event:
    """Something that the vendor would tell a webhook: the event's name and the payload without envelope."""

    name: str
    """``jira:issue_updated``, ``issues``, ``page.properties_updated``."""
    payload: Mapping[str, Any]


class Service(Protocol):
    """One tracker of the sandbox. All calls come under the server's lock, one at a time."""

    prefix: str
    """First part of its path: ``jira``, ``jira-dc``, ``github``, ``notion``."""
    token: str
    root: str
    """Its public root, set by the server before anything else happens: ``http://127.0.0.1:8700/github``."""
    events: list[Event]
    """What happened since the server last looked; it takes them out and delivers them to webhooks."""

    def handle(self, request: Request) -> Response:
        """Answer as the vendor documents. May raise :class:`Refused`."""
        ...

    def plant(self, works: Sequence[Work], addresses: Mapping[str, str]) -> dict[str, str]:
        """Create the works; ``addresses`` are those of works planted before, in other trackers.

        :returns: name -> what people of other trackers would write to point at it (``WEB-12``,
            ``acme/web#12``, a page URL)
        """
        ...

    def truth(self) -> list[dict[str, Any]]:
        """What can be read now, as ``syncd items --json`` should list it: native_id, container (as
        :attr:`connectors.item.Item.container`), key, kind, title, url, status, status_category, labels, assignees (names), parent (native id or None),
        created_at, updated_at, closed_at, components, points, due, milestone, draft, merged, branch."""
        ...

    def act(self, name: str, arguments: Mapping[str, Any]) -> Any:
        """Change the world as its people would, outside the API: ``edit`` (id + values), ``create``
        (values), ``delete``, ``move``, ``rename``, ``forbid``/``allow`` (a place), ``lag`` (seconds
        until an edit is visible to search), ``clock`` (seconds ahead). KeyError for an unknown name
        or id; each service lists what it knows in ``ACTS``."""
        ...

    def tick(self, now: datetime) -> None:
        """The sandbox's clock: services stamp and lag by this time, never by the machine's."""
        ...
