"""What people decide about flags: made, counted as evidence, taken back. Every decision is a row for ever.

Deciding again replaces what stood; taking back restores it. Whoever comes second is told.
"""

from collections.abc import Collection, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from rules.calendar import spelled
from rules.model import Ruling
from syncd.review import ending, shapes
from syncd.review.causes import TIES
from syncd.review.flags import note
from syncd.review.models import Flag, Verdict
from syncd.strategy.models import StrategyVersion
from syncd.trackers import bulk
from syncd.trackers.writing import writing

STANDS_FOR = timedelta(days=90)
"""How long an exemption or a false positive stands where nobody says."""


class Refused(ValueError):
    """It cannot be decided so; the message says why and what to do instead."""


class Overtaken(Refused):
    """Somebody else decided meanwhile."""


def rulings(items: Collection[int]) -> dict[int, tuple[Ruling, ...]]:
    """Row id of an item -> what people decided about it and what stands, oldest first."""
    columns = ("id", "item_id", "kind", "target", "author", "reason", "made_at", "until")
    kinds, live = (Verdict.LINK, Verdict.EXEMPT), {"undone_at": None, "ended_at": None}
    found: dict[int, tuple[Ruling, ...]] = {}
    for row in sorted(
        bulk.select(Verdict, columns, item_id=items, kind=kinds, rule=tuple(TIES), **live),
        key=lambda row: int(row["id"]),
    ):
        ruling = Ruling(**{name: row[name] for name in columns[2:]})
        found[row["item_id"]] = (*found.get(row["item_id"], ()), ruling)
    return found


def decide(
    flag: Flag,
    kind: str,
    author: str,
    *,
    target: str = "",
    reason: str = "",
    until: datetime | None = None,
    until_event: str = "",
    batch: str = "",
    now: datetime,
) -> Verdict:
    """Decide about a flag as it was seen: its ``state`` and ``verdict_id`` are those that the person knew.

    :param kind: one of ``Verdict.KINDS``
    :param target: the goal of a link, the category of an exemption; the goal that a snooze waits for
    :param until: when it ends; what needs an end and has none ends after ``STANDS_FOR``
    :param until_event: one of ``Verdict.EVENTS``, for a snooze
    :param batch: shared by all that is decided at once
    :raises Refused: it cannot be decided so
    :raises Overtaken: the flag is not as it was seen
    """
    if kind in (Verdict.EXEMPT, Verdict.FALSE_POSITIVE):
        until = until or now + STANDS_FOR
    target, reason = target.strip(), reason.strip()
    with writing():
        row = _as_seen(flag)
        _check(row, kind, target, reason, until, until_event, now)
        former = row.verdict
        verdict = Verdict.objects.create(
            flag=row,
            item_id=row.item_id,
            kind=kind,
            target=target,
            rule=row.rule,
            reason=reason,
            author=author,
            made_at=now,
            until=until,
            until_event=until_event,
            batch=batch,
            before=_before(row, target, until_event),
        )
        if former:
            ending.close(former, f"replaced: {verdict.says}", now)
        _parts(verdict, row)
        _apply(row, verdict, now)
        ending.judge_again([verdict])
    flag.refresh_from_db()
    return verdict


def undo(verdict: Verdict, author: str, now: datetime) -> Flag | None:
    """Take a decision back: its flag is again as it was, and so is the evidence. What it replaced stands again.

    :raises Refused: it does not stand (any more)
    """
    with writing():
        verdict = Verdict.objects.select_related("flag").get(pk=verdict.pk)
        _check_stands(verdict)
        Verdict.objects.filter(ending.LIVE, of=verdict).update(undone_at=now, undone_by=author)
        verdict.undone_at, verdict.undone_by = now, author
        verdict.save(update_fields=["undone_at", "undone_by"])
        if verdict.flag:
            _restore(verdict.flag, verdict, now)
        ending.judge_again([verdict])
    return verdict.flag


def _as_seen(flag: Flag) -> Flag:
    row = Flag.objects.select_related("verdict").get(pk=flag.pk)
    if (row.state, row.verdict_id) != (flag.state, flag.verdict_id):
        stands = f": {row.verdict.says}" if row.verdict else ""
        raise Overtaken(f"#{row.id} is {row.state} meanwhile{stands}. Look at it again, then decide")
    if row.state == "resolved" and row.verdict is None:
        raise Refused(f"#{row.id} is resolved ({row.resolved_because}): there is nothing left to decide")
    return row


def _check(
    flag: Flag, kind: str, target: str, reason: str, until: datetime | None, until_event: str, now: datetime
) -> None:
    if kind not in Verdict.KINDS:
        raise Refused(f"{kind} is no decision: expected {', '.join(Verdict.KINDS)}")
    if until and until <= now:
        raise Refused(f"{spelled(until)} is over: give a day to come")
    if until_event and (kind != Verdict.SNOOZE or until_event not in Verdict.EVENTS):
        raise Refused(f"only a snooze waits for an event, one of {', '.join(Verdict.EVENTS)}")
    if kind in (Verdict.EXEMPT, Verdict.FALSE_POSITIVE, Verdict.ACCEPT) and not reason:
        raise Refused(f"say why: {Verdict.WORDS[kind]} needs a reason, for whoever asks later")
    if kind == Verdict.ACCEPT and not until:
        raise Refused("say until when: what is accepted without an end is forgotten")
    if kind == Verdict.SNOOZE and not (until or until_event):
        raise Refused("say until when: a day, until it grows, or until its goal changes")
    if kind == Verdict.LINK:
        _check_link(flag, target, now)
    if kind == Verdict.EXEMPT:
        _check_exempt(flag, target)
    if until_event == Verdict.GOAL_CHANGES and not _goals(flag, target):
        raise Refused(f"#{flag.id} is about no goal that could change: snooze it until a day or until it grows")


