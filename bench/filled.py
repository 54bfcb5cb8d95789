"""A store of any size, filled directly and judged: what the pages are measured over.

``python -m bench.filled FOLDER ITEMS DATABASE`` runs in a process of its own; it prints where the visits go, and as whom.
The first thousand items go the way that a sync and the worker go; larger stores hold them many times (``bench.copies``).
"""

import itertools
import os
import sys
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import orjson
import yaml

from bench.items import items
from bench.judging import AT_ONCE, CONFIG, STRATEGY, rules
from connectors.item import Item
from rules.grouping import LEAST

if TYPE_CHECKING:
    from syncd.review.models import Flag
    from syncd.trackers.models import Stream

ANA = "ana@acme.example"
RULES = 5
SEED = FIRST = 1_000
"""Items that are stored and judged one by one, and the number of the first: see ``bench.copies``."""
EVERY = 2
"""One item of so many has a flag of its own here; a store that is watched has fewer."""
ALIKE = LEAST * 2
"""Items of the seed that stand alone and are of one shape: the queue begins with a group, however large the store."""
LONE = "referral"
"""Their component."""
STATES = ("open", "open", "open", "resolved", "resolved", "exempt", "snoozed")
FILLED = "filled"
"""File in the folder of a store that is complete: it is not filled again."""
OFTEN, SELDOM = "clinic", "oncology"
"""A word of most items, and one of a single item."""


def main(folder: str, count: int, database: str) -> None:
    home = Path(folder)
    home.mkdir(parents=True, exist_ok=True)
    os.environ["SYNCD_DATABASE"] = database
    written = {"rules": list(itertools.islice(rules(), RULES))}
    (home / "syncd.yaml").write_text(CONFIG, encoding="utf-8")
    (home / "strategy.yaml").write_text(STRATEGY, encoding="utf-8")
    (home / "rules.yaml").write_text(yaml.safe_dump(written), encoding="utf-8")

    from syncd.cli.session import Session

    session = Session(home, verbosity=-1)
    session.store(session.config())
    if not (home / FILLED).exists():
        _fill(home, count)
        (home / FILLED).touch()
    _read_now()
    print(orjson.dumps(_ways()).decode())


