"""Orphans of one shape, counted under one flag: see ``rules.grouping``.

Which findings form a group is a function of the findings and decisions that stand now, whatever came
before: grouping a place anew gives what grouping everything gives.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any

import yaml

from rules.grouping import LEAST, Shape, cover
from rules.severity import stake
from syncd.review import facts
from syncd.review.causes import Cause
from syncd.review.flags import Reconciled, Told, Weight, Why, reconcile, weigh
from syncd.review.models import Finding, Flag, Verdict
from syncd.strategy.models import Suggestion
from syncd.trackers import bulk, cases

ASKED = 500
"""Members of a group whose suggestions are looked at."""
AGREED = 0.8
"""Share of a group's suggestions that must name the same goal before its rule names it."""
GOAL = "GOAL"
"""Where a suggested rule leaves the goal to the person."""


def alone(fingerprints: Collection[str]) -> set[str]:
    """Those of unlinked work with one finding, of the root itself, that a rule could tell by something."""
    one_of, values = bulk.one_of(fingerprints)
    counting = f"""
        SELECT fingerprint FROM review_finding WHERE fingerprint {one_of} GROUP BY fingerprint
        HAVING COUNT(*) = 1 AND MAX(shape) <> '' AND MAX(held) = '' AND SUM(CASE WHEN at_root THEN 1 ELSE 0 END) = 1
    """  # noqa: S608 - a condition of ours
    return {fingerprint for (fingerprint,) in bulk.fetch(counting, [values])}


def leave(fingerprints: Collection[str]) -> set[str]:
    """These are no orphans: they are counted under their own flag. Gives the groups that they leave."""
    one_of, values = bulk.one_of(fingerprints)
    elsewhere = f'fingerprint {one_of} AND "group" <> fingerprint'
    left = {group for (group,) in bulk.fetch(f'SELECT "group" FROM review_finding WHERE {elsewhere}', [values])}  # noqa: S608
    if left:
        bulk.execute(f'UPDATE review_finding SET "group" = fingerprint WHERE {elsewhere}', [values])  # noqa: S608
    return left - {""}


def reshape(judged: Iterable[str]) -> set[str]:
    """The items below a root know what a rule could tell it by. Gives where that changed.

    :param judged: ids of items; those that are roots of findings may carry other labels now
    """
    one_of, values = bulk.one_of(facts.unlinked(judged))
    below = f"SELECT DISTINCT fingerprint, shape FROM review_finding WHERE fingerprint {one_of} AND NOT at_root"  # noqa: S608
    rows = bulk.fetch(below, [values])
    roots = cases.by_id({facts.root_of(fingerprint) for fingerprint, _ in rows}) if rows else {}
    places = set()
    for fingerprint, shape in rows:
        _, root = roots[facts.root_of(fingerprint)]
        if (now := facts.shape(root)) != shape:
            Finding.objects.filter(fingerprint=fingerprint, at_root=False).update(shape=now)
            places.add(facts.place(root))
    return places


def regroup(places: Collection[str], now: datetime) -> Reconciled:
    """Group the orphans of these places, and bring the flags of the groups up to date."""
    starts = tuple(places)
    orphans = [row for row in _orphans() if row["shape"].startswith(starts)]
    decided = _decided({row["fingerprint"] for row in orphans})
    free = [facts.orphan(row["id"], row["shape"]) for row in orphans if row["fingerprint"] not in decided]
    flagged = _flagged(starts)
    groups = cover(free, [shape for shape, hidden in flagged.items() if hidden])
    under = {orphan.id: shape.fingerprint for shape, members in groups.items() for orphan in members}
    moved = [row | {"to": to} for row in orphans if (to := under.get(row["id"], row["fingerprint"])) != row["group"]]
    bulk.update(Finding, ("group",), [(row["to"], row["id"]) for row in moved])
    told: dict[str, Told | None] = {shape.fingerprint: None for shape in flagged}
    told |= _singly(moved)
    told |= {shape.fingerprint: _together(shape, len(them)) for shape, them in groups.items()}
    weights = weigh(row["to"] for row in moved if row["to"] == row["fingerprint"]) | _repairs(groups, starts)
    return reconcile(told, weights, _why(moved, groups, flagged), now)


def _orphans() -> list[dict[str, Any]]:
    """Findings of unlinked work that nothing stands above or below."""
    columns = ("id", "fingerprint", "group", "shape", "message", "fix")
    names = ", ".join(f'f."{name}"' for name in columns)
    rows = bulk.fetch(f"""
        SELECT {names} FROM review_finding f WHERE f.shape <> '' AND f.at_root AND f.held = '' AND NOT EXISTS (
            SELECT 1 FROM review_finding other WHERE other.fingerprint = f.fingerprint AND other.id <> f.id
        ) ORDER BY f.id
    """)  # noqa: S608 - names of ours
    return [dict(zip(columns, row, strict=True)) for row in rows]


def _decided(fingerprints: Collection[str]) -> set[str]:
    """Orphans about which somebody has decided by themselves: they are not counted with others."""
    if not fingerprints:
        return set()
    flags = bulk.select(Flag, ("fingerprint", "verdict_id"), fingerprint=fingerprints)
    hidden = set(Verdict.objects.filter(kind__in=Verdict.HIDES, id__in=_standing(flags)).values_list("id", flat=True))
    return {row["fingerprint"] for row in flags if row["verdict_id"] in hidden}


