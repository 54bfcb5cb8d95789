"""Options and words that all lists share."""

from collections.abc import Iterable
from typing import Annotated

import typer

from syncd.cli.output import shortened
from syncd.cli.session import Exit, fail

AS_JSON = Annotated[bool, typer.Option("--json", help="One JSON object a line.")]


def whole(text: str) -> int:
    """A number that counts something, or names it.

    :raises typer.BadParameter: it is none
    """
    if not (text.isascii() and text.isdecimal() and len(text) <= DIGITS and int(text)):
        raise typer.BadParameter(f"{shortened(text)}: expected a number such as 12")
    return int(text)


LIMIT = Annotated[
    int | None, typer.Option(metavar="N", parser=whole, help="At most so many; --json gives all unless told.")
]
ON_SCREEN = 50
DIGITS = 18
"""Of the largest number that is taken: what databases count with."""
NOT_SYNCED = "Nothing is here yet: run syncd sync."


def synced() -> bool:
    from syncd.trackers.models import Item

    return Item.objects.exists()


def known(option: str, values: list[str] | None, allowed: Iterable[str]) -> None:
    from config.problems import nearest

    for value in values or ():
        if value not in allowed:
            fail(f"--{option} {value}: {nearest(value, allowed)}", Exit.USAGE)
