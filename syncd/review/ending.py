"""Decisions that are over: their time has come, what they waited for has happened, or they were taken back."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
from django.db.models import Q

from rules.model import Policy
from syncd.review import facts
from syncd.review.flags import note
from syncd.review.marks import unsettle
from syncd.review.models import Finding, Flag, Verdict
from syncd.trackers import due

LIVE = Q(undone_at=None, ended_at=None)
"""Decisions that stand."""


@dataclass(slots=True)
class Ended:
    verdicts: int = 0
    reopened: int = 0


def end(policy: Policy, now: datetime) -> Ended:
    """End what is over, and put the flags that it hid back into the queue with the reason on record."""
    done = Ended()
    for verdict, because in _over(policy, now):
        close(verdict, because, now)
        done.verdicts += 1
        flag = verdict.flag
        if flag and flag.verdict_id == verdict.id:
            flag.verdict = None
            if flag.state in ("snoozed", "exempt"):
                done.reopened += put_back(flag, because, now)
            flag.save()
    _carry_through(now)
    return done


def _over(policy: Policy, now: datetime) -> Iterator[tuple[Verdict, str]]:
    """Decisions that are over, the parts about single items with them."""
    live = Verdict.objects.filter(LIVE, of=None).select_related("flag")
    for verdict in live.filter(until__lte=now):
        yield verdict, f"{verdict.says} is over: that day has come"
    waiting = Q(until=None) | Q(until__gt=now)
    for verdict in live.filter(waiting, until_event=Verdict.GROWS):
        if verdict.flag and (grown := _grown(verdict.flag, verdict.before)):
            yield verdict, f"{verdict.says} is over: {grown}"
    for verdict in live.filter(waiting, until_event=Verdict.GOAL_CHANGES):
        if changed := _changed(verdict, policy):
            yield verdict, f"{verdict.says} is over: {changed}"


def _grown(flag: Flag, before: dict[str, Any]) -> str:
    if flag.clears > before["clears"]:
        return f"it clears {flag.clears} now, and {before['clears']} when it was decided"
    if flag.stake > before["stake"]:
        return f"the work at stake grew from {before['stake']:g} to {flag.stake:g}"
    return ""


def _changed(verdict: Verdict, policy: Policy) -> str:
    """What changed about the goals since the decision was first seen by a settling. The facts are taken then
    and not by who decides: only judging knows what is in force to the last word."""
    now = {goal: _facts(policy, goal) for goal in verdict.before["goals"]}
    known = verdict.before.get("facts")
    if known is None:
        verdict.before["facts"] = now
        verdict.save(update_fields=["before"])
        return ""
    changed = [goal for goal in now if now[goal] != known[goal]]
    return f"the goal {', '.join(changed)} changed" if changed else ""


def _facts(policy: Policy, goal_id: str) -> Any:
    """Of a goal, what somebody may wait for; None for one that is gone."""
    goal = policy.strategy.by_id.get(goal_id)
    if goal is None:
        return None
    target = goal.outcome.target if goal.outcome else None
    return orjson.loads(orjson.dumps((goal.title, goal.status, goal.starts, goal.ends, target)))


def close(verdict: Verdict, because: str, now: datetime) -> None:
    """It does not count any more; whatever read from it is judged again."""
    Verdict.objects.filter(Q(id=verdict.id) | Q(of=verdict), ended_at=None).update(ended_at=now, ended_because=because)
    judge_again([verdict])


def judge_again(verdicts: Iterable[Verdict]) -> None:
    """The items about which these say something, and the places where their orphans are grouped."""
    for verdict in verdicts:
        rows = Verdict.objects.filter(Q(id=verdict.id) | Q(of=verdict)).exclude(item=None)
        if verdict.is_evidence:
            due.mark(list(rows.values_list("item", flat=True)))
        if verdict.flag:
            regroup(verdict.flag, verdict.made_at)


def regroup(flag: Flag, now: datetime) -> None:
    """A decision about an orphan or a group says with whom it is counted."""
    found = Finding.objects.filter(Q(group=flag.fingerprint) | Q(fingerprint=flag.fingerprint)).exclude(shape="")
    packed = set(found.values_list("shape", flat=True))
    unsettle({facts.place_of(shape.tracker, shape.container) for one in packed for shape in facts.shapes(one)}, now)


def put_back(flag: Flag, because: str, now: datetime) -> bool:
    """Into the queue, where there is still something to repair. The caller saves; True if it is open."""
    if not flag.clears:
        return False
    flag.state, flag.resolved_at, flag.resolved_because = "open", None, ""
    flag.detail = flag.detail | {"reopened": because}
    note([(flag.fingerprint, "open", because)], now)
    return True


def _carry_through(now: datetime) -> None:
    """What was taken back is judged again by now: a flag that was put back and has nothing to say goes again."""
    for verdict in Verdict.objects.filter(of=None, ended_at=None, undone_at__isnull=False).select_related("flag"):
        Verdict.objects.filter(Q(id=verdict.id) | Q(of=verdict)).update(ended_at=now)
        flag = verdict.flag
        if flag and flag.state != "resolved" and flag.item_id and not _found(flag):
            flag.state, flag.resolved_at, flag.clears, flag.stake = "resolved", now, 0, 0.0
            flag.resolved_because = "nothing is left of it since the decision was taken back"
            flag.save()
            note([(flag.fingerprint, "resolved", flag.resolved_because)], now)


def _found(flag: Flag) -> bool:
    return Finding.objects.filter(fingerprint=flag.fingerprint, held="").exists()
