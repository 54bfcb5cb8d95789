"""Numbers that commands take. One that will not do is told with what is expected."""

import contextlib
from collections.abc import Callable
from typing import TypeVar

import typer

from syncd.cli.output import shortened

Number = TypeVar("Number", int, float)

DIGITS = 18
"""Of the largest number that is taken: what databases count with."""


def whole(given: str | int) -> int:
    """A number that counts something, or names it. A default comes as a number.

    :raises typer.BadParameter: it is none
    """
    text = str(given)
    if not (text.isascii() and text.isdecimal() and len(text) <= DIGITS and int(text)):
        raise typer.BadParameter(f"{shortened(text)}: expected a number such as 12")
    return int(text)


def between(lowest: Number, highest: Number) -> Callable[[str | Number], Number]:
    """Numbers of the kind of these two, and both of them.

    :returns: what reads one; it raises ``typer.BadParameter`` where it is none of them
    """

    def read(given: str | Number) -> Number:
        with contextlib.suppress(ValueError):
            if lowest <= (number := type(lowest)(given)) <= highest:
                return number
        raise typer.BadParameter(f"{shortened(str(given))}: expected a number from {lowest:g} to {highest:g}")

    return read
