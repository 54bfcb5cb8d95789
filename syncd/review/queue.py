"""The review queue: which flags somebody asks for, and what a row of it shows. Pages, API and command line share it.

What is asked for is a value, :class:`Filters`, and the query string of an address says the same: whoever has the address
sees the same list. Ages are relative and stay so.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import lru_cache, partial
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import F, Func, Q, QuerySet, Value
from django.db.models.lookups import In
from django.db.models.sql.compiler import SQLCompiler
from django.utils import timezone

from rules.explain import Suggested
from syncd.accounts.access import Act, may
from syncd.accounts.models import User
from syncd.review import access
from syncd.review.facts import UNLINKED
from syncd.review.models import Flag, Verdict
from syncd.strategy import suggestions, versions
from syncd.trackers import bulk
from syncd.web import keyset
from syncd.web.filters import Asked, days, each, known, last, one_of, values_of
from syncd.web.keyset import Page

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
LASTING = [kind for kind in Verdict.KINDS if kind != Verdict.SNOOZE]
"""Verdicts that say what becomes of a flag; one that was only put off and then resolved went by itself."""
COLUMNS: Mapping[str, str] = {"goal": "concerns"}
"""Filter -> the column of a flag, where that has another name."""
LONGEST_AGE = 36_500
WHOLE = 20_000
"""Flags that are all looked at for whatever is asked; of more, some at a time, where no index knows it."""


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
        if len(self.goal) > 1 and not replace(self, goal=self.goal[:1]).unled:
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One flag as lists show it."""

    flag: Flag
    """With what lists show of its item, that one's tracker, and the verdict that stands."""
    key: str
    """Of the item; empty for a goal or a group."""
    tracker: str
    kind: str
    """Of the tracker."""
    container: str
    suggested: tuple[Suggested, ...] = ()
    """Goals that the work might serve, best first."""


def rows(person: User, filters: Filters, after: str = "", size: int = keyset.SIZE) -> Page[Row]:
    """A page of the list, in a number of queries that does not depend on what it holds.

    :raises syncd.web.keyset.BadCursor: ``after`` is none of this list
    """
    found = _page(person, filters, after, size)
    return Page(shown(found.rows), found.newer, found.older, found.looked)


def _page(person: User, filters: Filters, after: str, size: int) -> Page[Flag]:
    if apart := filters.apart:
        return keyset.merged_page([_walk(person, one, matching) for one in apart], filters.order, after, size)
    if filters.unled and _is_large():
        fits = partial(_fitting, filters=filters)
        return keyset.kept_page(_walk(person, filters, _led), filters.order, after, size, fits)
    return keyset.kept_page(_walk(person, filters, matching), filters.order, after, size)


def _walk(
    person: User, filters: Filters, flags: Callable[[QuerySet[Flag], Filters], QuerySet[Flag]]
) -> keyset.Walk[Flag]:
    # an age is counted from now on: every moment has its own statement
    name = None if filters.age else (flags, access.sees(person), filters)
    return keyset.Walk(name, Flag, lambda: flags(access.listed(person), filters))


def matching(flags: QuerySet[Flag], filters: Filters) -> QuerySet[Flag]:
    """All flags that are asked for. Reads every flag of the tab, where no index knows what is asked."""
    return _fitting(_led(flags, filters), filters)


def _led(flags: QuerySet[Flag], filters: Filters) -> QuerySet[Flag]:
    """The flags of the tab, and of what else leads along an index in its order."""
    if filters.state and not filters.is_open:
        return flags
    found = _of_tab(flags, REVIEW if filters.is_open else filters.tab)
    return found.filter(**{f"{COLUMNS.get(name, name)}__in": getattr(filters, name) for name in filters.leading})


def _fitting(found: QuerySet[Flag], filters: Filters, led: Sequence[str] = ()) -> QuerySet[Flag]:
    """What of the tab's flags is asked for. ``led``: the names by whose index it may be found."""
    for name in ("state", "rule", "severity", "owner", "goal"):
        if values := getattr(filters, name):
            column = F(COLUMNS.get(name, name))
            found = found.filter(In(column if name in led else Read(column), values))
    if filters.kind:
        found = found.filter(item__kind__in=filters.kind)
    if filters.tracker:  # a group is in the tracker of its shape
        found = found.filter(Q(item__tracker__name__in=filters.tracker) | Q(detail__shape__tracker__in=filters.tracker))
    if filters.container:
        named = Q(item__container__in=filters.container) | Q(detail__shape__container__in=filters.container)
        found = found.filter(named)
    if filters.age:
        found = found.filter(opened_at__lte=timezone.now() - timedelta(days=filters.age))
    if filters.q:
        text = filters.q
        found = found.filter(Q(message__icontains=text) | Q(item__key__icontains=text))
    return found


def _of_tab(flags: QuerySet[Flag], tab: str) -> QuerySet[Flag]:
    if tab == REVIEW:
        return flags.filter(state=Written("open"))
    if tab == SNOOZED:
        return flags.filter(state=Written("snoozed"), verdict__isnull=False)
    if tab == DECIDED:
        return flags.filter(state__in=("exempt", "resolved"), verdict__isnull=False, verdict__kind__in=LASTING)
    silent = Q(verdict=None) | Q(verdict__kind=Verdict.SNOOZE)
    return flags.filter(silent, state=Written("resolved"), resolved_at__isnull=False)


