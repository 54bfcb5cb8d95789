"""A partner's own tools on loopback, a copy to be kept there, and turns of the worker."""

import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connections
from django.utils import timezone

from config import files
from config.files import Config
from rules.sharing import as_json
from rules.sharing.version import digest
from syncd.mirrors.models import Intent, Mirror, Row
from syncd.partners.models import Change, Item, Partner, public_id
from syncd.sandbox.clock import Clock
from syncd.sandbox.github import GitHubService
from syncd.sandbox.globex import COLUMNS, REPOSITORY, TABLE
from syncd.sandbox.jira import JiraService
from syncd.sandbox.notion import NotionService
from syncd.sandbox.server import Sandbox
from syncd.sharing.models import Deal
from syncd.worker import faults
from syncd.worker.mirror import mirror
from syncd.worker.observe import Requests
from syncd.worker.roster import Roster

KINDS = ("notion", "github", "jira")
EVERYTHING = pytest.mark.django_db(transaction=True, databases=["default", "partners", "outside"])

SERVICE = """
database: sqlite:///unused.db
trackers:
  - {{name: acme-github, kind: github, url: "{url}/github", auth: {{token: {{env: SYNCD_TEST_TOKEN}}}}, scope: {{repositories: [acme/web]}}}}
  - name: globex
    kind: {kind}
    mirror_only: true
    url: {url}/{prefix}
    auth: {auth}
    every: 60s
    pace: {{per_second: 100000, burst: 100000}}
    writes: {{per_second: 100000, burst: 100000}}
"""
PARTNERS = """
company: Acme
partners:
  - id: globex
    name: Globex Health
    owner: ana@acme.example
    cadence: weekly
    share:
      where: {{label: {{any: [shared/globex]}}}}
      fields: {{title: public_title, status: status, due: month, delivered: day, notes: public_notes, owner: role}}
      statuses: {{todo: Planned, in_progress: In progress, done: Delivered}}
    mirrors: [{place}]
"""


@dataclass
class World:
    """Globex with one tool, and Acme with a copy for it. ``now`` is the time of the turns; the sandbox's follows."""

    kind: str
    sandbox: Sandbox
    config: Config
    prefix: str
    roster: Roster
    now: datetime = field(default_factory=timezone.now)
    _numbers: int = 0

    # what Acme shares

    def share(self, count: int = 1, **values: str) -> list[str]:
        """So many items more in the copy. :returns: their public ids"""
        items = {}
        for _ in range(count):
            self._numbers += 1
            usual = {"title": f"Work {self._numbers}", "status": "Planned", "due": "2027-03", "owner": "Engineering"}
            usual["notes"] = f"First part {self._numbers}.\n\n- one\n- two"
            items[public_id()] = {name: value for name, value in (usual | values).items() if value}
        self._put(items)
        return [*items]

    def change(self, public: str, **values: str) -> None:
        both = {**Item.objects.get(id=public).values, **values}
        self._put({public: {name: value for name, value in both.items() if value}})

    def withdraw(self, *public: str) -> None:
        self._put(dict.fromkeys(public))

    def _put(self, items: Mapping[str, Mapping[str, str] | None]) -> None:
        """As the publisher writes it."""
        day, told = self.now.date(), []
        for public, values in items.items():
            if values is None:
                Item.objects.filter(id=public).delete()
            else:
                columns = {"partner_id": "globex", "values": dict(values), "shown_on": day, "changed_on": day}
                Item.objects.update_or_create(id=public, defaults=columns)
            kind = Change.WITHDRAWN if values is None else Change.CHANGED
            told.append(Change(partner_id="globex", item_id=values and public, kind=kind, at=self.now, on=day))
        Change.objects.bulk_create(told)

    # what syncd does

    def turn(self, *, sweep: bool = False, later: float = 0) -> None:
        """Turns until nothing more is to do at once, so many seconds later."""
        self.wait(later)
        while mirror(self.config, self.roster, 60, self.now, sweep=sweep):
            pass

    def wait(self, seconds: float) -> None:
        """Time goes on, here and there."""
        if seconds:
            self.now += timedelta(seconds=seconds)
            self.sandbox.clock.advance(seconds)

    def settle(self, rounds: int = 40) -> None:
        """Turns and waits until nothing is left to do."""
        for _ in range(rounds):
            self.turn()
            if not Intent.objects.exists():
                return
            self.wait(130)
        left = list(Intent.objects.values_list("act", "attempts", "error")[:3])
        pytest.fail(f"{Intent.objects.count()} intents are left: {left}; {self.mirror.error}")

    def killed(self, point: str, count: int) -> bool:
        """A turn in a process of its own, that is killed at a point. :returns: whether it came that far"""
        connections.close_all()
        child = os.fork()
        if child == 0:
            code = 1
            try:
                os.environ["SYNCD_FAULT"] = f"{point}:{count}"
                faults._passed.clear()
                with Roster(self.config.service.trackers, observer=Requests()) as roster:
                    mirror(self.config, roster, 60, self.now)
                code = 0
            finally:
                os._exit(code)
        _, status = os.waitpid(child, 0)
        assert os.WIFSIGNALED(status) or os.waitstatus_to_exitcode(status) == 0
        return os.WIFSIGNALED(status)

    @property
    def mirror(self) -> Mirror:
        return Mirror.objects.latest("id")

    def row(self, public: str) -> Row:
        return Row.objects.filter(item=public).latest("id")

    # what is at Globex

    def rows(self) -> list[dict[str, str]]:
        """What people at Globex see of the rows that are not withdrawn, in one form for all kinds."""
        return [row for row in map(_FORMS[self.kind], self._truth()) if row]

    def written(self) -> int:
        """Requests so far that changed something."""
        reading = [entry for entry in ("/query", "/search", "/bulkfetch") if entry]
        return sum(
            count
            for op, statuses in self.sandbox.journal.to_json()["counts"].get(self.prefix, {}).items()
            if not op.startswith("GET") and not any(word in op for word in reading)
            for count in statuses.values()
        )

    def asked(self) -> int:
        """Requests so far."""
        return self.sandbox.journal.count(self.prefix)

    def act(self, name: str, **arguments: Any) -> Any:
        """Somebody at Globex does something."""
        return self.sandbox.act(self.prefix, name, **arguments)

    def fault(self, kind: str | int, match: str = "", **how: Any) -> None:
        self.sandbox.fault(self.prefix, kind, match, **how)

    def _truth(self) -> list[dict[str, Any]]:
        return self.sandbox.truth(self.prefix)


