"""Why we believe that an item serves a goal, and how strongly."""

from dataclasses import dataclass
from enum import IntEnum
from operator import attrgetter
from typing import Annotated

from pydantic import PlainSerializer


class Strength(IntEnum):
    """How much a piece of evidence counts; more is stronger. Suggestions never link."""

    CATCH_ALL = 0
    """Inherited from a parent that swallows everything and proves nothing."""
    TEXT_RULE = 1
    LABEL_RULE = 2
    REFERENCE = 3
    INHERITED = 4
    EXPLICIT = 5
    VERDICT = 6

    @property
    def word(self) -> str:
        return self.name.lower().replace("_", " ")


Counted = Annotated[Strength, PlainSerializer(attrgetter("word"), return_type=str)]
"""A strength that leaves the house as its word; what is kept of a judgement has its number."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """Why we believe that an item serves a goal (or a non-goal).

    ``kind`` names the source of belief: ``label``, ``field``, ``item`` (named by the strategy),
    ``rule``, ``parent``, a reference's kind (``closes``, ``links``, ``mentions``; a mention that is
    inherited stays one), ``verdict``;
    ``source`` is its id (the label, the field's value, the rule's id, the ancestor's or target's item
    id) and ``detail`` says it for people: a verb phrase whose subject is the item.
    """

    goal: str
    strength: Counted
    kind: str
    source: str
    detail: str
    via: str = ""
    """Id of the item at which the evidence stands, where that is not the item itself."""


@dataclass(frozen=True, slots=True)
class Link:
    """An item serves a goal, with everything that speaks for it, strongest first."""

    goal: str
    strength: Counted
    evidence: tuple[Evidence, ...]
    primary: bool = False
