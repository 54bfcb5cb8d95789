"""One decision about many flags: each by itself, and all taken back at once.

What is refused for one holds the others up in nothing, and whoever asked hears how many were changed and how many were not.
"""

import secrets
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from syncd.review import ending, verdicts
from syncd.review.models import Flag, Verdict
from syncd.review.verdicts import Refused

MOST = 1_000
"""Flags decided at once; each is a transaction of some milliseconds, and somebody waits for the answer."""

How = Callable[[Flag], Mapping[str, Any]]
"""What is decided about a flag, as :func:`syncd.review.verdicts.decide` takes it; may raise ``Refused``."""


@dataclass(slots=True)
class Done:
    """What came of it. ``refused``: id of a flag, and why."""

    batch: str = ""
    changed: list[int] = field(default_factory=list)
    refused: list[tuple[int, str]] = field(default_factory=list)

    @property
    def told(self) -> str:
        """Why some were refused: the first reasons in words, empty if none was."""
        reasons = list(dict.fromkeys(because for _, because in self.refused))
        more = f" … and {len(reasons) - 3} more reasons" if len(reasons) > 3 else ""
        return "; ".join(reasons[:3]) + more


def decide(flags: Iterable[Flag], author: str, how: How, now: datetime) -> Done:
    """Decide about each flag as it was seen."""
    done = Done(secrets.token_hex(8))
    for flag in flags:
        try:
            verdicts.decide(flag, author=author, batch=done.batch, now=now, **how(flag))
        except Refused as error:
            done.refused.append((flag.pk, str(error)))
        else:
            done.changed.append(flag.pk)
    return done


def undo(batch: str, author: str, now: datetime) -> Done:
    """Take back what stands of a batch."""
    done = Done(batch)
    for verdict in Verdict.objects.filter(ending.LIVE, batch=batch, of=None).order_by("-id"):
        try:
            flag = verdicts.undo(verdict, author, now)
        except Refused as error:
            done.refused.append((verdict.flag_id or 0, str(error)))
        else:
            done.changed.append(flag.pk if flag else 0)
    return done
