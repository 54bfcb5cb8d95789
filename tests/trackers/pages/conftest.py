"""Acme's tracker has been read; what came in is made item by item, without a worker."""

import html
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from connectors.item import Person
from rules.explain import to_json
from rules.model import Judgement, Strength
from rules.model import Link as Tie
from syncd.accounts.models import User
from syncd.review.models import Flag
from syncd.strategy.models import Decision, Link, StrategyVersion
from syncd.trackers import search, store
from syncd.trackers.models import Item, SearchMark, Stream, Tracker
from syncd.trackers.models.reading import BEGINNING
from tests.accounts.cast import ana, browser, omar, vera
from tests.trackers.conftest import made

__all__ = ["ana", "browser", "omar", "vera"]

GOALS = [
    {"id": "activation", "kind": "objective", "title": "Live in a day", "owner": "mei@acme.example"},
    {"id": "claims", "kind": "objective", "title": "Claims accepted", "why": "Insurers pay late"},
]
LUCIA = Person("2", "Lucía Ortega")


class Company:
    """Makes what a test needs; every item is later than the one before."""

    def __init__(self) -> None:
        self.now = datetime.now(UTC) - timedelta(days=3)
        self.tracker = Tracker.objects.create(name="acme-jira", kind="jira", url="https://acme.example")
        self.stream = self.stream_of(self.tracker, "WEB")
        strategy = {"vision": "Clinics on day one", "goals": GOALS}
        self.version = StrategyVersion.objects.create(hash="h", strategy=strategy, rules={}, applied_at=self.now)

    def stream_of(self, tracker: Tracker, name: str, **values: Any) -> Stream:
        fine = {
            "cursor": {"backfilled": True},
            "filled_at": self.now,
            "last_attempt_at": datetime.now(UTC),
            "last_success_at": datetime.now(UTC) - timedelta(seconds=30),
            "next_due_at": datetime.now(UTC) + timedelta(minutes=10),
        }
        return Stream.objects.create(tracker=tracker, native_id=name, name=name, **fine | values)

    def put(self, number: int, **values: Any) -> Item:
        """An item, or its next version, a minute later."""
        self.now += timedelta(minutes=1)
        tracker = self.stream.tracker.name
        store.upsert(self.stream, [made(number, **{"updated_at": self.now, "tracker": tracker} | values)], self.now)
        return Item.objects.get(tracker=self.stream.tracker, native_id=str(10000 + number))

    def decide(self, item: Item, goal: str = "", exempt: str = "") -> Item:
        """What it serves, in place of what it served."""
        ties = (Tie(goal, Strength.EXPLICIT, (), primary=True),) if goal else ()
        told = to_json(Judgement(f"{item.tracker.name}:{item.native_id}", ties, exempt=exempt))
        values = {"primary_goal": goal, "exempt": exempt, "explanation": told, "decided_at": self.now}
        Decision.objects.update_or_create(item=item, defaults={"version": self.version, **values})
        Link.objects.filter(item=item).delete()
        if goal:
            Link.objects.create(item=item, goal=goal, strength=5, primary=True)
        return item

    def flag(self, item: Item | None, **values: Any) -> Flag:
        usual = {
            "fingerprint": f"unlinked|{Flag.objects.count()}",
            "rule": "unlinked",
            "severity": "high",
            "message": "WEB-1 serves no goal",
            "fix": "Link it to a goal",
            "clears": 1,
            "opened_at": self.now,
        }
        return Flag.objects.create(item=item, **usual | values)

    def read(self) -> None:
        """The search has read everything, also what came in on a day in the past."""
        SearchMark.objects.update(known_at=BEGINNING, gone_at=BEGINNING)
        search.index()


@pytest.fixture
def company(db: None) -> Company:
    return Company()


@pytest.fixture
def client(browser: Callable[..., Client], vera: User) -> Client:
    """Vera's, who only looks."""
    return browser(vera)


def text(answer: HttpResponse) -> str:
    """What the main part of a page says, without its marks."""
    page = answer.content.decode()
    main = page[page.index("<main") : page.index("</main>")]
    return html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", main)))


def keys(answer: HttpResponse) -> list[str]:
    """The keys of the listed items, in order."""
    page = answer.content.decode()
    return re.findall(r"Jira </span>([A-Z]+-\d+)", page[page.index("<main") : page.index("</main>")])


def follow(client: Client, query: str, word: str) -> list[list[str]]:
    """The keys of all pages of the list, by the link of this word."""
    pages, path = [], f"/items/?{query}"
    while path:
        answer = client.get(path)
        assert answer.status_code == 200
        pages.append(keys(answer))
        links = re.findall(r'<a class="button" href="([^"]+)"[^>]*>(?:<svg.*?</svg>)?(\w+)', answer.content.decode())
        onward = [html.unescape(href) for href, name in links if name == word]
        path = f"/items/{onward[0]}" if onward else ""
    return pages
