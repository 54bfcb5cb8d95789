"""What is to be written to a row, and what of it the partner has made its own. Pure.

Three texts of each slot are compared: what was last written, what is to stand there, and what does. What is neither
of the first two was written by somebody else; it is kept, and told.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from connectors.mirror import Slots


@dataclass(slots=True)
class Merged:
    """``write`` is to be sent; ``theirs`` is the partner's and stays; ``written`` is how our own stands now."""

    write: dict[str, str] = field(default_factory=dict)
    theirs: dict[str, str] = field(default_factory=dict)
    written: dict[str, str] = field(default_factory=dict)


def merge(written: Slots, tried: Slots, wanted: Slots, there: Slots) -> Merged:
    """:param tried: what a request of unknown fate may have written"""
    merged = Merged()
    for slot in sorted({*wanted, *written, *tried}):
        if slot not in there:
            continue  # it has no place any more
        want, found = wanted.get(slot, ""), there[slot]
        if found == want:
            merged.written[slot] = want
        elif is_ours(slot, found, written, tried):
            merged.written[slot] = found
            merged.write[slot] = want
        else:
            merged.theirs[slot] = found
            if slot in written:
                merged.written[slot] = written[slot]
    return merged


def is_ours(slot: str, found: str, written: Slots, tried: Slots) -> bool:
    """Whether the text that stands in a slot is one that we wrote, or none at all where we wrote none.

    A change that was cut short may have left nothing: at GitHub one label goes before the other comes.
    """
    return found == written.get(slot, "") or (slot in tried and found in ("", tried[slot]))


def ours(there: Slots, written: Slots, tried: Slots) -> dict[str, str]:
    """The slots that still hold what we wrote."""
    known = {*written, *tried}
    return {
        slot: text for slot, text in there.items() if text and slot in known and is_ours(slot, text, written, tried)
    }


def field_of(slot: str) -> str:
    """The shared field that a slot is for."""
    return slot.partition(":")[0]


def shown(slots: Slots, values: Mapping[str, str]) -> dict[str, str]:
    """The values of the copy that these slots tell."""
    fields = {field_of(slot) for slot, text in slots.items() if text}
    return {name: value for name, value in values.items() if value and name in fields}
