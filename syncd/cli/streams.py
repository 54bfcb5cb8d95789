"""Standard input, output and error: there even if the caller closed them, and told in a sentence if they take nothing."""

import contextlib
import errno
import os
import sys
from collections.abc import Generator

from syncd.cli.session import Exit


@contextlib.contextmanager
def standard() -> Generator[None]:
    """What is printed is out when this ends. Where it cannot be written, the command ends with 5."""
    _there()
    try:
        try:
            yield
        finally:
            sys.stdout.flush()
    except BrokenPipeError:  # whoever read has enough
        _silence()
        sys.exit(Exit.FINDINGS)
    except OSError as error:
        if error.errno != errno.ENOSPC or error.filename is not None:
            raise
        _silence()
        sys.stderr.write("what there is to say cannot be written: no space left there\n")
        sys.exit(Exit.UNAVAILABLE)


def _there() -> None:
    """In place of a stream that is closed one that leads nowhere; else a file that is opened later would take its number."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, mode, encoding="utf-8"))  # noqa: PTH123, SIM115  it stays open


def _silence() -> None:
    """What is still in memory for standard output goes nowhere, or the interpreter would try again as it ends."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
