"""The flags that are asked for, in two steps: what an index leads to in the order of the list, and what of that fits."""

from collections.abc import Mapping, Sequence
from datetime import timedelta

from django.db.models import F, Q, QuerySet
from django.db.models.lookups import In
from django.utils import timezone

from syncd.review.models import Flag, Verdict
from syncd.review.queue.columns import Read, Written
from syncd.review.queue.filters import DECIDED, REVIEW, SNOOZED, Filters
from syncd.trackers import bulk

LASTING = [kind for kind in Verdict.KINDS if kind != Verdict.SNOOZE]
"""Verdicts that say what becomes of a flag; one that was only put off and then resolved went by itself."""
COLUMNS: Mapping[str, str] = {"goal": "concerns"}
"""Filter -> the column of a flag, where that has another name."""
WHOLE = 20_000
"""Flags that are all looked at for whatever is asked; of more, some at a time, where no index knows it."""


def is_large() -> bool:
    """Whether there are too many flags to look at all of them for what no index knows."""
    [[last]] = bulk.fetch("SELECT MAX(id) FROM review_flag")
    return (last or 0) > WHOLE


def matching(flags: QuerySet[Flag], filters: Filters) -> QuerySet[Flag]:
    """All flags that are asked for. Reads every flag of the tab, where no index knows what is asked."""
    return fitting(led(flags, filters), filters)


def led(flags: QuerySet[Flag], filters: Filters) -> QuerySet[Flag]:
    """The flags of the tab, and of what else leads along an index in its order."""
    if filters.state and not filters.is_open:
        return flags
    found = _of_tab(flags, REVIEW if filters.is_open else filters.tab)
    return found.filter(**{f"{COLUMNS.get(name, name)}__in": getattr(filters, name) for name in filters.leading})


def fitting(found: QuerySet[Flag], filters: Filters, by: Sequence[str] = ()) -> QuerySet[Flag]:
    """What of the tab's flags is asked for. ``by``: the names by whose index it may be found."""
    for name in ("state", "rule", "severity", "owner", "goal"):
        if values := getattr(filters, name):
            column = F(COLUMNS.get(name, name))
            found = found.filter(In(column if name in by else Read(column), values))
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