def _notion(row: dict[str, Any]) -> dict[str, str]:
    values = row["values"]
    return {"id": row["native_id"], "title": row["title"], "marker": values["syncd"]} | {
        name.lower(): text for name, text in values.items() if name not in ("Name", "syncd")
    }


def _github(row: dict[str, Any]) -> dict[str, str]:
    from connectors.github.marked import _BLOCK

    found = _BLOCK.search(row["body"])
    if found and found[2]:
        return {}
    labels = ", ".join(label.removeprefix("status: ") for label in row["labels"] if label.startswith("status: "))
    return {
        "id": row["key"].partition("#")[2], "title": row["title"], "status": labels, "body": row["body"],
        "marker": found[1] if found else "", "labels": ",".join(row["labels"]),
    }  # fmt: skip


def _jira(row: dict[str, Any]) -> dict[str, str]:
    body = row["body"]
    marker = body.partition("syncd:")[2][:24]
    if "gone" in body.partition("\n")[0]:
        return {}
    status = ",".join(label.removeprefix("status-") for label in row["labels"] if label.startswith("status-"))
    return {
        "id": row["native_id"], "title": row["title"], "status": status, "body": body, "marker": marker,
        "due": row["due"] or "", "labels": ",".join(row["labels"]),
    }  # fmt: skip


_FORMS: Mapping[str, Callable[[dict[str, Any]], dict[str, str]]] = {
    "notion": _notion, "github": _github, "jira": _jira,
}  # fmt: skip


def _services(kind: str, clock: Clock) -> tuple[Any, str, dict[str, Any]]:
    """Globex's tool, the place in it, and how one signs in there."""
    if kind == "notion":
        notion = NotionService(clock, 1, "globex-notion", "Globex Health")
        source = notion.workspace.table(TABLE, COLUMNS)
        return (
            notion,
            f"{{notion: {{tracker: globex, data_source: {source.id}}}}}",
            {"token": {"env": "SYNCD_TEST_GLOBEX"}},
        )
    if kind == "github":
        github = GitHubService(clock, 501, "globex-github")
        github.hub.repository(REPOSITORY)
        return (
            github,
            f"{{github: {{tracker: globex, repository: {REPOSITORY}}}}}",
            {"token": {"env": "SYNCD_TEST_GLOBEX"}},
        )
    cloud = kind == "jira"
    jira = JiraService("cloud" if cloud else "datacenter", clock, 7)
    jira._state.add_project("GLX", "Globex")
    return (
        jira,
        "{jira: {tracker: globex, project: GLX}}",
        ({"email": jira.email} if cloud else {}) | {"token": {"env": "SYNCD_TEST_GLOBEX"}},
    )


@pytest.fixture(params=KINDS)
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def world(kind: str, transactional_db: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    """Globex with an empty place for what Acme shares; the agreement is approved, nothing is shared yet."""
    import json

    clock = Clock()
    service, place, auth = _services(kind, clock)
    acme = GitHubService(clock, 1)
    acme.hub.repository("acme/web")
    with Sandbox([service, acme], clock=clock) as sandbox:
        monkeypatch.setenv("SYNCD_TEST_TOKEN", acme.token)
        monkeypatch.setenv("SYNCD_TEST_GLOBEX", service.token)
        text = SERVICE.format(
            url=sandbox.url, kind=kind.partition("-")[0], prefix=service.prefix, auth=json.dumps(auth)
        )
        (tmp_path / "syncd.yaml").write_text(text, encoding="utf-8")
        (tmp_path / "partners.yaml").write_text(PARTNERS.format(place=place), encoding="utf-8")
        config = files.load(tmp_path)
        approve(config)
        with Roster(config.service.trackers, observer=Requests()) as roster:
            yield World(kind.partition("-")[0], sandbox, config, service.prefix, roster)
        assert sandbox.errors == []


def approve(config: Config) -> Deal:
    """The agreement as it stands is in force, and the partner's pages are open."""
    [agreement] = config.agreements()
    deal, _ = Deal.objects.update_or_create(
        partner=agreement.partner,
        defaults={
            "name": agreement.name, "approved": as_json.to_json(agreement), "approved_digest": digest(agreement),
            "approved_by": "ana@acme.example", "approved_at": timezone.now(), "draft": None,
        },
    )  # fmt: skip
    Partner.objects.update_or_create(
        id=agreement.partner,
        defaults={
            "name": agreement.name, "company": "Acme", "cadence": "weekly", "open": True,
            "fields": list(agreement.fields), "statuses": ["Planned", "In progress", "Delivered"],
        },
    )  # fmt: skip
    return deal
