"""``syncd rules restore``: a rule that nobody acted on gets its word back."""

from collections.abc import Collection
from typing import Annotated

import typer

from syncd.cli.session import Exit, database_errors, fail, session, user


def restore(
    context: typer.Context,
    rule: Annotated[str, typer.Argument(metavar="RULE", help="A rule, or a check, that dropped to monitor.")],
    author: Annotated[str, typer.Option("--as", metavar="NAME", help="Who; default: the user at the system.")] = "",
) -> None:
    """Enforce a rule again that dropped itself to monitor. Its record starts anew; judging follows at the next sync."""
    here = session(context)
    config = here.config()
    here.store(config)

    from django.utils import timezone

    from syncd.review import records
    from syncd.trackers.writing import writing

    with database_errors(), writing():
        if not records.restore(rule, author or user() or "unknown", timezone.now()):
            fail(_why_not(rule, records.reasons()), Exit.USAGE)
    print(f"{rule} is enforced again; syncd sync judges by it.")


def _why_not(rule: str, demoted: Collection[str]) -> str:
    from config.problems import nearest

    if not demoted:
        return f"{rule} has not dropped to monitor; no rule has"
    return f"{rule} has not dropped to monitor; {nearest(rule, demoted)}"
