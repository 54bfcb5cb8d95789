"""Flags brought up to date with the findings that are counted under them.

A flag is the group of all shown findings with one ``group``: it opens with the first, is resolved with
the last, and the same finding that comes back reopens it. Only the groups that are named are looked at.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import orjson

from rules.severity import severity, stake
from syncd.review import facts
from syncd.review.causes import Cause
from syncd.review.models import Event, Flag, Verdict
from syncd.trackers import bulk

_CHANGING = (
    "severity",
    "state",
    "message",
    "fix",
    "clears",
    "owner",
    "opened_at",
    "resolved_at",
    "resolved_because",
    "regressed",
    "stake",
    "detail",
    "fared",
)
_COLUMNS = ("fingerprint", "rule", "item_id", "goal", "concerns", *_CHANGING)

_LASTING = ("shape", "items", "rule")
"""Of a flag's detail, what it keeps when it is resolved: it may come back."""

Why = Callable[[datetime], Cause]
"""Why the flag that opened then is no more."""


@dataclass(slots=True)
class Reconciled:
    """How many flags opened, came back and were resolved."""

    opened: int = 0
    reopened: int = 0
    resolved: int = 0

    def add(self, other: "Reconciled") -> None:
        self.opened += other.opened
        self.reopened += other.reopened
        self.resolved += other.resolved


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What a flag says, taken from one of its findings, from the shape of its group or from a goal."""

    rule: str
    message: str
    fix: str
    item: int | None = None
    """Row id of the root."""
    goal: str = ""
    owner: str = ""
    detail: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Weight:
    """What the repair of a flag would clear."""

    clears: int = 0
    stake: float = 0.0
    held: int = 0
    """Findings that are counted and not shown, and would go as well."""


NOTHING = Weight()


def weigh(groups: Iterable[str], column: str = "group") -> dict[str, Weight]:
    """The findings with these values of a column, in one query."""
    one_of, values = bulk.one_of(groups)
    counting = f"""
        SELECT "{column}",
            SUM(CASE WHEN held = '' THEN 1 ELSE 0 END),
            SUM(CASE WHEN held = '' AND moving THEN 1 ELSE 0 END),
            SUM(CASE WHEN held = '' THEN points END),
            COUNT(*)
        FROM review_finding WHERE "{column}" {one_of} GROUP BY "{column}"
    """  # noqa: S608 - names of ours
    return {group: _weight(*counts) for group, *counts in bulk.fetch(counting, [values])}


def _weight(shown: int, moving: int, points: float | None, every: int) -> Weight:
    return Weight(shown, stake(todo=shown - moving, in_progress=moving, points=points or 0), every - shown)


def reconcile(
    told: Mapping[str, Told | None],
    weights: Mapping[str, Weight],
    why: Mapping[str, Why],
    now: datetime,
) -> Reconciled:
    """:param told: group -> what its flag says, None where only its findings became fewer
    :param why: group -> why it has no findings any more
    """
    done, new, changed = Reconciled(), [], []
    happened: list[tuple[str, str, str]] = []
    flags = _flags(told)
    hides = _hiding(flag.verdict_id for flag in flags.values())
    for group, says in told.items():
        flag, weight = flags.get(group), weights.get(group, NOTHING)
        if flag is None:
            if says and weight.clears:
                new.append(_values(_opened(group, says, weight, now), _COLUMNS))
                happened.append((group, "open", ""))
            continue
        before, state = _values(flag, _CHANGING), flag.state
        if weight.clears:
            done.reopened += _refresh(flag, says, weight, hides.get(flag.verdict_id or 0, ""), now)
        elif flag.state != "resolved":
            _resolve(flag, why[group](flag.opened_at) if group in why else Cause(""), now)
            done.resolved += state == "open" and "within" not in flag.detail
        if (after := _values(flag, _CHANGING)) != before:
            changed.append((*after, flag.id))
        if flag.state != state:
            happened.append((group, flag.state, flag.resolved_because))
    bulk.insert(Flag, _COLUMNS, new)
    bulk.update(Flag, _CHANGING, changed)
    note(happened, now)
    done.opened = len(new)
    return done


def concern(items: Iterable[int]) -> None:
    """Have the flags of these items (row ids) know which goal they concern, now that the items are decided about."""
    one_of, values = bulk.one_of(items)
    goal = "COALESCE(NULLIF(review_flag.goal, ''), decision.primary_goal)"
    bulk.execute(
        f"""UPDATE review_flag SET concerns = {goal} FROM strategy_decision decision
            WHERE decision.item_id = review_flag.item_id AND review_flag.item_id {one_of}
            AND review_flag.concerns <> {goal}""",  # noqa: S608 - conditions of ours
        [values],
    )


def note(happened: Collection[tuple[str, str, str]], now: datetime) -> None:
    """Keep what became of flags: fingerprint, state and reason of each."""
    if not happened:
        return
    rows = bulk.select(Flag, ("id", "fingerprint"), fingerprint=[group for group, _, _ in happened])
    ids = {row["fingerprint"]: row["id"] for row in rows}
    events = [(ids[group], bulk.stamp(now), state, because) for group, state, because in happened]
    bulk.insert(Event, ("flag_id", "at", "state", "because"), events)


def _flags(groups: Iterable[str]) -> dict[str, Flag]:
    columns = ("id", "verdict_id", *_COLUMNS)
    rows = bulk.select(Flag, columns, fingerprint=list(groups))
    return {row["fingerprint"]: Flag(**row | {"detail": orjson.loads(row["detail"])}) for row in rows}


def _hiding(verdicts: Iterable[int | None]) -> dict[int, str]:
    """Verdict -> the state in which it keeps its flag; none where it is about the finding itself."""
    ids = [id_ for id_ in verdicts if id_]
    rows = bulk.select(Verdict, ("id", "kind"), id=ids)
    return {row["id"]: Verdict.HIDES.get(row["kind"], "") for row in rows}


def _values(flag: Flag, columns: Collection[str]) -> tuple[Any, ...]:
    place = tuple(columns).index("detail")
    values = list(bulk.values(flag, tuple(columns)))
    values[place] = facts.json(flag.detail)
    return tuple(values)


def _opened(group: str, told: Told, weight: Weight, now: datetime) -> Flag:
    return Flag(
        fingerprint=group,
        rule=told.rule,
        severity=severity(weight.stake),
        item_id=told.item,
        goal=told.goal,
        concerns=told.goal,
        message=told.message,
        fix=told.fix,
        clears=weight.clears,
        stake=weight.stake,
        owner=told.owner,
        opened_at=now,
        detail=_detail(told, weight),
        fared="",
    )


def _detail(told: Told, weight: Weight) -> dict[str, Any]:
    return dict(told.detail) | ({"held": weight.held} if weight.held else {})


def _refresh(flag: Flag, told: Told | None, weight: Weight, hides: str, now: datetime) -> bool:
    """Bring a known flag up to date; True if it had been resolved and is back in the queue."""
    back = flag.state == "resolved" and told is not None
    if flag.state == "resolved" and not back:
        return False  # somebody decided it, and not all below its root is judged again yet
    kept = {name: flag.detail[name] for name in ("reopened",) if name in flag.detail}
    if back:
        _reopen(flag, hides, now)
        kept = {}
    flag.clears, flag.stake, flag.severity = weight.clears, weight.stake, severity(weight.stake)
    if told:
        flag.message, flag.fix, flag.owner = told.message, told.fix, told.owner
        flag.detail = kept | _detail(told, weight)
    return back and flag.state == "open"


def _reopen(flag: Flag, hides: str, now: datetime) -> None:
    """The same finding is back: the same flag, with its history, hidden where a decision still hides it."""
    grouped = "within" in flag.detail
    flag.state, flag.resolved_at, flag.resolved_because = hides or "open", None, ""
    if not grouped:  # it had been told all the time, under another's name
        flag.opened_at = now
        flag.regressed += 1
        flag.fared = "" if not hides else flag.fared


def _resolve(flag: Flag, cause: Cause, now: datetime) -> None:
    """Its last finding is gone. Nobody is notified; the reason is kept."""
    flag.state, flag.resolved_at, flag.resolved_because = "resolved", now, cause.because
    flag.clears, flag.stake = 0, 0.0
    flag.detail = {name: flag.detail[name] for name in _LASTING if name in flag.detail} | dict(cause.detail)
    if cause.acted and flag.fared in ("", "expired"):
        flag.fared = "acted"
