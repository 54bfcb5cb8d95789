"""Builds a sandbox with something in it: the demo's story, a generated world of any size, or an exported tracker."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from syncd.sandbox import configuration, globex, seeds, story
from syncd.sandbox.base import Service, Work
from syncd.sandbox.clock import Clock
from syncd.sandbox.github import GitHubService, archive
from syncd.sandbox.jira import JiraService
from syncd.sandbox.jira.fields import Deployment
from syncd.sandbox.live import Live
from syncd.sandbox.notion import NotionService
from syncd.sandbox.server import Sandbox

GENERATED = Path(__file__).parent / "generated"
ARCHIVE = Path(__file__).parent / "archive"


def build(
    port: int = 0,
    *,
    items: int | None = None,
    seed: int = 1,
    latency_ms: float = 0,
    live: bool = False,
    deployment: Deployment = "cloud",
) -> Sandbox:
    """A sandbox, not started yet.

    :param items: works in each tracker; None for the demo's story
    :param live: whether somebody changes something every few seconds once it is started
    :param deployment: which Jira holds the issues; the other one is not there
    """
    clock = Clock()
    services: list[Service] = [
        JiraService(deployment, clock, seed),
        GitHubService(clock, seed),
        NotionService(clock, seed),
    ]
    if items is None:
        services += globex.services(clock, seed)
    sandbox = Sandbox(services, port, clock=clock, latency_ms=latency_ms)
    _plant(services, story.works(clock()) if items is None else _generated(items, seed, clock))
    if live:
        sandbox.companions.append(Live(sandbox, seed))
    return sandbox


def replay(path: Path, port: int = 0, *, as_of: datetime | None = None, latency_ms: float = 0) -> Sandbox:
    """A sandbox whose GitHub holds an exported repository, and nothing else.

    :param as_of: the repository as it was then; default: as it was exported
    :raises ValueError: the file is not such an export
    """
    clock = Clock()
    github = GitHubService(clock, 1)
    archive.plant(github.hub, archive.read(path), as_of)
    return Sandbox([github], port, clock=clock, latency_ms=latency_ms)


def write_config(sandbox: Sandbox, folder: Path, *, items: int | None = None) -> None:
    """The config folder that belongs to what was built with the same ``items``, or replayed."""
    if "notion" not in sandbox.services:
        configuration.write(sandbox, folder, ARCHIVE, service=ARCHIVE)
    elif items is None:
        configuration.write(sandbox, folder, story.FOLDER, story.periods(sandbox.clock()))
    else:
        configuration.write(sandbox, folder, GENERATED)


def _generated(items: int, seed: int, clock: Clock) -> list[Work]:
    now = clock()
    return [work for tracker in story.TRACKERS for work in seeds.generate(tracker, items, seed, now)]


def _plant(services: Sequence[Service], works: Sequence[Work]) -> None:
    """Jira first, Notion last: each names works of those before it."""
    addresses: dict[str, str] = {}
    for service in services:
        tracker = service.prefix.partition("-")[0]
        addresses |= service.plant([work for work in works if work.tracker == tracker], addresses)
