"""A judgement kept as JSON, and read back."""

from collections.abc import Mapping
from typing import Any

import orjson

from rules.model import Evidence, Finding, Judgement, Link, Strength, Trial


def to_json(judgement: Judgement) -> str:
    """The judgement as one JSON object with the names of its fields but ``next_at``; ``strength`` is a number.

    The same judgement gives the same text. When time alone may change it says nothing about it. ``docs/rules.md``
    describes the rest.
    """
    kept = judgement._asdict()
    del kept["next_at"]
    return orjson.dumps(kept).decode()


def from_json(text: str) -> Judgement:
    """The judgement that ``to_json`` wrote; its ``next_at`` is None."""
    facts = orjson.loads(text)
    return Judgement(
        item=facts["item"],
        links=tuple(map(_link, facts["links"])),
        against=tuple(map(_link, facts["against"])),
        exempt=facts["exempt"],
        exempt_by=facts["exempt_by"],
        findings=tuple(Finding(**finding) for finding in facts["findings"]),
        trials=tuple(Trial(**trial) for trial in facts["trials"]),
        outranked=tuple(map(_evidence, facts["outranked"])),
        own=facts["own"],
    )


def _link(facts: Mapping[str, Any]) -> Link:
    evidence = tuple(map(_evidence, facts["evidence"]))
    return Link(facts["goal"], Strength(facts["strength"]), evidence, facts["primary"])


def _evidence(facts: Mapping[str, Any]) -> Evidence:
    return Evidence(**{**facts, "strength": Strength(facts["strength"])})
