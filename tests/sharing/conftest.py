"""A partner called Globex, work that is shared with it, and the files that say so."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from config import files
from config.files import Config
from connectors.item import Item, Person
from syncd.partners.models import Item as Copied
from syncd.sharing import approvals
from syncd.sharing.models import Deal
from syncd.trackers import store
from syncd.trackers.models import Stream, Tracker
from syncd.worker.judge import Bench
from syncd.worker.publish import publish
from tests.trackers.conftest import made

NOW = datetime(2026, 11, 27, 9, 0, tzinfo=UTC)
PIA = "pia@acme.example"
SERVICE = """
trackers:
  - {name: acme-jira, kind: jira, url: "https://acme.example", auth: {token: {env: T}}, scope: {projects: [WEB]}}
"""
SHARED = ("partner/globex",)
AGREEMENT: dict[str, Any] = {
    "id": "globex",
    "name": "Globex Health",
    "owner": PIA,
    "cadence": "weekly",
    "mutual": ["date", "scope"],
    "contacts": {"theirs": ["quinn@globex.example"]},
    "share": {
        "where": {"label": "partner/globex"},
        "fields": {"title": "public_title", "status": "status", "due": "month", "notes": "public_notes"},
        "statuses": {"todo": "Planned", "in_progress": "In progress", "done": "Delivered"},
    },
    "mirrors": [{"page": {"expires": "90d"}}],
}


def public(title: str, notes: str = "") -> str:
    """A description with the text for outsiders."""
    block = f"\nPublic notes:\n{notes}\nEnd of public notes" if notes else ""
    return f"Inside only.\n\nPublic title: {title}{block}\n"


def shared(number: int, **changes: Any) -> Item:
    """An item that Globex sees; each is later than those made before it."""
    shared.calls = getattr(shared, "calls", 0) + 1  # type: ignore[attr-defined]
    values = {
        "labels": SHARED,
        "body": public(f"Work {number}"),
        "updated_at": NOW - timedelta(days=9) + timedelta(seconds=shared.calls),  # type: ignore[attr-defined]
    }
    return made(number, **(values | changes))


class World:
    """The store, the files, and one cycle after the other."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.now = NOW
        tracker = Tracker.objects.create(name="acme-jira", kind="jira", url="https://acme.example")
        self.stream = Stream.objects.create(
            tracker=tracker, native_id="site", name="WEB", last_success_at=NOW - timedelta(seconds=30)
        )

    def write(self, *agreements: dict[str, Any], company: str = "Acme") -> Config:
        """``partners.yaml`` with these agreements."""
        import yaml

        (self.folder / "syncd.yaml").write_text(SERVICE)
        (self.folder / "partners.yaml").write_text(yaml.safe_dump({"company": company, "partners": list(agreements)}))
        return files.load(self.folder)

    def put(self, *items: Item) -> None:
        store.upsert(self.stream, items, self.now)

    def cycle(self) -> None:
        """Judge, then publish, to the end."""
        config = files.load(self.folder)
        Bench(config, lambda: self.now).judge(since=self.now - timedelta(days=1))
        publish(config, now=self.now)

    def later(self, **time: float) -> None:
        self.now += timedelta(**time)
        Stream.objects.update(last_success_at=self.now)

    def deal(self, partner: str = "globex") -> Deal:
        return Deal.objects.get(partner=partner)

    def approve(self, partner: str = "globex") -> None:
        approvals.approve(self.deal(partner), PIA, "", self.now)

    def visible(self, partner: str = "globex") -> list[dict[str, str]]:
        """What stands in the partner's copy, in the order of titles."""
        return sorted(
            (row.values for row in Copied.objects.filter(partner=partner)), key=lambda values: values.get("title", "")
        )

    def titles(self, partner: str = "globex") -> list[str]:
        return [values.get("title", "") for values in self.visible(partner)]


@pytest.fixture
def world(transactional_db: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    monkeypatch.setattr(settings, "CONFIG_DIR", str(tmp_path))
    return World(tmp_path)


@pytest.fixture
def globex(world: World) -> World:
    """A world in which Globex sees two items, by an agreement that was approved."""
    world.write(AGREEMENT)
    world.put(shared(1, due=date(2026, 12, 15)), shared(2), made(3))
    world.cycle()
    world.approve()
    world.cycle()
    return world


Change = Callable[..., dict[str, Any]]


def agreement(**share: Any) -> dict[str, Any]:
    """The usual agreement with another ``share``; a key that is None is left out."""
    changed = {**AGREEMENT["share"], **share}
    return {**AGREEMENT, "share": {key: value for key, value in changed.items() if value is not None}}


ANA = Person("u-1", "Ana Lima", "ana@acme.example")
