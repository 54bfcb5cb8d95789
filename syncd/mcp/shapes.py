"""What the tools answer. The things are those of the API; lists are short, and say so where there is more."""

from ninja import Schema

from syncd.api.shapes.flags import Flag
from syncd.api.shapes.items import Hit
from syncd.api.shapes.strategy import Goal
from syncd.api.shapes.why import Told


class Flags(Schema):
    """``cursor``: the ``after`` of the next call; null where there is no more. ``matching``: how many there are, up to 1,001."""

    rows: list[Flag]
    matching: int
    cursor: str | None


class Explained(Schema):
    """``left_out``: findings, trials of rules and flags beyond the first 40 of each."""

    told: Told
    left_out: int


class Goals(Schema):
    """Each goal stands before those below it."""

    vision: str
    rows: list[Goal]


class Found(Schema):
    """``cursor``: the ``after`` of the next call; null where there is no more."""

    rows: list[Hit]
    cursor: str | None
