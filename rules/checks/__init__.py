"""The built-in checks: one small function each, from where an item stands to what is wrong with it.

Every finding names a root, the item whose repair clears most. All findings of one root say the same,
whichever item they are about, because together they are one flag. What is not worth a flag yet is held:
counted, and not shown.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace

from rules.checks import (
    blocked,
    catch_all,
    conflict,
    drifted,
    missing_why,
    off_strategy,
    orphan_pr,
    overdue,
    unlinked,
)
from rules.checks.holding import held
from rules.checks.matter import NOTHING, Looked, Matter, earliest
from rules.checks.own import by_rule
from rules.checks.shown import shown
from rules.model import CheckMode, Checks
from rules.trying import Raised

__all__ = ["CHECKS", "GOAL_CHECKS", "Looked", "Matter", "by_rule", "in_force", "look", "shown"]

CHECKS: Mapping[str, Callable[[Matter], Looked]] = {
    "unlinked": unlinked.look,
    "off_strategy": off_strategy.look,
    "conflict": conflict.look,
    "missing_why": missing_why.look,
    "catch_all": catch_all.look,
    "blocked": blocked.look,
    "overdue": overdue.look,
    "drifted": drifted.look,
    "orphan_pr": orphan_pr.look,
}
"""The checks on items, in the order in which they are told."""

GOAL_CHECKS = ("starved_goal", "over_share", "under_share", "stale_goal")
"""Those on goals: see ``rules.checks.goals``."""


InForce = tuple[tuple[str, CheckMode, Callable[[Matter], Looked]], ...]
"""Name, mode and function of the checks that are not off."""


def in_force(checks: Checks) -> InForce:
    return tuple((name, mode, check) for name, check in CHECKS.items() if (mode := checks.mode(name)) != "off")


def look(matter: Matter, checks: InForce, raised: Iterable[Raised] = ()) -> Looked:
    """What all checks have to say, and the rules of one's own that match."""
    looks = list(_built_in(matter, checks)) if matter.live else []
    for rule, reason in raised:
        mode: CheckMode = "enforce" if rule.mode == "enforce" else "monitor"
        looks.append(_held(matter, "", mode, Looked((by_rule(matter.case.item, rule, reason),))))
    if len(looks) < 2:
        return looks[0] if looks else NOTHING
    findings = tuple([finding for looked in looks for finding in looked.findings])
    return Looked(findings, earliest(*[looked.next_at for looked in looks]))


def _built_in(matter: Matter, checks: InForce) -> Iterable[Looked]:
    for name, mode, check in checks:
        looked = check(matter)
        if looked is not NOTHING:
            yield _held(matter, name, mode, looked) if looked.findings else looked


def _held(matter: Matter, check: str, mode: CheckMode, looked: Looked) -> Looked:
    """The same with the reason for which it is held, if there is one, and when that ends."""
    why, ends = held(matter, check, mode)
    if not why:
        return looked
    findings = tuple([replace(finding, held=why) for finding in looked.findings])
    return Looked(findings, earliest(looked.next_at, ends))
