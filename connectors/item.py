"""The nouns every room shares: an item of work, the people on it, what it points at.

Identity is the tracker's immutable id (``native_id``), never its key or number. An *address* is the
readable name by which other items point at it, in one spelling for all trackers:

==========  =======================  =======================================
tracker     address                  made from
==========  =======================  =======================================
Jira        ``jira:WEB-12``          the issue key, upper case
GitHub      ``github:acme/web#12``   repository and number, lower case
Notion      ``notion:<uuid>``        the page id, lower case, with dashes
==========  =======================  =======================================
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Literal

Kind = Literal["epic", "story", "task", "bug", "subtask", "pull_request", "page", "other"]
StatusCategory = Literal["todo", "in_progress", "done", "cancelled"]
RefKind = Literal["closes", "mentions", "links"]
"""``closes``: finishing this finishes the target; ``links``: a typed link or relation field of the
tracker; ``mentions``: the target is named in the title, branch or text."""

KINDS: tuple[Kind, ...] = ("epic", "story", "task", "bug", "subtask", "pull_request", "page", "other")
STATUS_CATEGORIES: tuple[StatusCategory, ...] = ("todo", "in_progress", "done", "cancelled")
OPEN: tuple[StatusCategory, ...] = ("todo", "in_progress")
"""Work that is still to be done; the others are over."""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody as one tracker knows them. ``native_id`` is the account id there; ``email`` is empty
    where the tracker does not tell it. A deleted account is a Person with the tracker's ghost name.
    """

    native_id: str
    name: str
    email: str = ""
    bot: bool = False


@dataclass(frozen=True, slots=True, order=True)
class Ref:
    """One item points at another: how, at which address, and where that was found.

    ``where`` is ``title``, ``branch``, ``body`` or the name of the tracker's field.
    """

    kind: RefKind
    address: str
    where: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One issue, epic, pull request or page, as its tracker holds it now.

    Text is plain text (markup is removed by the connector); times are aware and in UTC; ``points``
    are the team's own unit. ``fields`` holds further values by the field's name in the tracker, each
    a string, number, boolean, list of strings or None.
    """

    tracker: str
    """Name of the tracker in ``syncd.yaml``."""
    native_id: str
    container: str
    """What permission and scope hang on: a Jira project key, a GitHub repository's full name, a
    Notion data source id."""
    key: str
    """What people call it: ``WEB-12``, ``acme/web#12``, a Notion unique id or short page id."""
    address: str
    kind: Kind
    type: str
    """The tracker's own name for the kind: ``Story``, ``Bug``, ``Pull request``."""
    title: str
    url: str
    status: str
    """The tracker's own name for the state."""
    status_category: StatusCategory
    created_at: datetime
    updated_at: datetime
    closed_at: datetime | None = None
    body: str = ""
    labels: tuple[str, ...] = ()
    assignees: tuple[Person, ...] = ()
    reporter: Person | None = None
    parent: str = ""
    """Address of the parent in the same tracker; empty at the top of the hierarchy."""
    goals: tuple[str, ...] = ()
    """Values of the tracker's goal field, as people wrote them."""
    components: tuple[str, ...] = ()
    versions: tuple[str, ...] = ()
    milestone: str = ""
    sprint: str = ""
    points: float | None = None
    priority: str = ""
    due: date | None = None
    draft: bool | None = None
    merged_at: datetime | None = None
    branch: str | None = None
    """Source branch of a pull request; None where the tracker was not able to tell."""
    fields: Mapping[str, Any] = field(default_factory=dict)
    refs: tuple[Ref, ...] = ()

    @property
    def id(self) -> str:
        """Globally unique and stable for ever: tracker name and immutable id."""
        return f"{self.tracker}:{self.native_id}"
