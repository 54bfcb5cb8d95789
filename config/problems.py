"""How a mistake in the configuration is told: where it is, what was expected, the nearest right word."""

import difflib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

SHOWN = 16
"""Known words that are named where none is like the one that was written."""

KeyPath = tuple[str | int, ...]
"""Keys and list positions from the top of a file to a value."""


class Fault(NamedTuple):
    """A mistake in a file whose line is not looked up yet. ``at_key``: the key is wrong, not its value."""

    path: KeyPath
    message: str
    hint: str = ""
    at_key: bool = False


@dataclass(frozen=True, slots=True)
class Problem:
    """One mistake. Line and column count from 1; both are 0 where the file as a whole is meant."""

    file: str
    line: int
    column: int
    path: str
    message: str
    hint: str = ""

    @property
    def place(self) -> str:
        return f"{self.file}:{self.line}:{self.column}" if self.line else self.file

    @property
    def what(self) -> str:
        what = f"{self.message}; {self.hint}" if self.hint else self.message
        return f"{self.path}: {what}" if self.path else what

    def __str__(self) -> str:
        return f"{self.place}: {self.what}"


class ConfigError(Exception):
    """The configuration is refused; ``problems`` are all mistakes found, file by file, line by line."""

    def __init__(self, folder: Path | None, problems: Iterable[Problem]) -> None:
        self.folder = folder
        self.problems = tuple(problems)
        super().__init__(folder, self.problems)

    def __str__(self) -> str:
        return "\n".join(map(str, self.problems))


def dotted(path: KeyPath) -> str:
    """``trackers[0].scope.projects``. A long key is cut: it may be a secret that slipped into its place."""
    parts = [
        f"[{part}]" if isinstance(part, int) else f".{part if len(part) <= 32 else part[:6] + '…'}" for part in path
    ]
    return "".join(parts).removeprefix(".")


def nearest(word: str, known: Iterable[str]) -> str:
    """The known word that was most likely meant, as a question; else the known words, or as many as fit on a line
    or two; empty where there is none."""
    by_folded = {name.casefold(): name for name in sorted(known)}
    if close := difflib.get_close_matches(word.casefold(), by_folded, n=1):
        return f'did you mean "{by_folded[close[0]]}"?'
    if not by_folded:
        return ""
    rest = f" and {len(by_folded) - SHOWN:,} more" if len(by_folded) > SHOWN else ""
    return f"known here: {', '.join(list(by_folded.values())[:SHOWN])}{rest}"


def quoted(word: str) -> str:
    """A word as written, on one line and not too long."""
    line = re.sub(r"\s+", " ", word)
    return f'"{line if len(line) <= 60 else line[:59] + "…"}"'
