"""Whether the places that the agreements name can be written to: what ``syncd check`` shows. Nothing is written."""

from collections.abc import Iterator

from config.files import Config
from connectors.base import ConnectorError, Finding
from rules.model.partners import Place
from syncd.worker.roster import Roster


def check(config: Config, roster: Roster) -> Iterator[tuple[str, Finding]]:
    """The tracker and what was found, a place at a time; also of trackers that hold mirrors and have none."""
    named = set()
    for agreement in config.agreements():
        for place in agreement.places:
            if place.kind != "page":
                named.add(place.tracker)
                yield place.tracker, _place(roster, agreement.partner, place)
    for tracker in config.service.trackers:
        if tracker.mirror_only and tracker.name not in named:
            yield tracker.name, Finding("mirrors", None, "no agreement in partners.yaml names a place here")


def _place(roster: Roster, partner: str, place: Place) -> Finding:
    name = f"mirror for {partner}"
    try:
        found = roster.target(place.tracker, place.target).verify(None)
    except ConnectorError as error:
        return Finding(name, False, str(error), error)
    if found.unfit:
        return Finding(name, False, found.unfit)
    says = f"{found.name} can hold {', '.join(found.fields)}"
    return Finding(name, True, "; ".join((says, *found.remedies)))
