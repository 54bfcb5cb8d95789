"""Leaks, to be sown one at a time: would the comparison of worlds notice? Each is a mistake that somebody could make."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from datetime import datetime
from hashlib import sha256
from typing import Any
from unittest import mock

from django.http import HttpResponse

from rules.model import Case
from syncd.partners.headers import Headers
from syncd.partners.models import Change, Item
from syncd.partners.pages import changes
from syncd.sharing import lens, talk
from syncd.sharing.copying import commitments, head, items
from syncd.sharing.models import Deal, Shown
from syncd.trackers.models import Item as Stored

Values = dict[str, str]
INVISIBLE = "\u200b"
Leak = Callable[[], AbstractContextManager[Any]]


def _seen(change: Callable[[Values, Case], Values]) -> Leak:
    """What is shown of an item is another, by the whole item."""
    honest = lens.Lens.see

    def see(self: lens.Lens, case: Case, now: datetime) -> lens.Seen:
        seen = honest(self, case, now)
        return replace(seen, now=change(dict(seen.now), case)) if seen.now else seen

    return lambda: mock.patch.object(lens.Lens, "see", see)


def _header(name: str, value: Callable[[], str]) -> Leak:
    """Every answer carries something of the store."""
    honest = Headers.__call__

    def call(self: Headers, request: Any) -> HttpResponse:
        response = honest(self, request)
        response.headers[name] = value()
        return response

    return lambda: mock.patch.object(Headers, "__call__", call)


def _head(change: Callable[[Deal], Mapping[str, Any]]) -> Leak:
    """What stands at the head of the pages is another."""
    honest = head._values
    return lambda: mock.patch.object(head, "_values", lambda deal, agreement: honest(deal, agreement) | change(deal))


def _promised(field: str, words: Callable[[Any], str]) -> Leak:
    """A commitment tells something else."""
    honest = commitments._commitment
    return lambda: mock.patch.object(
        commitments, "_commitment", lambda promise: honest(promise) | {field: words(promise)}
    )


@contextmanager
def _touched_each_time() -> Iterator[None]:
    """A private change of an item reads as a change."""
    honest = items._columns

    def see(self: lens.Lens, case: Case, now: datetime) -> lens.Seen:
        seen = honest_see(self, case, now)
        return (
            replace(seen, now=seen.now | {"private": sha256(case.item.title.encode()).hexdigest()})
            if seen.now
            else seen
        )

    honest_see = lens.Lens.see
    with (
        mock.patch.object(lens.Lens, "see", see),
        mock.patch.object(
            items,
            "_columns",
            lambda values, redactor: honest({k: v for k, v in values.items() if k != "private"}, redactor),
        ),
    ):
        yield


def _own_order() -> AbstractContextManager[Any]:
    """Changes of a day in the order in which our side came by them."""
    return mock.patch.object(Change, "NEWEST_FIRST", ("-on", "-id"))


def _unsorted() -> AbstractContextManager[Any]:
    """The order of the list hangs on what is not shown."""
    honest = items._columns
    numbers = iter(range(10**9))
    return mock.patch.object(
        items,
        "_columns",
        lambda values, redactor: (
            honest(values, redactor) | {"status": values.get("status", "") + INVISIBLE * (next(numbers) % 3)}
        ),
    )


def _signed_comments() -> AbstractContextManager[Any]:
    """Our comments carry the address of whoever wrote them."""
    honest = talk.say
    return mock.patch.object(
        talk,
        "say",
        lambda deal, text, by, now, **more: honest(deal, f"{text} ({by.partition('@')[0]})", by, now, **more),
    )


def _fresh_as_the_newest_item() -> AbstractContextManager[Any]:
    from syncd.worker.publish import fresh

    def up_to(deal: Deal) -> datetime | None:
        newest = (
            Stored.objects.filter(id__in=Shown.objects.filter(deal=deal).values("item")).order_by("-created_at").first()
        )
        return newest.created_at if newest else None

    return mock.patch.object(fresh, "up_to", up_to)


def _told_in_order_of_rows() -> AbstractContextManager[Any]:
    honest = changes.told
    return mock.patch.object(
        changes, "told", lambda change: replace(honest(change), says=f"{honest(change).says} #{change.pk}")
    )


def _noise_is_shown() -> AbstractContextManager[Any]:
    """What is not known to match is shared."""
    honest = lens.Lens.see

    def see(self: lens.Lens, case: Case, now: datetime) -> lens.Seen:
        seen = honest(self, case, now)
        if seen.now or not self.effective or self.effective.where(case, now) is not None:
            return seen
        return replace(seen, now={"status": "Planned"})

    return mock.patch.object(lens.Lens, "see", see)


def _digest(deal: Deal) -> str:
    return sha256(f"{deal.approved_digest}".encode()).hexdigest()


LEAKS: Mapping[str, Leak] = {
    "a title where none is written": _seen(lambda values, case: {"title": case.item.title} | values),
    "the tracker's title beside ours": _seen(
        lambda values, case: values | {"title": f"{values.get('title', '')} {case.item.title}"}
    ),
    "the key in the notes": _seen(
        lambda values, case: (
            values | {"notes": f"{values.get('notes', '')}\n\n{case.item.key.lower().replace('-', ' dash ')}"}
        )
    ),
    "the first assignee as owner": _seen(
        lambda values, case: values | {"owner": case.item.assignees[0].name if case.item.assignees else ""}
    ),
    "the tracker's own state": _seen(lambda values, case: values | {"status": case.item.status}),
    "the last change as the due date": _seen(
        lambda values, case: values | {"due": case.item.created_at.date().isoformat()}
    ),
    "the estimate as trailing space": _seen(
        lambda values, case: values | {"title": values.get("title", "") + " " * int(case.item.points or 0)}
    ),
    "the estimate in the case of a letter": _seen(
        lambda values, case: (
            values | {"status": values.get("status", "").upper() if case.item.points == 5 else values.get("status", "")}
        )
    ),
    "no owner where there is no estimate": _seen(
        lambda values, case: {k: v for k, v in values.items() if k != "owner" or (case.item.points or 0) > 5}
    ),
    "the tracker as the owner": _seen(lambda values, case: values | {"owner": case.item.tracker}),
    "a private change is a change": _touched_each_time,
    "the order of our rows among changes": _own_order,
    "the number of a change": _told_in_order_of_rows,
    "invisible letters from a counter of all partners": _unsorted,
    "who wrote a comment": _signed_comments,
    "as fresh as the newest item": _fresh_as_the_newest_item,
    "what is not known to match": _noise_is_shown,
    "a hash of the agreement in the head": _head(lambda deal: {"company": f"Acme {_digest(deal)[:6]}"}),
    "how many items there are inside": _header("X-Total", lambda: str(_raw("SELECT COUNT(*) FROM trackers_item"))),
    "the newest version inside as a validator": _header(
        "ETag", lambda: f'"{_raw("SELECT MAX(id) FROM trackers_version")}"'
    ),
    "how many items all partners see": _header("X-Shared", lambda: str(Item.objects.count())),
    "the newest change of all partners": _header(
        "Last-Modified", lambda: str(Change.objects.order_by("-id").values_list("id", flat=True).first())
    ),
    "why a commitment stands so, in our words": _promised("reason", lambda promise: promise.because),
    "the commitment's name in our file and its row": _promised("state", lambda promise: f"row {promise.pk}"),
    "whose partner it is": _head(
        lambda deal: {"cadence": "weekly", "company": deal.approved["owner"].partition("@")[0]}
    ),
}


def _raw(query: str) -> int:
    """A look inside, past everything that keeps the partner side from it: as a view that a careless hand made would."""
    import sqlite3

    from django.db import connections

    with sqlite3.connect(f"file:{connections['default'].settings_dict['NAME']}?mode=ro", uri=True) as inside:
        return int(inside.execute(query).fetchone()[0] or 0)