class Written(Value):
    """A word of ours that stands in the statement itself. Of an index over part of a table, SQLite reads the index alone where
    the statement has the condition of that part; given as a parameter, it looks at every row (80 times as long)."""

    def as_sql(self, _compiler: SQLCompiler, _connection: BaseDatabaseWrapper) -> tuple[str, tuple[str | int, ...]]:
        return f"'{self.value}'", ()


class Read(Func):
    """A column as it stands in the rows that another index leads to. Left to itself, SQLite goes by the index of the column
    instead, and then puts everything it found there in order."""

    def as_sql(self, compiler: SQLCompiler, _connection: BaseDatabaseWrapper, **_: Any) -> tuple[str, Any]:  # type: ignore[override]
        return compiler.compile(self.source_expressions[0])

    def as_sqlite(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **_: Any) -> tuple[str, Any]:
        sql, values = self.as_sql(compiler, connection)
        return f"+{sql}", values


@dataclass(frozen=True, slots=True)
class Count:
    """So many flags were found, at most one more than were to be counted; ``more``: there may be more."""

    number: int
    more: bool = False


def counts(person: User, filters: Filters, most: int = 1_000, *, every: bool = False) -> dict[str, Count]:
    """Tab -> how many flags these filters leave on it, counted up to ``most + 1``; where there are many, to a quarter on the
    tabs beside the one that is asked for.

    :param every: however long that takes; else as many flags of a tab are looked at, where no index knows what is asked
    """
    if not may(person, Act.READ):
        return dict.fromkeys(TABS, Count(0))
    asked = [replace(filters.at(tab), sort="") for tab in TABS]
    large = not every and _is_large()
    mosts = [most + 1 if each.tab == filters.tab or not large else max(1, most // 4) for each in asked]
    looks = [min(most, limit) if large and each.uncounted else 0 for each, limit in zip(asked, mosts, strict=True)]
    # an age is counted from now on: every moment has its own statement
    counting = [
        (_counting.__wrapped__ if each.age else _counting)(each, limit, look)
        for each, limit, look in zip(asked, mosts, looks, strict=True)
    ]
    sql = f"SELECT {', '.join(one for one, _ in counting)}"
    [found] = bulk.fetch(sql, [value for _, values in counting for value in values])
    each = zip(TABS, found[::2], found[1::2], mosts, looks, strict=True)
    return {tab: Count(number, number >= limit or there > look > 0) for tab, number, there, limit, look in each}


def _is_large() -> bool:
    """Whether there are too many flags to look at all of them for what no index knows."""
    [[last]] = bulk.fetch("SELECT MAX(id) FROM review_flag")
    return (last or 0) > WHOLE


@lru_cache(maxsize=256)
def _counting(filters: Filters, most: int, look: int) -> tuple[str, tuple[Any, ...]]:
    """What counts the flags that are asked for, then those to look at, and its values; made once, since that takes longer
    than counting."""
    tab = _led(Flag.objects.all(), filters).order_by(*filters.order)
    if not look:
        # in the order of the list PostgreSQL meets them one by one; where no index has that, it would look at all of them first
        flags = _fitting(tab, filters, filters.indexed)
        sql, values = _count(flags.order_by() if filters.unled else flags, most)
        return f"{sql}, 0", values
    found = Flag.objects.filter(pk__in=tab.values("pk")[:look])
    (fitting, values), (there, more) = _count(_fitting(found, filters), most), _count(tab, look + 1)
    return f"{fitting}, {there}", values + more


def _count(flags: QuerySet[Flag], most: int) -> tuple[str, tuple[Any, ...]]:
    try:
        sql, values = flags.values("pk")[:most].query.sql_with_params()
    except EmptyResultSet:
        return "0", ()
    return f"(SELECT COUNT(*) FROM ({sql}) AS found)", values  # noqa: S608 - made by the ORM


def shown(flags: Sequence[Flag]) -> list[Row]:
    """Rows with what is suggested for their work, in two queries more."""
    suggested = suggested_for(flags)
    return [_row(flag, suggested.get(flag.item_id or 0, ()) if flag.rule == UNLINKED else ()) for flag in flags]


def suggested_for(flags: Sequence[Flag]) -> Mapping[int, tuple[Suggested, ...]]:
    """Row id of an item -> the goals that it might serve, where it is flagged for serving none."""
    items = [flag.item_id for flag in flags if flag.item_id and flag.rule == UNLINKED and flag.state != "resolved"]
    return suggestions.suggestions_for(items, versions.strategy_in_force()) if items else {}


def _row(flag: Flag, suggested: tuple[Suggested, ...]) -> Row:
    item, shape = flag.item, flag.detail.get("shape") or {}
    return Row(
        flag=flag,
        key=item.key if item else "",
        tracker=item.tracker.name if item else shape.get("tracker", ""),
        kind=item.tracker.kind if item else "",
        container=item.container if item else shape.get("container", ""),
        suggested=suggested,
    )
