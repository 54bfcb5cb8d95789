"""Ana's queue: Acme's tracker has been read, judged by a strategy that is written down, and flags are open."""

import html
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from config.models.rules import RulesFile
from config.models.strategy import StrategyFile
from config.policy import policy
from rules.engine import Judge
from syncd.review.models import Flag
from syncd.strategy import versions
from syncd.strategy.models import Suggestion
from syncd.strategy.versions import Written
from syncd.trackers import due
from syncd.trackers.models import Item, Stream, Tracker
from tests.accounts.cast import ana, browser, omar, vera
from tests.review.desk import Desk
from tests.trackers.conftest import made

__all__ = ["ana", "browser", "omar", "vera"]

STRATEGY = {
    "vision": "Clinics on day one",
    "goals": [
        {
            "id": "activation", "kind": "objective", "title": "Live in a day", "owner": "mei@acme.example",
            "accepts": {"labels": ["goal:activation"]},
        },
        {"id": "claims", "kind": "objective", "title": "Claims accepted", "accepts": {"labels": ["goal:claims"]}},
        {"id": "app", "kind": "objective", "title": "An app", "status": "dropped"},
    ],
}  # fmt: skip
RULES = {
    "rules": [
        {"id": "claims-words", "when": {"text": "claim form"}, "link": "claims", "mode": "enforce", "because": "Claims are what it says"},
        {
            "id": "fax", "because": "Nobody faxes", "exempt": "maintenance", "mode": "enforce",
            "when": {"text": "fax", "label": "legacy"},
        },
    ],
    "checks": {
        name: {"mode": "off"}
        for name in ("starved_goal", "stale_goal", "over_share", "under_share", "missing_why", "blocked")
    },
}  # fmt: skip


class WrittenDesk(Desk):
    """Judges by files, so that it can be told why."""

    def follow(self, in_force: Any) -> None:
        self.policy, self._judge = in_force.policy, Judge(in_force.policy)
        self._version = versions.add(in_force, author="ana@acme.example")
        due.mark_all()


def written(rules: Any = RULES) -> Written:
    files = {"strategy.yaml": STRATEGY, "rules.yaml": rules}
    made = policy(StrategyFile.model_validate(STRATEGY), RulesFile.model_validate(rules))
    return Written(files, made)


@pytest.fixture
def stream(db: None) -> Stream:
    now = timezone.now()
    tracker = Tracker.objects.create(name="acme-jira", kind="jira", url="https://acme.example")
    return Stream.objects.create(
        tracker=tracker, native_id="site", name="WEB", last_success_at=now, cursor={"backfilled": True}, filled_at=None
    )


@pytest.fixture
def desk(stream: Stream) -> Desk:
    """Three days ago it began; nothing is flagged yet."""
    desk = WrittenDesk(stream, written())
    desk.now = timezone.now() - timedelta(days=3)
    return desk


@pytest.fixture
def flagged(desk: Desk) -> Callable[..., list[Flag]]:
    """So many stories that serve nothing; the first in the list has most at stake."""

    def flagged(count: int, first: int = 1, **values: Any) -> list[Flag]:
        numbers = range(first, first + count)
        items = [
            made(number, points=float(200 - number), status_category="in_progress", **values) for number in numbers
        ]
        desk.put(*items).judge()
        return list(Flag.objects.filter(state="open").order_by("-stake", "id"))

    return flagged


@pytest.fixture
def suggests(db: None) -> Callable[..., None]:
    """It might serve this goal."""

    def suggests(flag: Flag, goal: str = "claims", confidence: float = 0.8) -> None:
        ranked = [{"goal": goal, "confidence": confidence, "strength": "strong", "words": ["claims", "tariff"]}]
        Suggestion.objects.create(item=flag.item, model="m", ranked=ranked, made_at=timezone.now())

    return suggests


def text(answer: HttpResponse) -> str:
    """What a page says, without its marks."""
    words = re.sub(r"<(script|style)\b.*?</\1>|<[^>]+>", " ", answer.content.decode(), flags=re.DOTALL)
    return html.unescape(re.sub(r"\s+", " ", words))


def titles(answer: HttpResponse) -> list[str]:
    """The keys of the listed flags, in order."""
    return re.findall(r"data-open>(\S+)", answer.content.decode())


def toast(client: Client, answer: HttpResponse) -> str:
    """What the page after a verb tells."""
    page = client.get(answer.headers["Location"]) if answer.status_code in (302, 303) else answer
    found = re.search(r'id="toasts".*', page.content.decode(), flags=re.DOTALL)
    assert found
    return html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", found[0].split('<div id="keys-help')[0]))).strip()


def item(key: str) -> Item:
    return Item.objects.get(key=key)
