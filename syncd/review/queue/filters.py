"""What can be asked of the queue, and along which index a list of it is found."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from syncd.review.models import Flag
from syncd.web.filters import Asked, days, each, known, last, one_of, values_of

REVIEW, SNOOZED, DECIDED, AUTO = TABS = ("review", "snoozed", "decided", "auto")
SEVERITIES = ("high", "medium", "low")
SORTS: Mapping[str, tuple[str, ...]] = {
    "stake": ("-stake", "-clears", "id"),
    "clears": ("-clears", "-stake", "id"),
    "oldest": ("opened_at", "id"),
    "newest": ("-opened_at", "-id"),
    "recent": ("-verdict_id", "-id"),
    "waiting": ("verdict_id", "id"),
    "resolved": ("-resolved_at", "-id"),
}
"""Name -> columns. By ``stake`` those come first that it costs most to be wrong about."""
USUAL: Mapping[str, str] = {REVIEW: "stake", SNOOZED: "waiting", DECIDED: "recent", AUTO: "resolved"}
"""Tab -> how it is sorted where nobody says otherwise: what was put off longest comes back to mind first."""
CHOICES: Mapping[str, tuple[str, ...]] = {
    tab: ("stake", "clears", "oldest", "newest") if tab == REVIEW else (USUAL[tab], "oldest", "newest") for tab in TABS
}
LONGEST_AGE = 36_500
MERGED = 20
"""Goals whose lists are read side by side, a query for each; of more, the whole queue is looked through."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters(Asked):
    """What is asked for of the queue.

    ``age``: open for at least so many days. ``state``: of :data:`Flag.STATES`, instead of a tab; but for open ones alone,
    those come first that were found last (``sort`` ``oldest``: first). ``kind``: of the work.
    """

    tab: str = REVIEW
    q: str = ""
    rule: tuple[str, ...] = ()
    severity: tuple[str, ...] = ()
    goal: tuple[str, ...] = ()
    tracker: tuple[str, ...] = ()
    container: tuple[str, ...] = ()
    kind: tuple[str, ...] = ()
    owner: tuple[str, ...] = ()
    age: int = 0
    state: tuple[str, ...] = ()
    sort: str = ""

    @classmethod
    def of(cls, query: Mapping[str, Sequence[str]]) -> "Filters":
        """What a query string asks for.

        :raises BadFilter: a tab, an order, a severity, a state or an age that is none
        """
        asked = values_of(cls, query)
        tab = one_of("tab", asked["tab"], TABS) or REVIEW
        sort = one_of("sort", asked["sort"], CHOICES[tab])
        return cls(
            tab=tab,
            q=last(asked["q"]),
            age=days("age", asked["age"], LONGEST_AGE),
            sort="" if sort == USUAL[tab] else sort,  # the same list has one address
            **{name: each(asked[name]) for name in ("rule", "goal", "tracker", "container", "kind", "owner")},
            **{name: known(name, asked[name], words) for name, words in _WORDS.items()},
        )

    @property
    def order(self) -> tuple[str, ...]:
        if self.is_open:
            return SORTS[self.sort or USUAL[REVIEW]]
        if self.state:
            return ("id",) if self.sort == "oldest" else ("-id",)
        return SORTS[self.sort or USUAL[self.tab]]

    @property
    def is_open(self) -> bool:
        """Whether open flags are asked for and no others."""
        return self.state == ("open",) or (self.tab == REVIEW and not self.state)

    @property
    def leading(self) -> tuple[str, ...]:
        """Of :attr:`narrowing`, the name that an index knows in the order of the list."""
        return () if self.sort else tuple(name for name in self.indexed if len(getattr(self, name)) == 1)

    @property
    def unled(self) -> bool:
        """Whether something is asked that no index knows in the order of the list: it has to be looked through for it."""
        return bool(self._further - {*self.leading})

    @property
    def uncounted(self) -> bool:
        """Whether something is asked that no index knows in any order."""
        return bool(self._further - {*self.indexed})

    @property
    def _further(self) -> set[str]:
        """The names of :attr:`narrowing` that are no part of a tab."""
        return {name for name, _ in self.narrowing} - ({"state"} if self.is_open else set())

    @property
    def indexed(self) -> tuple[str, ...]:
        """Of :attr:`narrowing`, the name that an index knows in some order."""
        if not self.is_open:
            return ()
        asked = [name for name in ("rule", "owner", "goal", "severity") if getattr(self, name)]
        return next(((name,) for name in asked if len(getattr(self, name)) == 1), tuple(asked[:1]))

    @property
    def apart(self) -> "Sequence[Filters]":
        """The same as several lists, each of which an index knows in its order; empty where that is not so."""
        if 1 < len(self.goal) <= MERGED and not replace(self, goal=self.goal[:1]).unled:
            return [replace(self, goal=(goal,)) for goal in self.goal]
        return ()

    @property
    def narrowing(self) -> list[tuple[str, str]]:
        """The pairs that leave something out of the tab."""
        return [(name, value) for name, value in self.pairs if name not in ("tab", "sort")]

    def at(self, tab: str) -> "Filters":
        """The same on another tab, sorted as that one is."""
        return replace(self, tab=tab, sort=self.sort if self.sort in CHOICES[tab] else "")


_WORDS: Mapping[str, Sequence[str]] = {"severity": SEVERITIES, "state": Flag.STATES}