def _check_link(flag: Flag, target: str, now: datetime) -> None:
    if flag.rule not in TIES or (flag.goal and not flag.item_id):
        raise Refused(f"a link does not clear {flag.rule}: {flag.fix}")
    newest = StrategyVersion.objects.order_by("-id").values_list("strategy", flat=True).first() or {}
    goals = {goal["id"]: goal for goal in newest.get("goals", ())}
    if target not in goals:
        raise Refused(f"there is no goal {target or 'without an id'}: see `syncd goals`")
    if why := _out_of_force(goals, target, now.date().isoformat()):
        raise Refused(f"the goal {target} is not in force: {why}")


def _out_of_force(goals: dict[str, dict[str, Any]], target: str, today: str) -> str:
    """Why nobody should work for a goal now; empty if they should."""
    goal = goals[target]
    if goal["kind"] == "non_goal":
        return "it is a non-goal"
    if goal["status"] in ("dropped", "paused", "achieved"):
        return f"it is {goal['status']}"
    if goal["ends"] and goal["ends"] < today:
        return f"its period ended on {spelled(date.fromisoformat(goal['ends']))}"
    met = {target}
    while (above := goals.get(goal["parent"])) and above["id"] not in met:
        if above["status"] in ("dropped", "paused"):
            return f"{above['id']} above it is {above['status']}"
        met.add(above["id"])
        goal = above
    return ""


def _check_exempt(flag: Flag, target: str) -> None:
    if not flag.item_id and "shape" not in flag.detail:
        raise Refused(f"only work is exempt, and #{flag.id} is about a goal: accept it until a day, or snooze it")
    if not target:
        raise Refused("name the category of the exemption, such as maintenance")


def _before(flag: Flag, target: str, until_event: str) -> dict[str, Any]:
    """How the flag stands, for telling what changed and for undoing."""
    before = {
        "state": flag.state,
        "clears": flag.clears,
        "stake": flag.stake,
        "severity": flag.severity,
        "verdict": flag.verdict_id,
        "fared": flag.fared,
        "resolved_because": flag.resolved_because,
        "detail": flag.detail,
    }
    return before | ({"goals": _goals(flag, target)} if until_event == Verdict.GOAL_CHANGES else {})


def _goals(flag: Flag, target: str) -> list[str]:
    """The goals that a flag is about: its own, or those of which a conflict speaks."""
    if target:
        return [target]
    if flag.goal:
        return [flag.goal]
    return flag.fingerprint.rpartition("|")[2].split(",") if flag.rule == "conflict" else []


def _parts(verdict: Verdict, flag: Flag) -> None:
    """A link or an exemption of a group says the same about each of its items."""
    if "shape" not in flag.detail or verdict.kind not in (Verdict.LINK, Verdict.EXEMPT):
        return
    shared = {"flag": flag, "of": verdict, "kind": verdict.kind, "target": verdict.target, "rule": verdict.rule}
    told = {"reason": verdict.reason, "author": verdict.author, "made_at": verdict.made_at, "until": verdict.until}
    Verdict.objects.bulk_create(Verdict(item_id=item, **shared, **told) for item in shapes.roots(flag))


def _apply(flag: Flag, verdict: Verdict, now: datetime) -> None:
    flag.verdict = verdict
    flag.detail = {name: value for name, value in flag.detail.items() if name != "reopened"}
    if verdict.kind == Verdict.LINK:
        flag.state, flag.resolved_at, flag.resolved_because = "resolved", now, verdict.says
    else:
        flag.state, flag.resolved_at, flag.resolved_because = Verdict.HIDES[verdict.kind], None, ""
    flag.fared = _FARES.get(verdict.kind, flag.fared)
    flag.save()


_FARES = {Verdict.LINK: "acted", Verdict.EXEMPT: "acted", Verdict.FALSE_POSITIVE: "dismissed"}
"""What a decision says about the rule; accepting and snoozing say nothing: it was true."""


def _check_stands(verdict: Verdict) -> None:
    if verdict.of_id:
        raise Refused(f"it is a part of decision {verdict.of_id}: take that back")
    if verdict.undone_at:
        raise Refused(f"{verdict.undone_by} took it back on {spelled(verdict.undone_at)} already")
    if verdict.ended_at:
        raise Refused(f"it does not stand any more: {verdict.ended_because}")


def _restore(flag: Flag, verdict: Verdict, now: datetime) -> None:
    """The flag as it was before; what had been decided before stands again, if its time is not over."""
    before = verdict.before
    former = _stand_again(before["verdict"], now)
    flag.verdict = former
    flag.state = before["state"] if former or before["state"] == "open" else "open"
    flag.fared = before["fared"]
    if former and former.kind == Verdict.LINK:
        flag.resolved_at, flag.resolved_because = former.made_at, before["resolved_because"]
    else:
        flag.resolved_at, flag.resolved_because = None, ""
        flag.clears, flag.stake = flag.clears or before["clears"], flag.stake or before["stake"]
        flag.detail = flag.detail or before["detail"]
    flag.save()
    note([(flag.fingerprint, flag.state, f"{verdict.undone_by} took back: {verdict.says}")], now)


def _stand_again(former: int | None, now: datetime) -> Verdict | None:
    verdict = Verdict.objects.filter(pk=former, undone_at=None).first() if former else None
    if verdict is None or (verdict.until and verdict.until <= now):
        return None
    both: Sequence[Verdict] = [verdict, *verdict.members.filter(undone_at=None)]
    for each in both:
        each.ended_at, each.ended_because = None, ""
        each.save(update_fields=["ended_at", "ended_because"])
    ending.judge_again([verdict])
    return verdict
