"""What becomes of an answer as time passes, and how near a condition came to hold."""

from datetime import datetime

from rules.match.clause import Answer, Clause
from rules.match.view import View

TRIED = 16
"""Moments of one clause that are tried. A rule that looks at the time more often is looked at again early."""


def flips(clause: Clause, view: View, now: datetime, answer: Answer, *, quoted: bool = False) -> datetime | None:
    """The first moment after ``now`` at which the clause answers otherwise than ``answer``, or in other words.

    The words of a False answer count only where somebody hears them (``quoted``). None: it stays as it is.
    """
    if clause.moments is None or (answer is False and not quoted and clause.shut and clause.shut(view, now)):
        return None
    moments = sorted(set(clause.moments(view, now)))
    heard = quoted or answer is not False
    words = None
    for moment in moments[:TRIED]:
        if clause.test(view, moment) is not answer:
            return moment
        if heard:
            words = words or clause.say(view, now, answer)
            if clause.say(view, moment, answer) != words:
                return moment
    return moments[TRIED] if len(moments) > TRIED else None


def lacking(clause: Clause, view: View, now: datetime) -> Clause | None:
    """The one clause that keeps a condition of several from holding; None unless it is exactly one."""
    failing = [part for part in clause.parts if part.test(view, now) is not True]
    return failing[0] if len(failing) == 1 else None


def earliest(*moments: datetime | None) -> datetime | None:
    """The first of some moments, of which None is never."""
    times = [moment for moment in moments if moment]
    return min(times) if times else None
