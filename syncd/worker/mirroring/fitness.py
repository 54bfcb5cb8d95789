"""Whether a place may be written to: it is the one that was agreed, not public, and nobody's source."""

from collections.abc import Iterator
from dataclasses import asdict
from urllib.parse import urlsplit

from config.checks.mirrors import normal
from config.files import Config
from connectors.mirror import Pin, Place, Refused, Target
from connectors.settings import TrackerSettings
from syncd.mirrors.lease import Lease
from syncd.mirrors.models import Mirror
from syncd.partners.models import Partner
from syncd.trackers.models import Item, Stream

ACCEPT = "accept it with syncd partners mirror --accept-place"


def accept(mirror: Mirror, target: Target) -> str:
    """Somebody says that the place is the right one, as it is now. Rows at another place are forgotten, not touched.

    :returns: its name
    :raises Refused: it lacks what a mirror needs
    """
    place = target.verify(None)
    if mirror.pin and mirror.pin["native_id"] != place.pin.native_id:
        mirror.rows.all().delete()
    Mirror.objects.filter(pk=mirror.pk).update(
        pin=asdict(place.pin), name=place.name, url=place.url, compared="", looked_at=None, parked_until=None
    )
    return place.name


def pin_of(mirror: Mirror) -> Pin | None:
    return Pin(**mirror.pin) if mirror.pin else None


def check(config: Config, mirror: Mirror, place: Place) -> str:
    """Why nothing may be shown there, with the remedy; empty: it may. What stands there can be withdrawn all the same.

    :raises Refused: it is another place than the one that was approved; nothing may be changed there at all
    """
    known = pin_of(mirror)
    if known and (known.native_id, known.within) != (place.pin.native_id, place.pin.within):
        raise Refused(
            f"{mirror.place} is another place than the one that was approved: it was deleted, moved or made anew;"
            f" {ACCEPT}, or take it out of partners.yaml"
        )
    if place.unfit:
        return place.unfit
    if known and known.visibility != place.pin.visibility:
        return f"{place.name} was {known.visibility} and is {place.pin.visibility} now: change it back, or {ACCEPT}"
    if source := next(_sources(config, mirror, place), ""):
        return f"{place.name} is read by the tracker {source}: a mirror needs a place of its own"
    if other := _others(mirror, place):
        return f"{place.name} already is a mirror for {other.partner}: each partner needs a place of its own"
    return ""


def pin(lease: Lease, target: Target, place: Place) -> None:
    """Remember which place it is, the first time, and how it is called."""
    changes: dict[str, object] = {"name": place.name, "url": place.url, "fields": list(place.fields)}
    changes["remedies"] = [*place.remedies, *_without_option(lease.mirror, target, place)]
    if lease.mirror.pin is None:
        changes["pin"] = asdict(place.pin)
    different = {name: value for name, value in changes.items() if getattr(lease.mirror, name) != value}
    if different:
        lease.note(**different)


def _without_option(mirror: Mirror, target: Target, place: Place) -> Iterator[str]:
    """Words for states that the place cannot hold, since its options are made by people alone."""
    partner = Partner.objects.filter(id=mirror.partner).first()
    if "status" in place.fields:
        for word in partner.statuses if partner else ():
            if "status" not in target.slots(place, {"status": word}):
                yield f"the status “{word}” is not shown: add it to the options of the property for the status"


def _sources(config: Config, mirror: Mirror, place: Place) -> Iterator[str]:
    """Names of the trackers that read the place, as they resolved their scopes."""
    for source in config.service.sources:
        if source.kind != mirror.kind:
            continue
        near = source.kind == "notion" or _same_site(source, config, mirror)
        if near and _reads(source, mirror, place):
            yield source.name


def _same_site(source: TrackerSettings, config: Config, mirror: Mirror) -> bool:
    here = next((one for one in config.service.trackers if one.name == mirror.tracker), None)
    return here is not None and urlsplit(here.root).netloc.lower() == urlsplit(source.root).netloc.lower()


def _reads(source: TrackerSettings, mirror: Mirror, place: Place) -> bool:
    if source.kind == "jira":  # one stream for a whole site: by the projects that it names, and that were read
        names = [normal("jira", name) for name in source.scope.projects or ()]  # type: ignore[attr-defined]  # a Jira that is read has one
        read = Item.objects.filter(tracker__name=source.name, container__iexact=place.known_as[0], deleted_at=None)
        return place.known_as[0] in names or read.exists()
    ids = [place.pin.native_id]
    if Stream.objects.filter(tracker__name=source.name, native_id__in=ids, active=True).exists():
        return True
    scope = source.scope  # type: ignore[attr-defined]
    written = [
        normal(mirror.kind, name)
        for key in ("data_sources", "databases", "repositories", "organizations")
        for name in getattr(scope, key, ())
    ]
    return any(normal(mirror.kind, name) in written for name in (*ids, *place.known_as))


def _others(mirror: Mirror, place: Place) -> Mirror | None:
    same = Mirror.objects.filter(kind=mirror.kind, pin__native_id=place.pin.native_id, pin__within=place.pin.within)
    return same.filter(ended_at=None).exclude(pk=mirror.pk).first()
