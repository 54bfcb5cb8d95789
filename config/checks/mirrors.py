"""A mirror writes to a place that is nobody's source, and that no other partner sees.

Places are compared as they are written here; the worker compares them again as the trackers resolve them.
"""

from collections.abc import Iterator
from urllib.parse import urlsplit

from config.models.partners import Mirror, PartnersFile
from config.models.service import Service
from config.problems import Fault, KeyPath, quoted
from connectors.settings import TrackerSettings

KINDS = {"notion": "data_source", "github": "repository", "jira": "project"}
"""Kind of mirror -> the key that names its place."""


def faults(file: PartnersFile, service: Service) -> Iterator[Fault]:
    taken: dict[tuple[str, str], str] = {}
    for index, partner in enumerate(file.partners):
        for position, mirror in enumerate(partner.mirrors):
            path: KeyPath = ("partners", index, "mirrors", position)
            yield from _of_one(path, mirror, partner.id, service, taken)


def _of_one(
    path: KeyPath, mirror: Mirror, partner: str, service: Service, taken: dict[tuple[str, str], str]
) -> Iterator[Fault]:
    for kind, key in KINDS.items():
        written = getattr(mirror, kind)
        tracker = next((one for one in service.trackers if written and one.name == written.tracker), None)
        if tracker is None or tracker.kind != kind:
            continue  # told where trackers are checked
        place = getattr(written, key)
        here = (_site(tracker), normal(kind, place))
        if source := next((one for one in service.sources if _reads(one, tracker, normal(kind, place))), None):
            yield Fault(
                (*path, kind, key), f"{quoted(place)} is read by the tracker {quoted(source.name)}",
                "a mirror needs a place of its own",
            )  # fmt: skip
        elif here in taken:
            whose = "the same partner" if taken[here] == partner else f"the partner {quoted(taken[here])}"
            yield Fault((*path, kind, key), f"{quoted(place)} already is a mirror for {whose}", "name another place")
        taken.setdefault(here, partner)


def normal(kind: str, place: str) -> str:
    """A place's name in one spelling."""
    return place.replace("-", "").lower() if kind == "notion" else place.lower()


def _site(tracker: TrackerSettings) -> str:
    """Whose places it names. Notion's ids are unique wherever they are."""
    return tracker.kind if tracker.kind == "notion" else f"{tracker.kind} {urlsplit(tracker.root).netloc.lower()}"


def _reads(source: TrackerSettings, tracker: TrackerSettings, place: str) -> bool:
    """Whether what an operator wrote as a source's scope names the place."""
    if _site(source) != _site(tracker):
        return False
    scope = getattr(source, "scope", None)
    names = [
        normal(source.kind, name)
        for key in ("data_sources", "repositories", "projects")
        for name in getattr(scope, key, None) or ()
    ]
    owners = [name.lower() for name in getattr(scope, "organizations", None) or ()]
    return place in names or (source.kind == "github" and place.partition("/")[0] in owners)