def _fill(home: Path, count: int) -> None:
    """As sync and worker leave it: items, some that changed, decisions, flags, verdicts, tallies, and the index.

    From a thousand items on in whole thousands."""
    from django.utils import timezone

    from bench import copies
    from config import files
    from syncd.review.models import Flag
    from syncd.trackers import search
    from syncd.worker.judge import Bench

    now = timezone.now()
    stream = _put(min(count, SEED), now)
    Bench(files.load(home)).judge()
    flags = _flags(now)
    while page := list(itertools.islice(flags, AT_ONCE)):
        _decided(page, now)
    Flag.objects.filter(item=None).delete()  # one for all copies: judging makes it again
    copies.multiply(count // SEED)
    _rename(stream, now)
    Bench(files.load(home)).judge()
    _settled(home)
    search.index()


def _put(count: int, now: datetime) -> "Stream":
    from syncd.trackers import store
    from syncd.trackers.models import Stream, Tracker
    from syncd.trackers.writing import writing

    tracker = Tracker.objects.create(name="acme-jira", kind="jira", url="https://acme.example")
    stream = Stream.objects.create(
        tracker=tracker, native_id="site", name="WEB", filled_at=now, last_success_at=now, cursor={"backfilled": True}
    )
    seed = items(count, FIRST)
    made = itertools.chain(itertools.islice(seed, count - ALIKE), _alone(seed))
    while page := list(itertools.islice(made, AT_ONCE)):
        with writing():
            store.upsert(stream, page, now)
            moved = [replace(item, status="Reviewed", updated_at=now) for item in page[::10]]
            store.upsert(stream, moved, now)
    return stream


def _alone(made: Iterable[Item]) -> Iterator[Item]:
    """The same, begun, below nothing and serving nothing."""
    for item in made:
        at_work = {"kind": "task", "type": "Task", "status": "in_progress", "status_category": "in_progress"}
        yield replace(item, **at_work, parent="", refs=(), labels=(), components=(LONE,))


def _rename(stream: "Stream", now: datetime) -> None:
    """One item gets a title that no other has."""
    from syncd.trackers import store
    from syncd.trackers.writing import writing

    only = replace(next(items(1, FIRST)), title=f"Referrals to {SELDOM}", updated_at=now)
    with writing():
        store.upsert(stream, [only], now)


def _flags(now: datetime) -> "Iterator[Flag]":
    """Flags of every state, as many as grow with the store, in the order of their items."""
    from syncd.review.models import Flag
    from syncd.trackers.models import Item

    found = Item.objects.order_by("id").values_list("id", "key", "title").iterator()
    for number, (item, key, title) in enumerate(list(itertools.islice(found, 0, None, EVERY))):
        state = STATES[number % len(STATES)]
        yield Flag(
            fingerprint=f"bench|{key}|", rule=("missing_why", "conflict", "off_strategy")[number % 3],
            severity=("high", "medium", "low")[number % 3], state=state, item_id=item,
            goal=("activation", "claims", "reliability")[number % 3], message=f"{key} “{title}” says no why",
            fix="Say why.", clears=number % 17, stake=number % 997 / 1_000, owner=f"Person {number % 50}",
            opened_at=now - timedelta(minutes=number), resolved_at=now if state == "resolved" else None,
        )  # fmt: skip


def _decided(flags: "list[Flag]", now: datetime) -> None:
    """These flags with what happened to them, and what somebody decided about those that do not wait."""
    from syncd.review.flags import concern
    from syncd.review.models import Event, Flag, Verdict
    from syncd.trackers import bulk
    from syncd.trackers.writing import writing

    with writing():
        Flag.objects.bulk_create(flags)
        Event.objects.bulk_create(Event(flag=flag, at=flag.opened_at, state="open") for flag in flags)
        verdicts = [
            Verdict(
                flag=flag, item_id=flag.item_id, kind="snooze" if flag.state == "snoozed" else "accept", rule=flag.rule,
                author="ana@acme.example", reason="known", made_at=now, until=now + timedelta(days=30),
            )
            for flag in flags
            if flag.state in ("exempt", "snoozed") or (flag.state == "resolved" and flag.clears % 2)
        ]  # fmt: skip
        concern(flag.item_id for flag in flags if flag.item_id)
        made = Verdict.objects.bulk_create(verdicts)
        bulk.update(Flag, ["verdict_id"], [(verdict.id, verdict.flag_id) for verdict in made])


def _settled(home: Path) -> None:
    """Today's tally and the weeks before it, over all that was put there."""
    from django.utils import timezone

    from config import files
    from syncd.review import goals
    from syncd.strategy.tally import making

    now = timezone.now()
    making.make(goals.done_since(files.load(home).policy(), now), now)


def _read_now() -> None:
    """A store that was kept is as fresh as a new one: nothing in it is stale."""
    from django.utils import timezone

    from syncd.trackers.models import Stream

    Stream.objects.update(last_success_at=timezone.now())


def _ways() -> dict[str, object]:
    """A session of a product manager, a flag, and a place in the queue behind most of it."""
    from django.conf import settings
    from django.test import Client

    from syncd.accounts.models import User
    from syncd.review.models import Flag
    from syncd.review.queue import SORTS
    from syncd.web import keyset

    ana = User.objects.filter(email=ANA).first() or User.objects.add(ANA, "pm", "Ana")
    client = Client()
    client.force_login(ana, "allauth.account.auth_backends.AuthenticationBackend")
    name = settings.SESSION_COOKIE_NAME
    conflicts = Flag.objects.filter(state="open", rule="conflict")
    far = conflicts.order_by(*SORTS["stake"])[conflicts.count() * 2 // 3]
    behind = Flag.objects.filter(state="open", stake__lte=far.stake)
    return {
        "cookie": f"{name}={client.cookies[name].value}",
        "flag": conflicts.values_list("id", flat=True)[0],
        "deep": keyset.page(behind, SORTS["stake"], size=1).older,
    }


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), sys.argv[3])
