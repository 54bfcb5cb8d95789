"""A dry run: every request that a turn would send to change something, and none of them is sent."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction

from config.files import Config
from connectors.base import AuthFailed, ConnectorError
from connectors.mirror import Place, Target, Write
from syncd.mirrors import comparing, places
from syncd.mirrors.merging import merge, ours
from syncd.mirrors.models import Intent, Mirror
from syncd.trackers.writing import writing
from syncd.worker.mirroring import fitness
from syncd.worker.roster import Roster


@dataclass(frozen=True, slots=True)
class Rehearsed:
    """What would be done about one row: in which place, and by which requests. ``because``: why nothing is."""

    mirror: Mirror
    act: str
    title: str
    writes: tuple[Write, ...] = ()
    theirs: Mapping[str, str] = field(default_factory=dict)
    """What the partner wrote there, which stays."""
    because: str = ""


def rehearse(config: Config, roster: Roster, partner: str, now: datetime) -> Iterator[Rehearsed]:
    """:param partner: of whom; empty: of all. Places are read to find out what would be sent."""
    for mirror, intents in _planned(partner, now):
        try:
            if mirror.tracker not in roster.settings:
                raise AuthFailed(f"syncd.yaml has no tracker {mirror.tracker} any more")
            target = roster.target(mirror.tracker, mirror.place)
            place = target.verify(fitness.pin_of(mirror))
            unfit = fitness.check(config, mirror, place)
        except ConnectorError as error:
            yield Rehearsed(mirror, "nothing", "", because=str(error))
            continue
        if unfit:
            yield Rehearsed(mirror, "nothing", "", because=unfit)
        for intent in intents:
            if not unfit or intent.act == Intent.WITHDRAW:
                yield _rehearsed(mirror, intent, target, place)


def _planned(partner: str, now: datetime) -> list[tuple[Mirror, list[Intent]]]:
    """What is to be done, found out and forgotten again."""
    found = []
    with writing():
        places.follow(now)
        for mirror in Mirror.objects.filter(ended_at=None).order_by("partner", "id"):
            if partner in ("", mirror.partner):
                comparing.compare(mirror, now)
                due = Intent.objects.filter(mirror=mirror).select_related("row").order_by("-act", "row_id")
                found.append((mirror, list(due)))
        transaction.set_rollback(True)
    return found


def _rehearsed(mirror: Mirror, intent: Intent, target: Target, place: Place) -> Rehearsed:
    row = intent.row
    title = intent.values.get("title") or row.values.get("title", "")
    slots = target.slots(place, intent.values)
    if intent.act == Intent.CREATE:
        return Rehearsed(mirror, intent.act, title, (target.create(place, row.marker, slots),))
    held = target.read(place, [row.remote]).get(row.remote) if row.remote else None
    if held is None or held.marker != row.marker:
        return Rehearsed(mirror, intent.act, title, because="it is not there")
    if intent.act == Intent.WITHDRAW:
        mine = ours(held.slots, row.written, row.tried)
        return Rehearsed(mirror, intent.act, title, tuple(target.withdraw(place, held, mine)))
    merged = merge(row.written, row.tried, slots, held.slots)
    writes = tuple(target.update(place, held, merged.write)) if merged.write else ()
    return Rehearsed(mirror, intent.act, title, writes, merged.theirs)
