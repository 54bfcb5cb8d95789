"""Pairs of worlds that are equal in what is shared with a partner and different in everything else, in one store.

Each pair is two partners, ``a`` and ``b``, whose agreements read the same and whose work was told the same to
outsiders. Their items differ in all else: titles, people, labels, keys, trackers, estimates, parents, times, how much
other work there is. Every pair is private noise to every other one.
"""

import itertools
import json
import secrets
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any
from unittest import mock

from config import files
from config.files import Config
from connectors.item import Item
from rules.model.partners import Agreement, Public, Role
from syncd.partners.desk.models import Said
from syncd.partners.models import Commitment, Link
from syncd.sharing import approvals, deals, talk
from syncd.sharing.models import Deal, Shown
from syncd.trackers import presence, store
from syncd.trackers.models import Item as Row
from syncd.trackers.models import Stream, Tracker
from syncd.worker.judge import Bench
from syncd.worker.publish import publish
from tests.rules.sharing.pairs import ENGINEERS, GRAINS, Told, _item, _text, _word

NOW = datetime(2026, 11, 27, 9, 0, tzinfo=UTC)
SIDES = ("a", "b")
TRACKERS = ("acme-jira", "acme-github")
SERVICE = """
trackers:
  - {name: acme-jira, kind: jira, url: "https://jira.acme.example", auth: {token: {env: T}}, scope: {projects: [WEB]}}
  - {name: acme-github, kind: github, url: "https://api.github.com", auth: {token: {env: T}}, scope: {repositories: [acme/web]}}
  - {name: partners-github, kind: github, mirror_only: true, url: "https://api.github.com", auth: {token: {env: T}}}
"""
STRATEGY = """
goals:
  - {id: growth, kind: objective, title: Grow the thing, owner: ana@acme.example, status: active, accepts: {labels: [growth]}}
"""
STATES = ("todo", "in_progress", "done", "done", "cancelled")
ID_BYTES = 16
"""Of a public id."""
DUE = (None, date(2026, 10, 1), date(2027, 1, 1))


@dataclass
class Pair:
    """What both sides of a pair are told, cycle by cycle; ``items`` are those that are shared, by number."""

    number: int
    agreement: Agreement
    commitments: list[dict[str, Any]]
    items: dict[int, Told] = field(default_factory=dict)
    promised: date | None = None
    """When the work behind the commitments is due."""
    more: "itertools.count[int]" = field(default_factory=itertools.count)

    def partner(self, side: str) -> str:
        return f"p{self.number}{side}"

    def name(self, side: str) -> str:
        return f"Partner {self.number:04}{side}"

    def label(self, side: str) -> str:
        return f"shared-{self.number}-{side}"

    def entry(self, side: str) -> dict[str, Any]:
        """The agreement as ``partners.yaml`` has it."""
        agreed = self.agreement
        promised = [
            one | {"items": [f"acme-jira:KEY-{self.number}{side}"] * one.pop("backed")}
            for one in map(dict, self.commitments)
        ]
        return {
            "id": self.partner(side),
            "name": self.name(side),
            "owner": f"owner-{self.number}{side}@acme.example",
            "cadence": agreed.cadence,
            "mutual": list(agreed.mutual),
            "contacts": {"theirs": [f"someone-{self.number}{side}@partner.example"]},
            "share": {
                "where": {"label": self.label(side), "points": {"min": 3}},
                "fields": dict(agreed.fields),
                "statuses": dict(agreed.statuses) or {},
                "public": {"body": agreed.public.body},
                "roles": {role.name: list(role.people) for role in agreed.roles},
            },
            "mirrors": [
                {"page": {"expires": "90d"}},
                {"github": {"tracker": "partners-github", "repository": f"partner/r{self.number}{side}"}},
            ],
            "commitments": promised,
        }


