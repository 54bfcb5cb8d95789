"""What was agreed with an outside party: what it sees, and what was promised."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

from connectors.item import StatusCategory

Cadence = Literal["weekly", "biweekly", "monthly", "quarterly"]
Consent = Literal["date", "scope", "success"]
Side = Literal["ours", "theirs"]

PUBLIC_TITLE = "Public title"
PUBLIC_NOTES = "Public notes"


@dataclass(frozen=True, slots=True)
class Public:
    """Where text for outsiders is written: the names of fields, the first that holds text counts."""

    title: tuple[str, ...] = (PUBLIC_TITLE,)
    notes: tuple[str, ...] = (PUBLIC_NOTES,)
    body: bool = True
    """Whether marked lines in the description count where no field holds text."""


@dataclass(frozen=True, slots=True)
class Role:
    """What somebody does, in the partner's words, and who does it: e-mail addresses, account ids or names."""

    name: str
    people: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Place:
    """Where the partner's copy is kept: ``page``, ``notion``, ``github`` or ``jira``."""

    kind: Literal["page", "notion", "github", "jira"]
    tracker: str = ""
    target: str = ""
    """The data source, repository or project; empty for a page."""
    expires: float = 0.0
    """Seconds for which a link to a page works."""


@dataclass(frozen=True, slots=True)
class Commitment:
    """Who delivers what by when, and what success is."""

    id: str
    who: Side
    what: str
    by: date
    success: str
    items: tuple[str, ...] = ()
    """The work behind it as ``tracker:KEY``; never shown to the partner."""


@dataclass(frozen=True, slots=True)
class SignIn:
    """The partner's own identity provider, and whom it may vouch for."""

    issuer: str
    domains: tuple[str, ...] = ()
    """Of the e-mail addresses that are let in; empty: the contacts alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """What is shared with a partner. What is not named here is never shown."""

    partner: str
    name: str
    company: str = ""
    """What our own company is called on the partner's pages."""
    logo: str = ""
    """The partner's, as a file of the configuration's folder."""
    owner: str
    cadence: Cadence = "weekly"
    mutual: tuple[Consent, ...] = ()
    ours: tuple[str, ...] = ()
    """Further contacts on our side; e-mail addresses."""
    theirs: tuple[str, ...] = ()
    """Who signs in and is written to at the partner's; e-mail addresses."""
    sign_in: SignIn | None = None
    where: Mapping[str, Any]
    """A condition like a rule's ``when``."""
    fields: Mapping[str, str]
    """Field -> how it is shown. Names that nobody here knows are dropped and reported."""
    statuses: Mapping[StatusCategory, str] = field(default_factory=dict)
    public: Public = Public()
    roles: tuple[Role, ...] = ()
    links: tuple[str, ...] = ()
    """Hosts to which shared text may link."""
    never: tuple[str, ...] = ()
    """Words and phrases that are taken out of shared text."""
    places: tuple[Place, ...] = ()
    commitments: tuple[Commitment, ...] = ()


@dataclass(frozen=True, slots=True)
class Inside:
    """What shared text must not name, beyond what is recognised by its shape. It can only take away."""

    people: tuple[str, ...] = ()
    """Full names, as the trackers show them."""
    hosts: tuple[str, ...] = ()
    """Hosts and domains of our own, with everything below them."""
    projects: tuple[str, ...] = ()
    """Project keys: their issue keys are recognised in every spelling."""
    words: tuple[str, ...] = ()
    """Repositories, other partners, anything else."""


@dataclass(frozen=True, slots=True)
class Taken:
    """Something that was taken out of a text, and why. For our side only."""

    kind: str
    text: str
    because: str


@dataclass(frozen=True, slots=True)
class Cell:
    """One value as the partner sees it, or why it sees none."""

    field: str
    value: str
    """Empty: nothing is shown."""
    clause: str
    """The place in the agreement that shows or withholds it, such as ``share.fields.due: month``."""
    because: str
    taken: tuple[Taken, ...] = ()

    @property
    def shown(self) -> bool:
        return bool(self.value)


@dataclass(frozen=True, slots=True)
class Shared:
    """An item as the partner sees it. ``cells`` are for our side; only ``values`` leave the house."""

    cells: tuple[Cell, ...]
    clause: str = "share.where"
    because: str = "the filter of the agreement holds"

    @property
    def values(self) -> dict[str, str]:
        """Field -> value, of what is shown."""
        return {cell.field: cell.value for cell in self.cells if cell.shown}


@dataclass(frozen=True, slots=True)
class Withheld:
    """An item that the partner does not see, not even that it is there."""

    because: str
    clause: str = "share.where"
