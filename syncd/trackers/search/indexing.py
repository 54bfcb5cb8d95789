"""Items into the index, after the pages that brought them: a little later, in transactions of its own.

    what was known, and what went, since the mark → those whose version was not read yet → read a batch → move the mark.

The mark stays some minutes behind: a page that began earlier may be committed later. What is looked at twice is
compared and costs next to nothing; what a crash loses is looked at again.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import F, QuerySet
from django.utils import timezone

from syncd.trackers import bulk, doc
from syncd.trackers.models import Item, SearchMark
from syncd.trackers.models.reading import BEGINNING
from syncd.trackers.search import table
from syncd.trackers.search.table import Text
from syncd.trackers.writing import writing

BATCH = 500
"""Items of one transaction."""
BEHIND = timedelta(minutes=2)
"""Longer than any transaction that writes items."""
LONGEST_BODY = 600
"""Characters of a text that are read: what it is about stands at its beginning."""


@dataclass(slots=True)
class Indexed:
    """What came of a slice. ``items``: read or forgotten; ``more``: there is more to do at once."""

    items: int = 0
    more: bool = False


def index(seconds: float | None = None) -> Indexed:
    """Bring the index up to date, everywhere or for about ``seconds``."""
    ends = time.monotonic() + (seconds or float("inf"))
    done, mark = Indexed(), _mark()
    for column, bring in (("known_at", _read), ("gone_at", _forget)):
        field = "deleted_at" if column == "gone_at" else column
        reached: datetime | None = getattr(mark, column)
        after = 0
        while reached is not None:
            page = _page(field, reached, after)
            done.items += bring(page)
            reached, after = (page[-1][field], page[-1]["id"]) if len(page) == BATCH else (None, 0)
            _move(mark, column, reached)
            if reached is not None and time.monotonic() > ends:
                done.more = True
                return done
    return done


def again() -> None:
    """Names of many items changed without a version of their own: look at all of them once more."""
    SearchMark.objects.update(known_at=BEGINNING)


def _mark() -> SearchMark:
    return SearchMark.objects.get_or_create(id=1)[0]


def _move(mark: SearchMark, column: str, reached: datetime | None) -> None:
    """Up to where everything was looked at, or to now; never nearer to now than pages take."""
    before: datetime = getattr(mark, column)
    safe = timezone.now() - BEHIND
    now = max(before, min(reached or safe, safe))
    if now > before:
        # unless somebody asked meanwhile to begin anew
        SearchMark.objects.filter(id=mark.id, **{column: before}).update(**{column: now})
        setattr(mark, column, now)


def _page(field: str, reached: datetime, after: int) -> list[dict[str, Any]]:
    """The next items in order of ``field``, with no more than is needed to tell whether they must be read."""
    rows: QuerySet[Item] = Item.objects.filter(**{f"{field}__gte": reached})
    if after:
        rows = rows.exclude(**{field: reached, "id__lte": after})
    return list(rows.order_by(field, "id").values("id", "hash", field, gone=F("deleted_at"))[:BATCH])


def _read(page: Sequence[dict[str, Any]]) -> int:
    """:returns: how many were read"""
    there = {row["id"]: row["hash"] for row in page if row["gone"] is None}
    known = table.hashes(there)
    wanting = [id_ for id_, hash_ in there.items() if known.get(id_) != hash_]
    if not wanting:
        return 0
    columns = ("id", "key", "title", "container", "doc", "hash", "deleted_at")
    with writing():
        rows = bulk.select(Item, columns, id=wanting, deleted_at=None)
        table.put({row["id"]: _text(row) for row in rows})
    return len(rows)


def _forget(page: Sequence[dict[str, Any]]) -> int:
    gone = [row["id"] for row in page if row["gone"] is not None]
    still = list(table.hashes(gone)) if gone else []
    if still:
        with writing():
            table.forget(still)
    return len(still)


def _text(row: dict[str, Any]) -> Text:
    more = doc.loose(row["doc"])
    people = [*more.get("assignees", ()), *([more["reporter"]] if more.get("reporter") else ())]
    lists = [value for name in ("labels", "goals", "components", "versions") for value in more.get(name, ())]
    single = [more.get(name, "") for name in ("milestone", "sprint", "branch")]
    return Text(
        name=f"{row['key']} {row['title']}",
        people=" · ".join(dict.fromkeys(person[1] for person in people)),
        labels=" · ".join([*lists, *single, row["container"]]),
        body=more.get("body", "")[:LONGEST_BODY],
        hash=row["hash"],
    )
