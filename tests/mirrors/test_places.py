"""A place is written to only while it is the one that was agreed, not public, and nobody's source."""

import pytest

from config import files
from syncd.mirrors.models import Mirror, Row
from syncd.sharing.models import Deal
from syncd.trackers.models import Item, Stream, Tracker
from tests.mirrors.conftest import EVERYTHING, World

pytestmark = EVERYTHING


def test_nothing_is_written_where_nothing_was_approved(world: World) -> None:
    world.share(2)
    Deal.objects.update(approved=None)
    world.turn()
    assert world.asked() == 0
    assert not Mirror.objects.exists()


@pytest.mark.parametrize("kind", ["notion", "github"], indirect=True)
def test_a_place_that_everybody_can_read_is_refused_but_emptied(world: World) -> None:
    one, other = world.share(2)
    world.turn()
    world.act("publish", place="Shared by Acme" if world.kind == "notion" else "globex/acme-tracker")
    written = world.written()
    world.share(1)
    world.change(other, title="Another")
    world.turn(later=61)
    assert world.written() == written
    assert "everybody could read" in world.mirror.error
    world.withdraw(one)
    world.turn(later=1000)
    assert world.row(one).state == Row.GONE


@pytest.mark.parametrize("kind", ["github"], indirect=True)
def test_another_repository_of_the_same_name_is_another_place(world: World) -> None:
    world.share(1)
    world.turn()
    hub = world.sandbox.services[world.prefix].hub
    world.act("rename", place="globex/acme-tracker", to="globex/renamed")
    world.share(1)
    world.turn(later=1)
    assert len(world.rows()) == 2, "it is known by its number, not by its name"
    former = hub.names["globex/renamed"]
    del hub.names["globex/acme-tracker"]
    del hub.repositories[former.id]
    hub.repository("globex/acme-tracker")
    written = world.written()
    world.share(1)
    world.turn(later=1)
    assert world.written() == written
    assert "another place" in world.mirror.error


def test_a_place_that_a_tracker_reads_is_refused(world: World) -> None:
    world.share(1)
    world.turn()
    place = Mirror.objects.get()
    tracker = Tracker.objects.create(name="acme-github", kind=world.kind, url=world.sandbox.root(world.prefix))
    if world.kind == "jira":
        stream = Stream.objects.create(tracker=tracker, native_id="site", name="GLX")
        Item.objects.create(
            tracker=tracker, stream=stream, native_id="1", container="GLX", key="GLX-1", **needed(world)
        )
    else:
        Stream.objects.create(tracker=tracker, native_id=place.pin["native_id"], name="the same")
    world.config = reading_the_same_kind(world)
    written = world.written()
    world.share(1)
    world.turn(later=1)
    assert world.written() == written
    assert "is read by the tracker acme-github" in world.mirror.error


def needed(world: World) -> dict[str, object]:
    """What an item needs besides."""
    return {
        "kind": "task", "title": "Read", "status": "To Do", "status_category": "todo", "doc": b"{}", "hash": "0",
        "created_at": world.now, "updated_at": world.now, "known_at": world.now, "first_known_at": world.now,
    }  # fmt: skip


def reading_the_same_kind(world: World) -> files.Config:
    """The configuration with a source at Globex's own site, whose scope names nothing of the mirror's."""
    service = world.config.folder / "syncd.yaml"
    scope = {"notion": "data_sources: [00000000-0000-4000-8000-000000000001]", "github": "repositories: [acme/web]",
             "jira": 'jql: "created > -1d"'}[world.kind]  # fmt: skip
    lines = service.read_text(encoding="utf-8").splitlines()
    auth = (
        "{email: a@b.example, token: {env: SYNCD_TEST_TOKEN}}"
        if world.kind == "jira"
        else "{token: {env: SYNCD_TEST_TOKEN}}"
    )
    lines[3] = (
        f'  - {{name: acme-github, kind: {world.kind}, url: "{world.sandbox.root(world.prefix)}", auth: {auth},'
        f" scope: {{{scope}}}}}"
    )
    service.write_text("\n".join(lines), encoding="utf-8")
    return files.load(world.config.folder)


@pytest.mark.parametrize("kind", ["notion"], indirect=True)
def test_without_the_property_for_marks_nothing_is_written_and_the_remedy_is_told(world: World) -> None:
    world.act("rename", place="Shared by Acme", property="syncd", to="Something")
    world.share(1)
    world.turn()
    assert world.written() == 0
    assert "a text property called syncd" in world.mirror.error
    world.act("rename", place="Shared by Acme", property="Something", to="syncd")
    world.act("rename", place="Shared by Acme", property="Owner", to="Team")
    world.turn(later=1000)
    assert world.mirror.error == ""
    assert world.mirror.remedies == ["owner is not shown: add a property “Owner” of type text or select"]
    [row] = world.rows()
    assert row["title"] == "Work 1"
    world.act("rename", place="Shared by Acme", property="Team", to="Owner")
    world.turn(later=61)
    [row] = world.rows()
    assert row["owner"] == "Engineering", "a field that gets its property is filled in"


def test_a_limit_is_parked_and_not_slept(world: World) -> None:
    import time

    world.share(3)
    world.fault(429, "(POST|PUT|PATCH) ", after=1 if world.kind == "github" else 0, retry_after=40, times=1)
    began = time.monotonic()
    world.turn()
    assert time.monotonic() - began < 20
    parked = world.mirror.parked_until
    assert parked
    assert parked > world.now


def test_a_credential_that_is_gone_is_told(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    world.share(1)
    monkeypatch.delenv("SYNCD_TEST_GLOBEX")
    world.turn()
    assert "SYNCD_TEST_GLOBEX" in world.mirror.error
