"""What ``plan`` and ``apply`` start from: the draft, what is in force, and a bar for the time between."""

from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from syncd.cli.session import Exit, Session, fail

if TYPE_CHECKING:
    from config.files import Config
    from syncd.strategy.models import StrategyVersion
    from syncd.strategy.versions import Written
    from syncd.worker.plan.plan import Plan, Watcher
    from syncd.worker.plan.trackers import Roll

DRAFT = Annotated[
    Path | None,
    typer.Argument(
        metavar="DRAFT_DIR", help="Folder with the edited files; the others are those of --config. Default: --config."
    ),
]


def drafted(config: "Config", folder: Path | None) -> "Config":
    """The configuration with the draft's files in it; ends the command where they have mistakes."""
    from config.files import load_draft
    from config.problems import ConfigError

    try:
        return load_draft(folder, config) if folder else config
    except ConfigError as error:
        fail(str(error), Exit.CONFIG)


def in_force() -> "tuple[StrategyVersion, Written]":
    """The newest version and what it says; ends the command where there is none, or none that can be read."""
    from syncd.strategy import versions

    newest = versions.newest()
    if newest is None:
        fail("nothing is in force yet: run syncd sync", Exit.TRY_LATER)
    return newest, read(newest)


def read(version: "StrategyVersion") -> "Written":
    """What a version says; ends the command where today's models do not read it."""
    from syncd.strategy.versions import OldForm, written_of

    try:
        return written_of(version)
    except OldForm as error:
        fail(f"{error}: it stays on record, and cannot be compared or put in force again", Exit.CONFIG)


@contextmanager
def planned(
    here: Session, before: "Written", after: "Written", version: "StrategyVersion", roll: "Roll"
) -> "Generator[Plan]":
    """The plan, drawn up with a bar where somebody watches.

    :param roll: the trackers that are read otherwise
    """
    from django.utils import timezone

    from syncd.strategy.versions import policy_of
    from syncd.worker import policy
    from syncd.worker.plan.plan import Side, plan

    sides = Side(before, policy_of(version)), Side(after, policy.effective(after))
    with _bar(here) as watcher, plan(*sides, timezone.now(), watcher, roll) as found:
        yield found


@contextmanager
def _bar(here: Session) -> "Generator[Watcher]":
    from syncd.worker.plan.plan import Watcher

    if not here.interactive:
        yield Watcher()
        return
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, transient=True) as bars:
        task = bars.add_task("judging twice", total=None)
        yield Watcher(
            begins=lambda items: bars.update(task, total=items),
            batch=lambda items: bars.advance(task, items),
            ends=bars.stop,
        )