def _standing(flags: Iterable[Mapping[str, Any]]) -> list[int]:
    return [row["verdict_id"] for row in flags if row["verdict_id"]]


def _flagged(starts: tuple[str, ...]) -> dict[Shape, bool]:
    """The shapes of these places that have a flag, and whether somebody has decided to hide it."""
    rows = Flag.objects.filter(item=None, goal="", rule=facts.UNLINKED).exclude(state="resolved", verdict=None)
    found = {Shape.of_json(flag.detail["shape"]): flag.verdict for flag in rows.select_related("verdict")}
    return {
        shape: bool(verdict and verdict.kind in Verdict.HIDES)
        for shape, verdict in found.items()
        if facts.place_of(shape.tracker, shape.container) in starts
    }


def _singly(moved: Sequence[Mapping[str, Any]]) -> dict[str, Told | None]:
    """The flags of orphans that are told by themselves from now on; None for those that no longer are."""
    told: dict[str, Told | None] = dict.fromkeys(row["fingerprint"] for row in moved)
    single = [row for row in moved if row["to"] == row["fingerprint"]]
    roots = cases.by_id({facts.root_of(row["fingerprint"]) for row in single})
    for row in single:
        id_, root = roots.get(facts.root_of(row["fingerprint"]), (None, None))
        told[row["fingerprint"]] = Told(
            rule=facts.UNLINKED, message=row["message"], fix=row["fix"], item=id_, owner=facts.owner(root)
        )
    return told


def _together(shape: Shape, items: int) -> Told:
    says = shape.says(items)
    fix = "Write the rule that links all of them (a ready one comes with this flag), or link or exempt them together."
    return Told(
        rule=facts.UNLINKED,
        message=says,
        fix=fix,
        detail={"shape": shape.as_json(), "items": items, "rule": shape.rule(GOAL, says)},
    )


def _repairs(groups: Collection[Shape], starts: tuple[str, ...]) -> dict[str, Weight]:
    """What a rule for each shape would clear: all that stands below a root with its trait, whatever it is counted under."""
    rows = bulk.fetch("""
        SELECT shape, COUNT(*), SUM(CASE WHEN moving THEN 1 ELSE 0 END), SUM(points)
        FROM review_finding WHERE shape <> '' AND held = '' GROUP BY shape
    """)
    sums: defaultdict[Shape, list[float]] = defaultdict(lambda: [0, 0, 0])
    for packed, shown, moving, points in rows:
        if packed.startswith(starts):
            for shape in facts.shapes(packed):
                if shape in groups:
                    sums[shape] = [a + b for a, b in zip(sums[shape], (shown, moving, points or 0), strict=True)]
    return {
        shape.fingerprint: Weight(int(shown), stake(todo=int(shown - moving), in_progress=int(moving), points=points))
        for shape, (shown, moving, points) in sums.items()
    }


def _why(
    moved: Iterable[Mapping[str, Any]], groups: Mapping[Shape, Sequence[object]], flagged: Iterable[Shape]
) -> dict[str, Why]:
    """Why flags of orphans and of groups are no more."""
    says = {shape.fingerprint: shape.says(len(members)) for shape, members in groups.items()}
    few = Cause(f"fewer than {LEAST} are left, or they are counted under a larger group")
    return {
        **{shape.fingerprint: partial(_always, few) for shape in flagged},
        **{
            row["fingerprint"]: partial(
                _always, Cause(f"counted under “{says[row['to']]}”", detail={"within": row["to"]})
            )
            for row in moved
            if row["to"] in says
        },
    }


def _always(cause: Cause, _: datetime) -> Cause:
    return cause


def roots(flag: Flag) -> list[int]:
    """Row ids of all items that the rule of a group would link: its members, and roots of more work alike."""
    shape = Shape.of_json(flag.detail["shape"])
    start = facts.place_of(shape.tracker, shape.container)
    rows = Finding.objects.exclude(shape="").filter(held="").values_list("fingerprint", "shape").distinct()
    alike = {root for root, packed in rows if packed.startswith(start) and shape in facts.shapes(packed)}
    return [id_ for id_, _ in cases.by_id(map(facts.root_of, alike)).values()]


def suggested_rule(flag: Flag) -> str:
    """The rule that would repair a group as YAML, with the goal that the suggestions for its members agree on; of a large
    group those that came first speak for all."""
    members = Finding.objects.filter(group=flag.fingerprint).order_by("id").values("item")[:ASKED]
    firsts = [
        ranked[0]["goal"]
        for ranked in Suggestion.objects.filter(item__in=members).values_list("ranked", flat=True)
        if ranked
    ]
    goal, votes = Counter(firsts).most_common(1)[0] if firsts else ("", 0)
    agreed = votes >= max(AGREED * len(firsts), min(flag.detail["items"], ASKED) / 2)
    rule = flag.detail["rule"] | ({"link": goal} if agreed else {})
    return yaml.safe_dump([rule], sort_keys=False, allow_unicode=True, width=110)
