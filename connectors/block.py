"""What a tracker without properties says of a row, as lines of its text: facts, a blank line, notes.

    **Due:** 2026-12
    **Owner:** Engineering

    Your people sign in with the account they have.

Pure, and read back as it was written, however much of it was changed meanwhile.
"""

import re
from collections.abc import Mapping

from connectors.mirror import NO_TITLE, Slots

LABELS: Mapping[str, str] = {"due": "Due", "delivered": "Delivered", "owner": "Owner"}
_FACT = re.compile(r"^\**(" + "|".join(LABELS.values()) + r"):\**[ \t]*(.*?)[ \t]*$")
_GAPS = re.compile(r"\n{3,}")
_BREAKS = re.compile(r"\r\n|[\r\v\f\x1c-\x1e\x85\u2028\u2029]")
_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x9f]")


def lines(slots: Slots, label: str = "**{}:**") -> str:
    """:param label: how the name of a fact is written"""
    facts = [f"{label.format(name)} {slots[slot]}" for slot, name in LABELS.items() if slots.get(slot)]
    return "\n".join(facts) + (f"\n\n{slots['notes']}" if slots.get("notes") else "")


def read(text: str) -> dict[str, str]:
    """The slots that some text tells; those that it does not tell are empty."""
    facts, gap, notes = tidy(text, strip=False).partition("\n\n")
    told = [_FACT.match(line) for line in facts.split("\n") if line]
    if not all(told):  # the facts are gone, or somebody wrote between them
        facts, notes = "", f"{facts}{gap}{notes}"
        told = []
    slots = dict.fromkeys(LABELS, "") | {"notes": notes.strip("\n")}
    for fact in filter(None, told):
        slots[_slot(fact[1])] = fact[2]
    return slots


def tidy(text: str, *, strip: bool = True) -> str:
    """Without blanks at the ends of lines, and with at most one blank line at a time: editors do the same."""
    text = "\n".join(line.rstrip() for line in plain(text).split("\n"))
    text = _GAPS.sub("\n\n", text)
    return text.strip("\n") if strip else text


def plain(text: str) -> str:
    """Lines end in ``\\n`` alone, and no character controls anything else: which ones end a line or count as blanks,
    trackers, browsers and Python each see otherwise."""
    return _CONTROLS.sub(" ", _BREAKS.sub("\n", text))


def one_line(text: str) -> str:
    """All of it in one line, with single blanks."""
    return " ".join(plain(text).split())


def title(text: str, most: int) -> str:
    """In one line of at most so many characters. What says that there is none is read back as none."""
    said = cut(one_line(text), most)
    return "" if said == NO_TITLE else said


def cut(text: str, most: int) -> str:
    """At most so many characters; where some are left out, an ellipsis says so."""
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def _slot(label: str) -> str:
    return next(slot for slot, name in LABELS.items() if name == label)
