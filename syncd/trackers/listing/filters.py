"""What somebody asks for of the items."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from connectors.item import KINDS, STATUS_CATEGORIES
from syncd.web.filters import Asked, BadFilter, day, each, known, last, switch, values_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters(Asked):
    """What is asked for.

    ``q``: words, as the search finds them. ``text``: part of the title or the key. ``status``: categories. ``goal``: ids;
    items with a link to one of them. ``unlinked``: serves no goal and is not exempt. ``exempt``: is exempt. ``owner``:
    names of assignees. ``since``: changed on that day (UTC) or later. ``deleted``: those that are not in their tracker any
    more, instead of those that are; None: both.
    """

    q: str = ""
    text: str = ""
    tracker: tuple[str, ...] = ()
    container: tuple[str, ...] = ()
    kind: tuple[str, ...] = ()
    status: tuple[str, ...] = ()
    goal: tuple[str, ...] = ()
    unlinked: bool = False
    exempt: bool = False
    owner: tuple[str, ...] = ()
    label: tuple[str, ...] = ()
    since: date | None = None
    deleted: bool | None = False

    @classmethod
    def of(cls, query: Mapping[str, Sequence[str]]) -> "Filters":
        """What a query string asks for.

        :raises BadFilter: a kind, a status, a day or a switch that is none, or two ties at once
        """
        asked = values_of(cls, query)
        found = cls(
            q=last(asked["q"]),
            text=last(asked["text"]),
            since=day("since", asked["since"]),
            unlinked=switch("unlinked", asked["unlinked"]),
            exempt=switch("exempt", asked["exempt"]),
            deleted=switch("deleted", asked["deleted"]),
            **{name: each(asked[name]) for name in ("tracker", "container", "goal", "owner", "label")},
            **{name: known(name, asked[name], words) for name, words in _WORDS.items()},
        )
        if sum([bool(found.goal), found.unlinked, found.exempt]) > 1:
            raise BadFilter("goal, unlinked and exempt exclude one another: ask for one of them")
        return found

    @property
    def after_day(self) -> datetime | None:
        """The first moment of ``since``."""
        return datetime.combine(self.since, time.min, UTC) if self.since else None


_WORDS: Mapping[str, Sequence[str]] = {"kind": KINDS, "status": STATUS_CATEGORIES}