def pair(number: int, random: Random) -> Pair:
    """What is shared in a pair, to begin with."""
    fields = {"title": "public_title", "status": "status", "notes": "public_notes", "owner": "role"}
    fields |= {name: random.choice([*GRAINS]) for name in ("due", "delivered")}
    for name in random.sample([*fields], random.choice([0, 0, 1, 2])):
        del fields[name]
    agreement = Agreement(
        partner="", name="", owner="", where={},
        cadence=random.choice(["weekly", "monthly"]),
        mutual=tuple(random.sample(["date", "scope", "success"], random.randint(0, 3))),
        fields=fields,
        statuses={"todo": "Planned", "done": "Delivered"},
        public=Public(body=random.random() < 0.8),
        roles=(Role("Engineering", ENGINEERS), Role("Design", ("des-1", "des-2"))),
    )  # fmt: skip
    commitments = [
        {"id": f"promise-{n}", "who": random.choice(["acme", "partner"]), "what": f"Thing {n}", "by": "2026-12-20",
         "success": "It works", "backed": random.randint(0, 1)}
        for n in range(random.randint(0, 2))
    ]  # fmt: skip
    made = Pair(number, agreement, commitments)
    for _ in range(random.randint(0, 5)):
        made.items[next(made.more)] = told(made, random)
    return made


def told(of: Pair, random: Random) -> Told:
    """What outsiders are told of one item."""
    return Told(
        of.agreement, _text(random), _text(random), random.choice(STATES), random.choice(DUE), date(2026, 7, 1),
        tuple(random.sample(["eng", "des"], random.choice([0, 1, 2]))), holds=True,
    )  # fmt: skip


def happens(of: Pair, random: Random) -> None:
    """Something that both sides may see: an item comes, goes, moves on, is told otherwise."""
    for number in list(of.items):
        what = random.choice(["nothing", "nothing", "moves on", "is due", "is renamed", "goes"])
        known = of.items[number]
        if what == "goes":
            del of.items[number]
        elif what != "nothing":
            changed = {
                "moves on": {"state": random.choice(STATES)},
                "is due": {"due": random.choice(DUE)},
                "is renamed": {"title": _text(random)},
            }
            of.items[number] = replace(known, **changed[what])
    if random.random() < 0.4:
        of.items[next(of.more)] = told(of, random)
    of.promised = random.choice([of.promised, date(2026, 12, 10), date(2027, 1, 15)])


