"""Everything about one item's decision as one value: what ``syncd explain`` prints and the pages show.

Now, it is the decision that stands, told with the item and the policy as they are. For a moment in the past it is
the decision that stood then, told with the item, what stood above it, and the policy as they were known then.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from datetime import datetime

from django.db.models import Q
from django.utils import timezone

from rules.explain import Answer, Explanation, Flagged, Freshness, explain
from rules.model import Case, Judgement, Ruling
from syncd.review.models import Flag, Verdict
from syncd.strategy import history, suggestions, versions
from syncd.strategy.history import Decided
from syncd.trackers import cases, health, past
from syncd.trackers.models import Due, Item, Version


class NotTold(Exception):
    """There is no decision to tell about, and why, in words. ``waits``: there will be one soon."""

    def __init__(self, why: str, *, waits: bool = False) -> None:
        super().__init__(why)
        self.waits = waits


def why(row: Item, at: datetime | None = None) -> Explanation:
    """Why an item serves its goals or does not.

    :param row: with its ``tracker`` and ``stream``
    :param at: the moment to tell about; None: now
    :raises NotTold: it was not known, not there, or not judged
    :raises syncd.strategy.versions.OldForm: the policy of then cannot be read any more
    """
    moment = at or timezone.now()
    decided = history.decision_at(row.id, moment)
    if decided is None:
        raise _undecided(row, moment)
    version = history.version_at(moment) or decided.version
    policy = versions.policy_of(version)
    case = past.case_at(row.id, at, lambda ids: _rulings(ids, moment)) if at else _case(row)
    if case is None:
        raise _undecided(row, moment)
    told = explain(decided.judgement, case, policy, moment)
    wanting = at is None and not told.links and not told.exempt
    ranked = suggestions.suggestions_for([row.id], policy.strategy).get(row.id, ()) if wanting else ()
    return replace(
        told,
        flags=tuple(_flags(row, decided.judgement, at)),
        suggestions=ranked,
        freshness=_freshness(row, decided, version.hash, at),
    )


def _undecided(row: Item, moment: datetime) -> NotTold:
    if moment < row.first_known_at:
        first = row.first_known_at
        return NotTold(f"{row.key} was not known at that time: syncd first saw it on {first:%Y-%m-%d at %H:%M} UTC")
    if row.deleted_at and row.deleted_at <= moment:
        return NotTold(f"{row.key} is not in its tracker any more ({row.fate}): it serves nothing")
    if moment < timezone.now() - history.KEEP:
        return NotTold(f"what was decided about {row.key} is kept for {history.KEEP.days} days after it ended")
    return NotTold(f"{row.key} had not been judged by then", waits=True)


def _case(row: Item) -> Case | None:
    return cases.load([row.id], lambda ids: _rulings(ids, timezone.now())).get(row.id)


def _rulings(items: Collection[int], moment: datetime) -> Mapping[int, tuple[Ruling, ...]]:
    """What people had decided about these items by then and not taken back."""
    made = Verdict.objects.filter(item__in=items, kind__in=(Verdict.LINK, Verdict.EXEMPT), made_at__lte=moment)
    found: dict[int, tuple[Ruling, ...]] = {}
    for verdict in made.order_by("id"):
        if verdict.item_id and _stands(verdict, moment):
            found[verdict.item_id] = (*found.get(verdict.item_id, ()), _ruling(verdict))
    return found


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
    shown = {finding.fingerprint for finding in judgement.findings if not finding.held}
    concern = Q(fingerprint__in=shown)
    if at is None:
        groups = set(row.findings.exclude(group="").values_list("group", flat=True))
        concern |= Q(fingerprint__in=groups) | Q(item__in=cases.line(row.id))
    flags = Flag.objects.filter(concern).select_related("item__tracker").prefetch_related("verdicts")
    if at is None:
        flags = flags.exclude(state="resolved")
    for flag in flags.order_by("-stake", "-clears", "id"):
        yield _flagged(flag, at)


def _flagged(flag: Flag, at: datetime | None) -> Flagged:
    moment = at or timezone.now()
    made = sorted(
        (each for each in flag.verdicts.all() if each.made_at <= moment and each.of_id is None),
        key=lambda each: each.id,
    )
    verdicts = tuple(_answer(each, moment) for each in made)
    return Flagged(
        id=flag.id,
        rule=flag.rule,
        severity=flag.severity,
        state=_state(verdicts) if at else flag.state,
        item=f"{flag.item.tracker.name}:{flag.item.native_id}" if flag.item else None,
        key=flag.item.key if flag.item else None,
        goal=flag.goal or None,
        message=flag.message,
        clears=flag.clears,
        fix=flag.fix,
        owner=flag.owner or None,
        opened_at=flag.opened_at,
        regressed=flag.regressed,
        verdicts=verdicts,
    )


def _state(verdicts: Iterable[Answer]) -> str:
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
        waits=Due.objects.filter(item=row.id).exists(),
        frozen=_frozen(row),
    )


def _known(row: Item, at: datetime) -> tuple[datetime, datetime]:
    """When the version known at a moment was made, by its tracker, and when we learned of it."""
    version = Version.objects.filter(item=row.id, known_from__lte=at, known_to__gt=at).order_by("-id").first()
    return (version.valid_from, version.known_from) if version else (row.updated_at, row.known_at)


def _frozen(row: Item) -> str:
    """What holds flags back while the tracker is not heard of."""
    if (row.stream_id, row.container) in health.hidden():
        return f"{row.container} cannot be read in {row.tracker.name}: flags of its items neither open nor resolve"
    if row.stream_id not in health.frozen(timezone.now()):
        return ""
    reason = row.stream.error or row.tracker.error or "it has not been read for a while"
    return f"{row.tracker.name} is not up to date ({reason}): flags of its items neither open nor resolve"
