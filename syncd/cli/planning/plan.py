"""``syncd plan``: what an edit of strategy, rules, agreements or of the list of trackers would change."""

from typing import Annotated

import typer

from syncd.cli.output import json_lines
from syncd.cli.planning.drafts import DRAFT, drafted, in_force, planned
from syncd.cli.session import database_errors, session


def plan(
    context: typer.Context,
    draft: DRAFT = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line: the summary, then all.")] = False,
) -> None:
    """What an edit of the files would change. Asks no tracker and writes nothing."""
    here = session(context)
    config = drafted(here.config(), draft)
    here.store(config, as_it_is=True)

    from syncd.cli.planning import rows, words
    from syncd.worker import policy
    from syncd.worker.plan.trackers import roll

    with database_errors():
        version, before = in_force()
        after, allowed = policy.written(config), config.service.changes
        trackers = roll(config.service.sources)
        same = before.says_as(after)
        with planned(here, before, after, version, trackers) as found:
            if as_json:
                json_lines(rows.rows(found, version, allowed))
                return
            if same and not (trackers.leaving or trackers.coming):
                print(f"The folder says what is in force (version {version.id}).")
            summary = rows.summary(found, version, allowed)
            words.tell(found, summary)
    if not same or trackers.leaving:
        yes = " --yes" if summary["needs_yes"] else ""
        print(f"\nNothing was sent or written. To put it in force: syncd apply{yes}")