class Worlds:
    """The store with a number of pairs in it, and one cycle after the other.

    :param private: makes the noise of a pair's side; where it is the same for both, the worlds are equal
    """

    def __init__(self, folder: Path, pairs: Iterable[Pair], private: Random) -> None:
        self.folder, self.pairs, self.now = folder, list(pairs), NOW
        self._private = {(one.number, side): Random(private.random()) for one in self.pairs for side in SIDES}
        self._homes: dict[tuple[int, str, str], tuple[str, str]] = {}
        self._streams = [
            Stream.objects.create(
                tracker=Tracker.objects.create(name=name, kind=name.partition("-")[2], url="https://acme.example"),
                native_id="1", name="WEB", last_success_at=self.now,
            )
            for name in TRACKERS
        ]  # fmt: skip
        self._serial = itertools.count(1)
        self._there: dict[str, dict[str, Item]] = {name: {} for name in TRACKERS}
        (folder / "syncd.yaml").write_text(SERVICE)
        (folder / "strategy.yaml").write_text(STRATEGY)
        entries = [one.entry(side) for one in self.pairs for side in SIDES]
        (folder / "partners.yaml").write_text(json.dumps({"company": "Acme", "partners": entries}))
        self.config: Config = files.load(folder)

    def begin(self) -> None:
        """The first cycle, the approval, and the cycle after it."""
        self._put()
        self._cycle()
        for deal in Deal.objects.order_by("id"):
            with mock.patch.object(approvals, "is_looking", return_value=False):  # at those that were approved just now
                approvals.approve(deal, f"approver of {deal.partner}", "", self.now)
        self._cycle()
        for deal in Deal.objects.order_by("id"):
            Link.objects.create(
                id=f"link-{deal.partner}", partner_id=deal.partner, kind=Link.SHARE, digest=f"digest-{deal.partner}",
                label=_word(self._private[_whose(deal.partner)]), made_at=self.now, expires_at=self.now + timedelta(days=9999),
            )  # fmt: skip
        for one in Commitment.objects.order_by("id"):
            Said.objects.create(partner=one.partner_id, who="somebody", kind=Said.ACCEPT, about=one.id, at=self.now)

    def go_on(self, random: Random, *, quiet: Sequence[Pair] = ()) -> None:
        """Everything private is another, and something happened that both sides of a pair may see. That takes a day;
        or no time at all for those that are ``quiet``, in which nothing public happened.
        """
        self.now += timedelta(seconds=20) if quiet else timedelta(days=1)
        if not quiet:
            Stream.objects.update(last_success_at=self.now)
        for one in self.pairs:
            if one in quiet:
                continue
            happens(one, random)
            words = f"Word of day {self.now.day}" if random.random() < 0.5 else ""
            for side in SIDES if words else ():
                talk.say(Deal.objects.get(partner=one.partner(side)), words, f"owner-{side}@acme.example", self.now)
        self._put()
        self._cycle()

    def _cycle(self) -> None:
        Bench(self.config, lambda: self.now).judge(since=self.now - timedelta(days=1))
        publish(self.config, now=self.now)

    def _put(self) -> None:
        """What the trackers hold by now; what they no longer hold is deleted."""
        wanted: dict[str, dict[str, Item]] = {name: {} for name in TRACKERS}
        for one in self.pairs:
            for side in SIDES:
                for item in self._items(one, side):
                    wanted[item.tracker][item.native_id] = item
        for stream in self._streams:
            name = stream.tracker.name
            store.upsert(stream, list(wanted[name].values()), self.now)
            gone = self._there[name].keys() - wanted[name].keys()
            if gone:
                rows = Row.objects.filter(stream=stream, native_id__in=gone, deleted_at=None)
                presence.bury(list(rows.values_list("id", flat=True)), "gone", self.now)
            self._there[name] = wanted[name]
        self._name_in_order()

    def _name_in_order(self) -> None:
        """Public ids are random, and with them the order of what is equal otherwise. Here both sides have the same."""
        deals.reconcile(self.config, self.now)
        rows = dict(Row.objects.values_list("native_id", "id"))
        known = set(Shown.objects.values_list("deal__partner", "item_id"))
        found = {deal.partner: deal for deal in Deal.objects.all()}
        for one in self.pairs:
            for number, side in itertools.product(one.items, SIDES):
                partner, item = one.partner(side), rows[self._homes[one.number, side, f"shared {number}"][1]]
                if (partner, item) not in known:
                    Shown.objects.create(deal=found[partner], item_id=item)

    def _items(self, of: Pair, side: str) -> Iterator[Item]:
        private = self._private[of.number, side]
        for number, facts in of.items.items():
            yield self._item(of, side, f"shared {number}", facts, private, of.label(side))
        for number in range(private.randint(0, 4)):
            unshared = replace(told(of, private), holds=private.choice([False, None]))
            yield self._item(
                of, side, f"noise {number}", unshared, private, of.label(side) if unshared.holds is None else ""
            )
        if of.commitments:
            yield self._item(of, side, "promised", self._promised(of, private), private, "")

    def _promised(self, of: Pair, private: Random) -> Told:
        """The work behind a commitment: nothing of it is told, but that it moves the commitment."""
        return replace(told(of, private), state="in_progress", holds=False, due=None)

    def _item(self, of: Pair, side: str, what: str, facts: Told, private: Random, label: str) -> Item:
        tracker, native_id = self._home(of, side, what, private)
        made = _item(facts, private)
        key = f"KEY-{of.number}{side}" if what == "promised" else f"{made.key}{next(self._serial)}"
        return replace(
            made,
            tracker=tracker,
            native_id=native_id,
            container="WEB",
            key=key,
            address=f"{tracker.partition('-')[2]}:{key}",
            labels=tuple(each for each in (label, *made.labels[-1:]) if each),
            due=of.promised if what == "promised" else made.due,
            created_at=made.created_at,
            updated_at=self.now - timedelta(minutes=1) + timedelta(seconds=next(self._serial) % 50),
        )

    def _home(self, of: Pair, side: str, what: str, private: Random) -> tuple[str, str]:
        """Where an item lives and its id there, for as long as it lives."""
        key = (of.number, side, what)
        if key not in self._homes:
            tracker = "acme-jira" if what == "promised" else private.choice(TRACKERS)
            self._homes[key] = (tracker, f"{_word(private)}{len(self._homes)}")
        return self._homes[key]


def _whose(partner: str) -> tuple[int, str]:
    return int(partner[1:-1]), partner[-1]


@contextmanager
def ids_in_order() -> Iterator[None]:
    """Public ids tell nothing but are random, and so is the order in which they sort. Here each sorts after those before
    it, so that two worlds can be compared."""
    serial, otherwise = itertools.count(), secrets.token_urlsafe

    def fresh(size: int) -> str:
        return f"{next(serial):022}" if size == ID_BYTES else otherwise(size)

    with mock.patch("secrets.token_urlsafe", fresh):
        yield
