"""How the flags of each rule and check have fared with people, and which have lost their word."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import asdict, is_dataclass
from datetime import datetime, timedelta
from hashlib import blake2b
from typing import Any

import orjson
import structlog
from django.db.models import Count, Exists, F, OuterRef, Subquery

from rules.calendar import spelled
from rules.checks import CHECKS
from rules.model import Checks, Policy
from rules.record import UNREAD_DAYS, Record
from syncd.review.models import Flag, RuleRecord, Verdict

log = structlog.get_logger(__name__)

GOAL_CHECKS = ("starved_goal", "over_share", "under_share", "stale_goal")
EVERY_CHECK = (*CHECKS, *GOAL_CHECKS)


def demoted(policy: Policy) -> frozenset[str]:
    """Rules (by id) and checks (by name) that rest in monitor, whatever the files say. Those that the policy
    has say something else than when they lost their word start anew."""
    lost = RuleRecord.objects.exclude(demoted_at=None).values_list("rule", "hash")
    says = _says(policy)
    return frozenset(rule for rule, hash_ in lost if says.get(rule, hash_) == hash_)


def reasons() -> dict[str, str]:
    """Rule or check -> why it lost its word."""
    return dict(RuleRecord.objects.exclude(demoted_at=None).values_list("rule", "demoted_because"))


def refresh(policy: Policy, now: datetime) -> bool:
    """Count anew how flags fared. Rules that nobody acts on lose their word; rules that say something else
    than before start anew.

    :returns: whether another policy is in force now
    """
    _expire(now)
    says = _says(policy)
    known = {record.rule: record for record in RuleRecord.objects.all()}
    counts = _counts(known)
    moved = False
    for rule in says.keys() & (known.keys() | counts.keys()):
        record = known.get(rule) or RuleRecord(rule=rule, hash=says[rule], since=_first(rule))
        if record.hash != says[rule]:
            moved |= _start_anew(record, says[rule], now)
        else:
            moved |= _count(record, counts.get(rule, Record()), now)
    return moved


def of(record: RuleRecord) -> Record:
    """The figures of a row."""
    return Record(record.acted, record.dismissed, record.expired)


def restore(rule: str, author: str, now: datetime) -> bool:
    """Give a rule its word back; it starts with an empty record. False if it had not lost it."""
    record = RuleRecord.objects.filter(rule=rule).exclude(demoted_at=None).first()
    if record is None:
        return False
    was = record.demoted_because
    _clear(record, now)
    record.demoted_because = f"restored by {author} on {spelled(now)}; it had been demoted: {was}"
    record.save()
    log.info("rule_restored", rule=rule, author=author)
    return True


def _expire(now: datetime) -> None:
    """Flags that stood open for long and that nobody touched."""
    untouched = ~Exists(Verdict.objects.filter(flag=OuterRef("pk")))
    long_ago = now - timedelta(days=UNREAD_DAYS)
    Flag.objects.filter(untouched, state="open", fared="", opened_at__lte=long_ago).update(fared="expired")


def _says(policy: Policy) -> dict[str, str]:
    """Rule or check -> fingerprint of what it says; its mode is none of it."""
    words: dict[str, Any] = {name: _thresholds(policy, name) for name in EVERY_CHECK}
    words |= {rule.id: (rule.action, rule.target, rule.when) for rule in policy.rules if rule.action == "flag"}
    return {rule: _hash(said) for rule, said in words.items()}


def _thresholds(policy: Policy, check: str) -> Any:
    own = getattr(policy.checks, check, None) if check in Checks.__dataclass_fields__ else None
    thresholds = asdict(own) if is_dataclass(own) and not isinstance(own, type) else None
    return (check, thresholds, policy.needs_goal if check == "unlinked" else None)


def _hash(said: Any) -> str:
    packed = orjson.dumps(said, default=str, option=orjson.OPT_SORT_KEYS | orjson.OPT_NON_STR_KEYS)
    return blake2b(packed, digest_size=8).hexdigest()


def _counts(known: Mapping[str, RuleRecord]) -> dict[str, Record]:
    """How the flags of each rule fared that opened since its record began."""
    since = RuleRecord.objects.filter(rule=OuterRef("rule")).values("since")
    flags = Flag.objects.exclude(fared="").alias(since=Subquery(since))
    rows = flags.filter(opened_at__gte=F("since")) if known else flags
    counts: defaultdict[str, dict[str, int]] = defaultdict(dict)
    for rule, fared, count in _grouped(rows):
        counts[rule][fared] = count
    for rule, fared, count in _grouped(Flag.objects.exclude(fared="").exclude(rule__in=list(known))):
        counts[rule][fared] = count
    return {rule: Record(**fared) for rule, fared in counts.items()}


def _grouped(flags: Any) -> Iterable[tuple[str, str, int]]:
    rows: Iterable[tuple[str, str, int]] = flags.values_list("rule", "fared").annotate(Count("id")).order_by()
    return rows


def _first(rule: str) -> datetime:
    return Flag.objects.filter(rule=rule).order_by("opened_at").values_list("opened_at", flat=True)[0]


def _count(record: RuleRecord, counted: Record, now: datetime) -> bool:
    """Lay down what was counted; True if the rule loses its word by it."""
    fresh = record.pk is None or of(record) != counted
    record.acted, record.dismissed, record.expired = counted.acted, counted.dismissed, counted.expired
    falls = counted.demoted and record.demoted_at is None
    if falls:
        record.demoted_at = now
        record.demoted_because = f"{record.rule} rests in monitor: {counted.says()}"
        log.warning(
            "rule_demoted", rule=record.rule, reason=counted.says(), remedy="rewrite it, or syncd rules restore"
        )
    if fresh or falls:
        record.save()
    return falls


def _start_anew(record: RuleRecord, said: str, now: datetime) -> bool:
    """The rule was rewritten; True if it has its word again by that."""
    rises = record.demoted_at is not None
    record.hash = said
    _clear(record, now)
    record.demoted_because = ""
    record.save()
    return rises


def _clear(record: RuleRecord, now: datetime) -> None:
    record.acted = record.dismissed = record.expired = 0
    record.since, record.demoted_at = now, None
