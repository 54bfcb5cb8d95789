"""Orphans of one shape, counted under one flag: see ``rules.grouping``.

Which findings form a group is a function of the findings and decisions that stand now, whatever came
before: grouping a place anew gives what grouping everything gives.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import partial
from operator import itemgetter
from typing import Any

import yaml

from rules.grouping import LEAST, Shape, cover, under
from rules.severity import stake
from syncd.review import facts
from syncd.review.causes import Cause
from syncd.review.flags import Reconciled, Told, Weight, reconcile, weigh
from syncd.review.models import Finding, Flag, Verdict
from syncd.trackers import bulk, cases

_Dumper = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
"""A page of the queue may have many rules to write; in C, where PyYAML has it, that takes a fifth."""
AT_ONCE = 1000
"""Orphans that are looked at between two others."""
ASKED = 100
"""Members of a group whose suggestions are looked at: a list tells many groups."""
GROUPS = 100
"""That are asked about at once; SQLite puts 500 statements together at most."""
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
    """Group the orphans of these places, and bring the flags of the groups up to date.

    Orphans with the same traits go together: they are counted by the database, and looked at one by one in batches.
    """
    starts = tuple(places)
    flagged = _flagged(starts)
    alike = {packed: facts.alike(packed, items) for packed, items in _counted() if packed.startswith(starts)}
    groups = cover(alike.values(), [shape for shape, hidden in flagged.items() if hidden])
    of = under(groups, alike)
    done = Reconciled()
    for orphans in _batches():
        done.add(_move([row for row in orphans if row["shape"].startswith(starts)], of, groups, now))
    told: dict[str, Told | None] = {shape.fingerprint: None for shape in flagged}
    told |= {shape.fingerprint: _together(shape, items) for shape, items in groups.items()}
    few = Cause(f"fewer than {LEAST} are left, or they are counted under a larger group")
    why = {shape.fingerprint: partial(_always, few) for shape in flagged}
    done.add(reconcile(told, _repairs(groups, starts), why, now))
    return done


_ORPHANS = """
    review_finding f WHERE f.shape <> '' AND f.at_root AND f.held = '' AND NOT EXISTS (
        SELECT 1 FROM review_finding other WHERE other.fingerprint = f.fingerprint AND other.id <> f.id
    )
"""
"""Findings of unlinked work that nothing stands above or below."""
_DECIDED = f"""
    EXISTS (
        SELECT 1 FROM review_flag flag JOIN review_verdict verdict ON verdict.id = flag.verdict_id
        WHERE flag.fingerprint = f.fingerprint AND verdict.kind IN ({", ".join(f"'{kind}'" for kind in Verdict.HIDES)})
    )
