"""A place in trouble is told to operators once, with what to do, and once more when it is over."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from config.models.messages import Messages
from syncd.mirrors import standing
from syncd.mirrors.models import Intent, Mirror
from syncd.notify import alerts
from syncd.notify.models import Message
from tests.mirrors.conftest import EVERYTHING, World

pytestmark = EVERYTHING


@pytest.fixture(autouse=True)
def _ops(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """A place that wants to hear of trackers."""
    monkeypatch.setenv("OPS", "json://127.0.0.1/ops")
    settings.MESSAGES = Messages.model_validate(
        {"notify": [{"url": {"env": "OPS"}, "name": "ops", "about": ["trackers"]}]}
    )


def heard(world: World) -> list[str]:
    """What a look at the alerts tells now, and two more, which tell nothing new."""
    for _ in range(3):
        alerts.look(world.now)
    told = list(Message.objects.order_by("id").values_list("subject", flat=True))
    Message.objects.all().delete()
    return told


@pytest.mark.parametrize("kind", ["github"], indirect=True)
def test_a_place_that_became_public_is_told_once_and_its_end_too(world: World) -> None:
    world.share()
    world.turn()
    world.act("publish", place="globex/acme-tracker")
    world.turn(later=61)
    assert heard(world) == [], "a short while is no news"
    [trouble] = standing.troubles()
    assert "make it private" in trouble.says
    assert "syncd partners mirror globex --dry-run" in trouble.says
    world.turn(later=1000)
    assert heard(world) == ["github globex/acme-tracker, the mirror for globex, cannot be kept up to date"]
    world.sandbox.services[world.prefix].hub.names["globex/acme-tracker"].private = True
    world.turn(later=1000)
    assert heard(world) == ["github globex/acme-tracker, the mirror for globex, is in no trouble any more"]
    assert [*standing.troubles()] == []


@pytest.mark.parametrize("kind", ["github"], indirect=True)
def test_a_row_that_is_refused_again_and_again_is_told_though_the_others_go_on(world: World) -> None:
    one, other = world.share(2)
    world.turn()
    world.fault(422, f"PATCH .*/issues/{world.row(one).remote}$", times=None)
    world.change(one, notes="Never taken")
    world.change(other, notes="Taken")
    for _ in range(standing.STUBBORN):
        assert [*standing.troubles()] == []
        world.turn(later=timedelta(hours=7).total_seconds())
    assert Mirror.objects.get().error == ""
    assert Intent.objects.get().row_id == world.row(one).pk
    [trouble] = standing.troubles()
    assert trouble.says.startswith("1 row could not be written or withdrawn: ")
    assert len(heard(world)) == 1
    Mirror.objects.update(broken_since=world.now, error="gone")  # now it takes none: no news, and no end of the old
    assert [one.since for one in standing.troubles()] == [trouble.since]
    assert heard(world) == []


def test_a_place_that_is_over_is_nobodys_trouble(transactional_db: None) -> None:
    now = timezone.now()
    values = {
        "kind": "github",
        "tracker": "globex",
        "place": "globex/acme",
        "since": now,
        "error": "gone",
        "broken_since": now,
    }
    Mirror.objects.create(partner="globex", ended_at=now, **values)
    assert [*standing.troubles()] == []
    Mirror.objects.create(partner="globex", **values)
    assert [trouble.says.partition(";")[0] for trouble in standing.troubles()] == ["gone"]
