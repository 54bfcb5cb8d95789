"""What can be done about a flag: a button, a key and, where somebody will ask for a reason, a form."""

from collections.abc import Iterator
from dataclasses import dataclass

from syncd.review.causes import TIES
from syncd.review.models import Flag, Verdict


@dataclass(frozen=True, slots=True)
class Verb:
    """``name``: in addresses and forms. ``kind``: of the verdict; empty for a question."""

    name: str
    kind: str
    key: str
    word: str
    glyph: str
    title: str
    """Of its form; empty where it needs none."""


LINK = Verb("link", Verdict.LINK, "1", "Link to the suggestion", "link", "")
GOAL = Verb("goal", Verdict.LINK, "2", "Pick a goal", "target", "Link to a goal")
EXEMPT = Verb("exempt", Verdict.EXEMPT, "3", "Exempt", "shield", "Exempt: it needs no goal")
WRONG = Verb("wrong", Verdict.FALSE_POSITIVE, "4", "Rule is wrong", "circle-slash", "The rule is wrong here")
ACCEPT = Verb("accept", Verdict.ACCEPT, "5", "Accept", "check", "Accept: true, and it stays so for now")
SNOOZE = Verb("snooze", Verdict.SNOOZE, "h", "Snooze", "alarm-clock", "Snooze")
ASK = Verb("ask", "", "a", "Ask the owner", "message-circle-question-mark", "Ask the owner")

VERBS = {verb.name: verb for verb in (LINK, GOAL, EXEMPT, WRONG, ACCEPT, SNOOZE, ASK)}
DECIDING = {name: verb for name, verb in VERBS.items() if verb.kind}

KEYS = [
    *((verb.key, verb.word) for verb in VERBS.values()),
    ("x", "Select"),
    ("Shift+X", "Select up to here"),
]
"""What ``?`` adds to the keys of every page."""


def offered(flag: Flag, *, suggested: bool) -> Iterator[Verb]:
    """What makes sense for a flag: a link does not feed a starved goal, and a goal needs no exemption."""
    work = bool(flag.item_id or "shape" in flag.detail)
    if flag.state == "resolved" and flag.verdict_id is None:
        return
    for verb in DECIDING.values():
        if verb is LINK and not suggested:
            continue
        if verb.kind == Verdict.LINK and not (work and flag.rule in TIES):
            continue
        if verb.kind == Verdict.EXEMPT and not work:
            continue
        yield verb
