"""Options and words that all lists share."""

from collections.abc import Iterable
from typing import Annotated

import typer

from syncd.cli.numbers import whole
from syncd.cli.session import Exit, fail

AS_JSON = Annotated[bool, typer.Option("--json", help="One JSON object a line.")]
LIMIT = Annotated[
    int | None, typer.Option(metavar="N", parser=whole, help="At most so many; --json gives all unless told.")
]
ON_SCREEN = 50
NOT_SYNCED = "Nothing is here yet: run syncd sync."


def synced() -> bool:
    from syncd.trackers.models import Item

    return Item.objects.exists()


def known(option: str, values: list[str] | None, allowed: Iterable[str]) -> None:
    from config.problems import nearest

    for value in values or ():
        if value not in allowed:
            fail(f"--{option} {value}: {nearest(value, allowed)}", Exit.USAGE)
