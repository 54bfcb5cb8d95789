"""A value as it was read for sharing."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Written:
    """A text, or why there is none."""

    text: str
    lack: str = ""
