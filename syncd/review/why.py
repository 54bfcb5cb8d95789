"""Everything about one item's decision as one value: what ``syncd explain`` prints and the pages show.

Now, it is the decision that stands, told with the item and the policy as they are. For a moment in the past it is
the decision that stood then, told with the item, what stood above it, and the policy as they were known then.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from operator import itemgetter
from typing import Any

from django.utils import timezone

from rules.explain import Answer, Explanation, Flagged, Freshness, State, Suggested, explain
from rules.model import Case, Judgement, Ruling
from syncd.review.models import Finding, Flag, Verdict
from syncd.strategy import history, suggestions
from syncd.strategy.history import Decided
from syncd.strategy.ready import ready_at
from syncd.trackers import bulk, cases, health, past
from syncd.trackers.models import Due, Item, Tracker, Version


@dataclass(frozen=True, slots=True)
class Told:
    """A decision explained, and what stands around it."""

    explanation: Explanation
    flags: tuple[Flagged, ...]
    suggestions: tuple[Suggested, ...]
    """Goals that work which serves none might serve."""
    freshness: Freshness


class NotTold(Exception):
    """There is no decision to tell about, and why, in words. ``waits``: there will be one soon."""

    def __init__(self, why: str, *, waits: bool = False) -> None:
        super().__init__(why)
        self.waits = waits


def why(row: Item, at: datetime | None = None, *, flagged: bool = True) -> Told:
    """Why an item serves its goals or does not.

    :param row: with its ``tracker`` and ``stream``
    :param at: the moment to tell about; None: now
    :param flagged: with its flags
    :raises NotTold: it was not known, not there, or not judged
    :raises syncd.strategy.versions.OldForm: the policy of then cannot be read any more
    """
    moment = at or timezone.now()
    decided = history.decision_at(row.id, moment)
    if decided is None:
        raise _undecided(row, moment)
    by = ready_at(moment, decided.version)
    case = past.case_at(row.id, at, lambda ids: _rulings(ids, moment)) if at else _case(row)
    if case is None:
        raise _undecided(row, moment)
    wanting = at is None and not decided.judgement.links and not decided.judgement.exempt
    ranked = suggestions.suggestions_for([row.id], by.policy.strategy).get(row.id, ()) if wanting else ()
    return Told(
        explain(decided.judgement, case, by.policy, moment, by.judge),
        flags=tuple(_flags(row, decided.judgement, at)) if flagged else (),
        suggestions=ranked,
        freshness=_freshness(row, decided, by.version, at),
    )


def _undecided(row: Item, moment: datetime) -> NotTold:
    if moment < row.first_known_at:
        first = row.first_known_at
        return NotTold(f"{row.key} was not known at that time: syncd first saw it on {first:%Y-%m-%d at %H:%M} UTC")
    if row.deleted_at and row.deleted_at <= moment:
        return NotTold(f"{row.key} is not in its tracker any more ({row.fate}): it serves nothing")
    if not row.tracker.active:
        return NotTold(f"{row.key} is in {row.tracker}, which is no longer in syncd.yaml: it serves nothing")
    if moment < timezone.now() - history.KEEP:
        return NotTold(f"what was decided about {row.key} is kept for {history.KEEP.days} days after it ended")
    return NotTold(f"{row.key} had not been judged by then", waits=True)


def _case(row: Item) -> Case | None:
    return cases.load([row.id], lambda ids: _rulings(ids, timezone.now())).get(row.id)


def _rulings(items: Collection[int], moment: datetime) -> Mapping[int, tuple[Ruling, ...]]:
    """What people had decided about these items by then and not taken back."""
    found: dict[int, tuple[Ruling, ...]] = {}
    for verdict in _verdicts(item_id=items, kind=(Verdict.LINK, Verdict.EXEMPT)):
        if verdict.item_id and _stands(verdict, moment):
            found[verdict.item_id] = (*found.get(verdict.item_id, ()), _ruling(verdict))
    return found


def _verdicts(**where: Any) -> list[Verdict]:
    """In the order in which they were made, each with what is told of it."""
    rows = bulk.select(Verdict, _VERDICT, **where)
    return [Verdict(**row) for row in sorted(rows, key=itemgetter("id"))]


_VERDICT = ("id", "flag_id", "item_id", "of_id", "kind", "target", "author", "reason", "made_at", "until", "until_event",
            "undone_at", "ended_at")  # fmt: skip


def _ruling(verdict: Verdict) -> Ruling:
    return Ruling(
        kind="link" if verdict.kind == Verdict.LINK else "exempt",
        target=verdict.target,
        author=verdict.author,
        reason=verdict.reason,
        made_at=verdict.made_at,
        until=verdict.until,
    )


def _stands(verdict: Verdict, moment: datetime) -> bool:
    over = [when for when in (verdict.undone_at, verdict.ended_at, verdict.until) if when and when <= moment]
    return verdict.made_at <= moment and not over


def _flags(row: Item, judgement: Judgement, at: datetime | None) -> Iterable[Flagged]:
    """The flags of the item's findings, alone or in a group, and those that stand above it: they are repaired there,
    for this one as well. Of the past those that its findings of then were counted under."""
    named = {finding.fingerprint for finding in judgement.findings if not finding.held}
    if at is None:
        named |= {found["group"] for found in bulk.select(Finding, ["group"], item_id=row.id)} - {""}
    found = {flag["id"]: flag for flag in bulk.select(Flag, _FLAG, fingerprint=named)}
    if at is None:
        found |= {flag["id"]: flag for flag in bulk.select(Flag, _FLAG, item_id=cases.line(row.id))}
        found = {id_: flag for id_, flag in found.items() if flag["state"] != "resolved"}
    made: dict[int, list[Verdict]] = {}
    for verdict in _verdicts(flag_id=found):
        if verdict.of_id is None:  # as a condition, SQLite would look at all verdicts that are whole
            made.setdefault(verdict.flag_id or 0, []).append(verdict)
    names = _names(flag["item_id"] for flag in found.values() if flag["item_id"])
    for flag in sorted(found.values(), key=lambda each: (-each["stake"], -each["clears"], each["id"])):
        yield _flagged(flag, names.get(flag["item_id"], (None, None)), made.get(flag["id"], ()), at)


_FLAG = ("id", "rule", "severity", "state", "item_id", "goal", "message", "clears", "fix", "owner", "opened_at", "regressed",
         "stake")  # fmt: skip


def _names(items: Iterable[int]) -> dict[int, tuple[str | None, str | None]]:
    """Row id -> item id (``tracker:native id``) and key."""
    rows = bulk.select(Item, ("id", "tracker_id", "native_id", "key"), id=set(items))
    trackers = {
        row["id"]: row["name"] for row in bulk.select(Tracker, ("id", "name"), id={r["tracker_id"] for r in rows})
    }
    return {row["id"]: (f"{trackers[row['tracker_id']]}:{row['native_id']}", row["key"]) for row in rows}


def _flagged(
    flag: Mapping[str, Any], item: tuple[str | None, str | None], made: Iterable[Verdict], at: datetime | None
) -> Flagged:
    moment = at or timezone.now()
    verdicts = tuple(_answer(each, moment) for each in made if each.made_at <= moment)
    id_, key = item
    return Flagged(
        id=flag["id"],
        rule=flag["rule"],
        severity=flag["severity"],
        state=_state(verdicts) if at else flag["state"],
        item=id_,
        key=key,
        goal=flag["goal"] or None,
        message=flag["message"],
        clears=flag["clears"],
        fix=flag["fix"],
        owner=flag["owner"] or None,
        opened_at=flag["opened_at"],
        regressed=flag["regressed"],
        verdicts=verdicts,
    )


def _state(verdicts: Iterable[Answer]) -> State:
    """Of a flag whose findings were there then: it was open unless somebody had decided it."""
    standing = {verdict.kind for verdict in verdicts if verdict.standing}
    if Verdict.SNOOZE in standing:
        return "snoozed"
    return "exempt" if standing & {Verdict.EXEMPT, Verdict.FALSE_POSITIVE, Verdict.ACCEPT} else "open"


def _answer(verdict: Verdict, moment: datetime) -> Answer:
    return Answer(
        kind=verdict.kind,
        target=verdict.target,
        author=verdict.author,
        reason=verdict.reason,
        made_at=verdict.made_at,
        until=verdict.until,
        until_event=verdict.until_event,
        standing=_stands(verdict, moment),
    )


def _freshness(row: Item, decided: Decided, version: str, at: datetime | None) -> Freshness:
    if at:
        updated, known = _known(row, at)
        return Freshness(
            updated_at=updated,
            known_at=known,
            decided_at=decided.decided_at,
            synced_at=None,
            strategy_version=version,
            at=at,
        )
    return Freshness(
        updated_at=row.updated_at,
        known_at=row.known_at,
        decided_at=decided.decided_at,
        synced_at=row.stream.last_success_at,
        strategy_version=version,
        waits=bool(bulk.select(Due, ["item_id"], item_id=row.id)),
        frozen=_frozen(row),
    )


def _known(row: Item, at: datetime) -> tuple[datetime, datetime]:
    """When the version known at a moment was made, by its tracker, and when we learned of it."""
    version = Version.objects.filter(item=row.id, known_from__lte=at, known_to__gt=at).order_by("-id").first()
    return (version.valid_from, version.known_from) if version else (row.updated_at, row.known_at)


def _frozen(row: Item) -> str:
    """What holds flags back while the tracker is not heard of."""
    if health.is_hidden(row):
        return f"{row.container} cannot be read in {row.tracker.name}: flags of its items neither open nor resolve"
    if not health.is_frozen(row, timezone.now()):
        return ""
    reason = row.stream.error or row.tracker.error or "it has not been read for a while"
    return f"{row.tracker.name} is not up to date ({reason}): flags of its items neither open nor resolve"
