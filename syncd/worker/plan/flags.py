"""Flags that a draft would open and clear: findings counted and grouped as ``syncd.review`` does it.

All findings with one fingerprint are one flag, open while one of them is shown. Orphans that share a
shape are one flag (``rules.grouping``), unless somebody has decided about theirs.
"""

from collections.abc import Iterable, Iterator, Mapping
from itertools import chain
from typing import Any

import orjson

from connectors.item import Item
from rules.checks import CHECKS
from rules.checks.goals import GoalFinding
from rules.grouping import SHAPE, Shape, cover, under
from rules.model import Case, Finding
from syncd.review import facts
from syncd.review.models import Flag
from syncd.worker.plan.replay import Replayed
from syncd.worker.plan.spill import Spill

OPENED, CLEARED = CHANGES = ("opened", "cleared")
BEFORE, AFTER = SIDES = (0, 1)
AT_ONCE = 1000

_COUNTED = ("shown_before", "shown_after", "held_before", "held_after", "root_before", "root_after")
_PUT = f"""
    INSERT INTO flag VALUES ({", ".join("?" * 16)})
    ON CONFLICT DO UPDATE SET {", ".join(f"{name} = {name} + excluded.{name}" for name in _COUNTED)},
        shape = CASE WHEN excluded.shape <> '' THEN excluded.shape ELSE shape END
"""  # noqa: S608 - names of ours

_ORPHANS = [
    f"""flag WHERE shown_{which} = 1 AND held_{which} = 0 AND root_{which} = 1 AND shape <> ''
        AND fingerprint NOT IN (SELECT fingerprint FROM decided)"""  # noqa: S608 - names of ours
    for which in ("before", "after")
]
"""By side, unlinked work that nothing stands above or below and nobody has decided about."""
_OPEN = """
    SELECT DISTINCT side, coalesce(grouped.flag, fingerprint) AS flag FROM (
        SELECT 0 AS side, fingerprint FROM flag WHERE shown_before > 0
        UNION ALL SELECT 1, fingerprint FROM flag WHERE shown_after > 0
    ) LEFT JOIN grouped USING (side, fingerprint)
"""
_CHANGED = f"""
    WITH open AS ({_OPEN}), one AS (SELECT flag, MIN(side) AS side FROM open GROUP BY flag HAVING COUNT(*) = 1)
    SELECT CASE one.side WHEN 1 THEN 'opened' ELSE 'cleared' END AS change, one.flag AS fingerprint,
        coalesce(flag.rule, 'unlinked') AS rule, coalesce(flag.goal, '') AS goal, coalesce(flag.item, '') AS item,
        coalesce(flag.key, '') AS key, coalesce(flag.title, '') AS title,
        coalesce(flag.container, shape.container) AS container, coalesce(flag.owner, '') AS owner,
        coalesce(flag.message, shape.message) AS message
    FROM one LEFT JOIN flag ON flag.fingerprint = one.flag
        LEFT JOIN shape ON shape.fingerprint = one.flag AND shape.side = one.side
"""  # noqa: S608 - statements of ours


