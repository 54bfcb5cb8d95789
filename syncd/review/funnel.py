"""From raw findings to flags: every one accounted for, with the reason why it is not a flag of its own.

Raw is what a tool without judgement would say: each item that serves nothing, and whatever else the
checks find.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from syncd.review import facts
from syncd.trackers import bulk


@dataclass(frozen=True, slots=True)
class Step:
    """So many are left out here, for this reason, and so many are left after it."""

    reason: str
    """A word; :data:`BECAUSE` says it in a sentence."""
    count: int
    left: int

    @property
    def because(self) -> str:
        return BECAUSE[self.reason]


BECAUSE: Mapping[str, str] = {
    "raw": "items that serve nothing, and whatever else the checks find",
    "finished": "the work is done or given up: there is nothing to mend",
    "needs_no_goal": "the kind of work needs no goal, or the check is off",
    "exempt": "exempt, by a rule or a person",
    "unknown": "something above is not stored: whether it serves a goal is not known",
    "baseline": "it was there at the first sync: worked off as one number",
    "grace": "work has not begun, or only just",
    "monitor": "the check or rule is on trial",
    "decided": "somebody snoozed, accepted or dismissed its flag",
    "grouped_root": "counted under the flag of an item above",
    "grouped_shape": "counted under one flag with others of its shape",
    "unsettled": "found just now: it is grouped at the next turn",
    "shown": "flags in the queue",
}
"""Reasons in the order in which they are asked."""


def funnel() -> list[Step]:
    """The first step is all that is raw, the last what is shown; the others take away what stands between."""
    counts = Counter(_unfound()) + Counter(_held()) + Counter(_shown())
    left = sum(counts.values())
    steps = [Step("raw", left, left)]
    for reason in list(BECAUSE)[1:-1]:
        left -= counts[reason]
        steps.append(Step(reason, counts[reason], left))
    return [*steps, Step("shown", counts["shown"], left)]


def _unfound() -> dict[str, int]:
    """Items that serve nothing and of which nothing is said."""
    rows = bulk.fetch(f"""
        WITH RECURSIVE hidden(id) AS (
            SELECT id FROM trackers_item WHERE parent_id IS NULL AND parent_address <> '' AND deleted_at IS NULL
            UNION SELECT i.id FROM trackers_item i JOIN hidden h ON i.parent_id = h.id
        )
        SELECT CASE WHEN i.status_category NOT IN ('todo', 'in_progress') THEN 'finished'
            WHEN d.exempt <> '' THEN 'exempt' WHEN i.id IN (SELECT id FROM hidden) THEN 'unknown'
            ELSE 'needs_no_goal' END AS reason, COUNT(*)
        FROM strategy_decision d JOIN trackers_item i ON i.id = d.item_id
        WHERE d.primary_goal = '' AND i.deleted_at IS NULL
            AND NOT EXISTS (SELECT 1 FROM strategy_link l WHERE l.item_id = i.id)
            AND NOT EXISTS (
                SELECT 1 FROM review_finding f WHERE f.item_id = i.id AND f.fingerprint LIKE '{facts.UNLINKED}|%%'
            )
        GROUP BY 1
    """)  # noqa: S608 - a name of ours
    return dict(rows)


def _held() -> dict[str, int]:
    return dict(bulk.fetch("SELECT held, COUNT(*) FROM review_finding WHERE held <> '' GROUP BY held"))


def _shown() -> Counter[str]:
    """Findings that are not held, by what became of the flag that they are counted under."""
    rows = bulk.fetch("""
        SELECT g.state, g.item_id IS NULL, g.found FROM (
            SELECT f."group", COUNT(*) AS found, MAX(l.state) AS state, MAX(l.item_id) AS item_id
            FROM review_finding f LEFT JOIN review_flag l ON l.fingerprint = f."group"
            WHERE f.held = '' GROUP BY f."group"
        ) AS g
    """)
    goals = bulk.fetch("SELECT state, COUNT(*) FROM review_flag WHERE goal <> '' AND item_id IS NULL GROUP BY state")
    counts: Counter[str] = Counter()
    for state, alike, found in rows:
        counts += _parted(state, alike, found)
    for state, found in goals:
        if state != "resolved":
            counts["shown" if state == "open" else "decided"] += found
    return counts


def _parted(state: str | None, alike: bool, found: int) -> Counter[str]:
    """What becomes of the findings of one flag: one is the flag, if it is in the queue."""
    if state is None:
        return Counter(unsettled=found)
    if state != "open":
        return Counter(decided=found)
    return Counter({"shown": 1, "grouped_shape" if alike else "grouped_root": found - 1})


def held() -> list[tuple[str, str, int]]:
    """What is counted and not shown: reason, kind of finding, and how many, the most first."""
    counts: Counter[tuple[str, str]] = Counter()
    rows = bulk.fetch("SELECT held, fingerprint, COUNT(*) FROM review_finding WHERE held <> '' GROUP BY 1, 2")
    for reason, fingerprint, count in rows:
        counts[reason, fingerprint.partition("|")[0]] += count
    return [
        (reason, kind, count) for (reason, kind), count in sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
    ]
