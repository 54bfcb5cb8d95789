"""Why a finding is counted and not shown.

The reasons are asked in this order, and the first that holds is told, the one that lasts longest first:

1. ``monitor``: the check, or one's own rule, is on trial; holds until somebody promotes it.
2. ``baseline``: the item was there at the first sync and has not changed for the worse; holds until it does.
3. ``grace``: work has not started, or only just begun; passes by itself.
"""

from datetime import datetime

from rules.calendar import add_working_days
from rules.checks.matter import Matter
from rules.model import CheckMode, Held

GRACEFUL = frozenset(("unlinked", "off_strategy", "conflict", "missing_why", "orphan_pr"))
"""Checks on what people still have to write down: they get the time to. The others measure time or size
themselves, and one's own rules have conditions on age."""

FRESH = frozenset(("drifted",))
"""Checks on what happened after we knew the item: whatever was there before is no reason to hold them."""


def held(matter: Matter, check: str, mode: CheckMode) -> tuple[Held, datetime | None]:
    """The reason, empty if there is none; and when time alone will end it."""
    if mode != "enforce":
        return "monitor", None
    policy = matter.book.policy
    if policy.baseline and matter.case.old and check not in FRESH:
        return "baseline", None
    if policy.grace_days <= 0 or check not in GRACEFUL:
        return "", None
    if matter.case.item.status_category == "todo":
        return "grace", None
    ends = add_working_days(began(matter), policy.grace_days)
    return ("grace", ends) if matter.now < ends else ("", None)


def began(matter: Matter) -> datetime:
    """When work on the item began, as far as that is known: a review does not begin it anew."""
    case = matter.case
    return case.start.at if case.start else case.state_since or case.item.created_at