"""  # noqa: S608 - words of ours
"""Somebody has decided about the orphan by itself: it is not counted with others."""


def _counted() -> list[tuple[str, int]]:
    """How many orphans there are of each shape that is laid down."""
    return bulk.fetch(f"SELECT f.shape, COUNT(*) FROM {_ORPHANS} AND NOT {_DECIDED} GROUP BY f.shape")  # noqa: S608


def _batches() -> Iterator[list[dict[str, Any]]]:
    """All orphans in the order of their rows, as they stand when it is their turn."""
    columns = ("id", "fingerprint", "group", "shape")
    names, last = ", ".join(f'f."{name}"' for name in columns), 0
    query = f"SELECT {names}, {_DECIDED} FROM {_ORPHANS} AND f.id > %s ORDER BY f.id LIMIT %s"  # noqa: S608
    while rows := bulk.fetch(query, [last, AT_ONCE]):
        yield [dict(zip((*columns, "decided"), row, strict=True)) for row in rows]
        last = rows[-1][0]


def _move(
    orphans: Sequence[Mapping[str, Any]], of: Mapping[str, Shape], groups: Mapping[Shape, int], now: datetime
) -> Reconciled:
    """Count orphans under what they belong to, and bring their own flags up to date.

    :param of: shape as it is laid down -> the one that is told
    """
    grouped = {row["id"]: of[row["shape"]] for row in orphans if not row["decided"] and row["shape"] in of}
    to = {row["id"]: grouped[row["id"]].fingerprint if row["id"] in grouped else row["fingerprint"] for row in orphans}
    moved = [row for row in orphans if to[row["id"]] != row["group"]]
    if not moved:
        return Reconciled()
    bulk.update(Finding, ("group",), [(to[row["id"]], row["id"]) for row in moved])
    single = [row["id"] for row in moved if row["id"] not in grouped]
    told = dict.fromkeys(row["fingerprint"] for row in moved) | _singly(single)
    why = {
        row["fingerprint"]: partial(_always, _within(shape, groups[shape]))
        for row in moved
        if (shape := grouped.get(row["id"]))
    }
    return reconcile(told, weigh(fingerprint for fingerprint, says in told.items() if says), why, now)


def _within(shape: Shape, items: int) -> Cause:
    """Why an orphan has no flag of its own any more."""
    return Cause(f"counted under “{shape.says(items)}”", detail={"within": shape.fingerprint})


def _flagged(starts: tuple[str, ...]) -> dict[Shape, bool]:
    """The shapes of these places that have a flag, and whether somebody has decided to hide it."""
    rows = Flag.objects.filter(item=None, goal="", rule=facts.UNLINKED).exclude(state="resolved", verdict=None)
    found = {Shape.of_json(flag.detail["shape"]): flag.verdict for flag in rows.select_related("verdict")}
    return {
        shape: bool(verdict and verdict.kind in Verdict.HIDES)
        for shape, verdict in found.items()
        if facts.place_of(shape.tracker, shape.container) in starts
    }


def _singly(findings: Sequence[int]) -> dict[str, Told | None]:
    """The flags of orphans that are told by themselves from now on."""
    rows = bulk.select(Finding, ("id", "fingerprint", "message", "fix"), id=findings)
    roots = cases.by_id({facts.root_of(row["fingerprint"]) for row in rows})
    told: dict[str, Told | None] = {}
    for row in sorted(rows, key=itemgetter("id")):
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


def _always(cause: Cause, _: datetime) -> Cause:
    return cause


def roots(flag: Flag) -> list[int]:
    """Row ids of all items that the rule of a group would link: its members, and roots of more work alike."""
    shape = Shape.of_json(flag.detail["shape"])
    start = facts.place_of(shape.tracker, shape.container)
    rows = Finding.objects.exclude(shape="").filter(held="").values_list("fingerprint", "shape").distinct()
    alike = {root for root, packed in rows if packed.startswith(start) and shape in facts.shapes(packed)}
    return [id_ for id_, _ in cases.by_id(map(facts.root_of, alike)).values()]


def suggested_rules(flags: Iterable[Flag]) -> dict[int, str]:
    """Row id of a group's flag -> the rule that would repair it as YAML, with the goal that the suggestions for its members
    agree on. Takes one query for a hundred groups."""
    groups = {flag.fingerprint: flag for flag in flags if "rule" in flag.detail and flag.state != "resolved"}
    votes = _votes(list(groups))
    return {flag.id: _suggested(flag.detail, votes[fingerprint]) for fingerprint, flag in groups.items()}


def _suggested(detail: Mapping[str, Any], votes: "Counter[str]") -> str:
    goal, most = votes.most_common(1)[0] if votes else ("", 0)
    agreed = most >= max(AGREED * votes.total(), min(detail["items"], ASKED) / 2)
    rule = detail["rule"] | ({"link": goal} if agreed else {})
    return yaml.dump([rule], Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=110)


def _votes(groups: Sequence[str]) -> Mapping[str, "Counter[str]"]:
    """Group -> goal -> for how many of its members the goal is the best suggestion; of a large group those that came first
    speak for all."""
    best = bulk.json_text("ranked", 0, "goal")
    asking = f"""
        SELECT "group", {best}, COUNT(*) FROM strategy_suggestion JOIN (
            SELECT "group", item_id FROM review_finding WHERE "group" = %s ORDER BY id LIMIT {ASKED}
        ) AS member USING (item_id) WHERE {best} IS NOT NULL GROUP BY 1, 2
    """  # noqa: S608 - names and a figure of ours
    votes: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for some in (groups[start : start + GROUPS] for start in range(0, len(groups), GROUPS)):
        for group, goal, count in bulk.fetch(" UNION ALL ".join([asking] * len(some)), some):
            votes[group][goal] = count
    return votes
