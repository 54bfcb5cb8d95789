"""The built-in checks: one small function each, from where an item stands to what is wrong with it.

Every finding names a root, the item whose repair clears most. All findings of one root say the same,
whichever item they are about, because together they are one flag.
"""

from collections.abc import Callable, Mapping

from rules.checks import conflict, off_strategy, unlinked
from rules.checks.matter import NOTHING, Looked, Matter
from rules.checks.own import by_rule

__all__ = ["CHECKS", "Looked", "Matter", "by_rule", "look"]

CHECKS: Mapping[str, Callable[[Matter], Looked]] = {
    "unlinked": unlinked.look,
    "off_strategy": off_strategy.look,
    "conflict": conflict.look,
}
"""In the order in which they are told."""


def look(matter: Matter) -> Looked:
    """What all checks have to say. Nothing is said about finished work."""
    if not matter.open:
        return NOTHING
    looks = [check(matter) for check in CHECKS.values()]
    moments = [looked.next_at for looked in looks if looked.next_at]
    return Looked(tuple([found for looked in looks for found in looked.findings]), min(moments, default=None))
