"""A plan as JSON, one object a line; see ``docs/plan.md``."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from config.models.changes import Changes
    from syncd.strategy.models import StrategyVersion
    from syncd.worker.plan.exposure import Exposure, Moved
    from syncd.worker.plan.plan import Plan
    from syncd.worker.plan.recall import Losing, Recall
    from syncd.worker.plan.trackers import Leaving

Row = dict[str, Any]


def rows(plan: "Plan", version: "StrategyVersion", allowed: "Changes") -> Iterator[Row]:
    """The summary first, then everything that it counts."""
    yield {"what": "summary", **summary(plan, version, allowed)}
    yield from ({"what": "link", **link} for link in plan.links)
    yield from ({"what": "flag", **flag} for flag in plan.flags.changed())
    yield from ({"what": "edited_rule", **asdict(rule)} for rule in plan.edited_rules)
    yield from ({"what": "rule", **asdict(rule)} for rule in plan.idle_rules)
    yield from ({"what": "word", **asdict(stray), "nearest": stray.nearest or None} for stray in plan.strays)
    yield {"what": "verdicts", **asdict(plan.agreement)}
    for recall in plan.recalls.found():
        yield {"what": "goal", **_recall(recall)}
        for remedy in recall.remedies:
            yield from (
                {"what": "losing", "goal": recall.goal, **_losing(each)}
                for each in plan.recalls.items(recall.goal, remedy)
            )
    yield from ({"what": "agreement", **asdict(difference)} for difference in plan.partners)
    yield from ({"what": "partner", **_exposure(one)} for one in plan.exposures)
    yield from ({"what": "leaving", **leaving(one, plan.served)} for one in plan.leaving)
    yield from ({"what": "coming", **asdict(one)} for one in plan.coming)


def summary(plan: "Plan", version: "StrategyVersion", allowed: "Changes") -> Row:
    """What changes, in numbers."""
    effect = plan.effect
    links, flags = plan.links.by_goal(), plan.flags.counts("rule")
    return {
        "version": version.id,
        "items": effect.items,
        "changed": effect.changed,
        "left": effect.left,
        "share": round(effect.share, 4),
        "blast_radius": allowed.blast_radius,
        "needs_yes": effect.share > allowed.blast_radius,
        "links": {change: sum(row["items"] for row in links if row["change"] == change) for change in _CHANGES},
        "links_by_goal": links,
        "flags": {side: sum(row[side] for row in flags) for side in ("opened", "cleared")},
        "flags_by_rule": flags,
        "flags_by_team": [
            {**row, "team": plan.teams.get(row["container"], row["container"])}
            for row in plan.flags.counts("container")
        ],
        "flags_by_owner": plan.flags.counts("owner"),
    }


_CHANGES = ("gained", "lost", "moved")


def leaving(one: "Leaving", served: Mapping[str, int]) -> Row:
    """What goes with a tracker.

    :param served: primary goal -> all items that serve it now
    """
    return {
        "tracker": one.tracker,
        "renamed": one.renamed or None,
        "items": one.items,
        "flags": one.flags,
        "goals": [
            {"goal": goal or None, "items": items, "of": served[goal]} for goal, items in one.goals.most_common()
        ],
        "partners": [{"partner": partner, "items": items} for partner, items in one.shown.items()],
    }


def _recall(recall: "Recall") -> Row:
    return {
        "goal": recall.goal,
        "title": recall.title,
        "edit": recall.edit,
        "says": recall.says,
        "owner": recall.owner or None,
        "into": recall.into or None,
        "losing": recall.losing,
        "remedies": dict(recall.remedies),
        "follow": recall.follow,
        "commitments": [_losing(losing) for losing in recall.commitments],
    }


def _exposure(one: "Exposure") -> Row:
    return {
        "partner": one.partner,
        "name": one.name,
        "ends": one.ends,
        "widens": [asdict(each) for each in one.widens],
        "at_once": _moved(one.at_once),
        "after_approval": _moved(one.waiting),
        "commitments": [{"id": name, "says": says} for name, says in one.commitments],
    }


def _moved(moved: "Moved") -> Row:
    by_field: dict[str, dict[str, int]] = {}
    for (name, change), number in sorted(moved.values.items()):
        by_field.setdefault(name, {"shown": 0, "changed": 0, "withdrawn": 0})[change] = number
    samples = [{"change": change, **asdict(each)} for change, some in moved.samples.items() for each in some]
    return {
        "items": moved.items,
        **{str(change): number for change, number in moved.counts().items()},
        "by_field": by_field,
        "samples": samples,
    }


def _losing(losing: "Losing") -> Row:
    return {
        "id": losing.id,
        "key": losing.key,
        "title": losing.title,
        "owner": losing.owner or None,
        "remedy": losing.remedy,
        "to": losing.to or None,
        "because": losing.because,
    }