class Flags:
    """Collects findings of both sides; then tells the flags that differ.

    :param hidden: flags that people decided to hide: those of orphans are not grouped, those of groups stay
    """

    def __init__(self, spill: Spill, hidden: Iterable[Flag] = ()) -> None:
        self._spill = spill
        self._decided: set[str] = set()
        self._kept: list[Shape] = []
        for flag in hidden:
            self._decided.add(flag.fingerprint)
            if "shape" in flag.detail:
                self._kept.append(Shape.of_json(flag.detail["shape"]))
        self._waiting: list[tuple[Any, ...]] = []

    def add(self, one: Replayed) -> None:
        for side, judgement in zip(SIDES, (one.before, one.after), strict=True):
            self._waiting += [_row(one.case, finding, side) for finding in judgement.findings]
        if len(self._waiting) >= AT_ONCE:
            self.flush()

    def add_goal(self, finding: GoalFinding, owner: str, side: int) -> None:
        """What is wrong with a goal, which is one flag."""
        counts = [int(not finding.held and side == which) for which in SIDES]
        counts += [int(bool(finding.held) and side == which) for which in SIDES]
        row = (finding.fingerprint, finding.kind, finding.goal, "", "", "", "", owner, finding.message, "")
        self._waiting.append((*row, *counts, 0, 0))

    def flush(self) -> None:
        self._spill.put(_PUT, self._waiting)
        self._waiting.clear()

    def group(self) -> None:
        """Put the orphans of each side under their shapes. To be called once, after the last was added."""
        self.flush()
        self._spill.put("INSERT OR IGNORE INTO decided VALUES (?)", ((each,) for each in self._decided))
        for side in SIDES:
            self._cover(side)

    def _cover(self, side: int) -> None:
        counted = self._spill.ask(f"SELECT shape, COUNT(*) FROM {_ORPHANS[side]} GROUP BY shape")  # noqa: S608
        alike = {packed: facts.alike(packed, items) for packed, items in counted}
        groups = cover(alike.values(), self._kept)
        self._spill.put(
            "INSERT INTO shape VALUES (?, ?, ?, ?)",
            ((side, shape.fingerprint, shape.container, shape.says(items)) for shape, items in groups.items()),
        )
        of = under(groups, alike)
        orphans = self._spill.ask(f"SELECT fingerprint, shape FROM {_ORPHANS[side]}")  # noqa: S608 - statements of ours
        members = ((side, name, of[packed].fingerprint) for name, packed in orphans if packed in of)
        self._spill.put("INSERT INTO grouped VALUES (?, ?, ?)", members)

    def changed(self) -> Iterator[dict[str, Any]]:
        """Every flag that opens or clears."""
        return map(dict, self._spill.ask(f"{_CHANGED} ORDER BY change DESC, rule, key, fingerprint"))

    def counts(self, by: str) -> list[dict[str, Any]]:
        """Opened and cleared for each ``rule``, ``container`` or ``owner``, most first."""
        counting = f"""SELECT {by}, SUM(change = 'opened') AS opened, SUM(change = 'cleared') AS cleared
            FROM ({_CHANGED}) GROUP BY 1 ORDER BY COUNT(*) DESC, 1"""  # noqa: S608 - statements of ours
        return list(map(dict, self._spill.ask(counting)))

    def samples(self, change: str, rule: str, most: int) -> list[dict[str, Any]]:
        which = f"SELECT * FROM ({_CHANGED}) WHERE change = ? AND rule = ? ORDER BY key, fingerprint LIMIT ?"  # noqa: S608
        return list(map(dict, self._spill.ask(which, [change, rule, most])))

    def shown_after(self, fingerprints: Iterable[str]) -> set[str]:
        """Those of which the draft would still show a finding."""
        asked = orjson.dumps(list(fingerprints)).decode()
        which = "SELECT fingerprint FROM flag WHERE shown_after > 0 AND fingerprint IN (SELECT value FROM json_each(?))"
        return {fingerprint for (fingerprint,) in self._spill.ask(which, [asked])}


def tracker_of(row: Mapping[str, Any]) -> str:
    """The tracker of a flag that opens or clears; empty where it is about a goal."""
    if row["item"]:
        return str(row["item"]).partition(":")[0]
    kind, _, rest = str(row["fingerprint"]).partition("|")
    return rest.partition("|")[0] if kind == SHAPE else ""


def rule_of(finding: Finding) -> str:
    """The check or rule that a flag is told under."""
    return finding.kind if finding.kind in CHECKS else finding.subject or finding.kind


def _row(case: Case, finding: Finding, side: int) -> tuple[Any, ...]:
    root = _root(case, finding)
    at_root = finding.root == case.item.id
    shown, held = int(not finding.held), int(bool(finding.held))
    one_sided = [(n if side == which else 0) for n in (shown, held, int(at_root)) for which in SIDES]
    place = root or case.item
    return (
        finding.fingerprint,
        rule_of(finding),
        finding.subject if finding.kind == "off_strategy" else "",
        finding.root,
        root.key if root else "",
        root.title if root else "",
        place.container,
        facts.owner(root),
        finding.message,
        facts.shape(root) if root and finding.kind == facts.UNLINKED else "",
        *one_sided,
    )


def _root(case: Case, finding: Finding) -> Item | None:
    known = chain(case.lineage(), (item for ref in case.references for item in (ref.item, *ref.ancestors)))
    return next((item for item in known if item.id == finding.root), None)
