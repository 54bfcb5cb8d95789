"""``syncd rules stats``: how each rule and each check fares with the work, and with people."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import typer

from syncd.cli.lists.common import AS_JSON
from syncd.cli.output import ago, json_lines, line, table
from syncd.cli.session import Exit, database_errors, fail, session

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from rules.model import Policy
    from rules.record import Record
    from syncd.review.models import RuleRecord


@dataclass(frozen=True)
class Counts:
    """What is there now, by rule or check."""

    matches: "Mapping[str, int]"
    findings: "Mapping[str, int]"
    open: "Mapping[str, int]"
    flags: "Mapping[str, int]"
    records: "Mapping[str, RuleRecord]" = field(default_factory=dict)


def stats(context: typer.Context, as_json: AS_JSON = False) -> None:
    """How each rule and check fares. What it matches now, and what people did about its flags."""
    here = session(context)
    config = here.config()
    here.store(config)

    from syncd.strategy import versions

    with database_errors():
        version = versions.newest()
        if version is None:
            fail("nothing is here yet: run syncd sync", Exit.TRY_LATER)
        rows = list(_rows(versions.policy_of(version), _counts()))
    if as_json:
        json_lines(rows)
    else:
        _print(rows)


def _counts() -> Counts:
    from django.db.models import Count

    from syncd.review import tallies
    from syncd.review.models import Flag, RuleRecord

    flags = Flag.objects.order_by().values_list("rule").annotate(Count("id"))
    return Counts(
        matches=tallies.matches(),
        findings=tallies.findings(),
        open=dict(flags.filter(state="open")),
        flags=dict(flags),
        records={record.rule: record for record in RuleRecord.objects.all()},
    )


def _rows(policy: "Policy", counts: Counts) -> "Iterator[dict[str, Any]]":
    """Rules in the order of the file, then the checks."""
    from syncd.review.records import EVERY_CHECK

    named = {rule.id: (rule.action, rule.target, rule.mode) for rule in policy.rules}
    # a rule's findings go by the kind that it names, its flags by its id
    raised = {rule.target for rule in policy.rules if rule.action == "flag"}
    checks = {*EVERY_CHECK, *counts.flags, *counts.records} - named.keys() - raised
    for rule, (action, target, mode) in named.items():
        matches = counts.matches.get(rule, 0)
        yield _row(rule, action, target, mode, matches, rule, counts)
    for check in sorted(checks):
        yield _row(check, "check", "", policy.checks.mode(check), counts.findings.get(check, 0), check, counts)


def _row(rule: str, action: str, target: str, mode: str, matches: int, flagged: str, counts: Counts) -> dict[str, Any]:
    """See ``docs/commands.md``."""
    kept = counts.records.get(rule) or counts.records.get(flagged)
    record = _record(kept)
    return {
        "rule": rule,
        "action": action,
        "target": target or None,
        "mode": mode,
        "matches": matches,
        "open": counts.open.get(flagged, 0),
        "flags": counts.flags.get(flagged, 0),
        "acted": record.acted,
        "dismissed": record.dismissed,
        "expired": record.expired,
        "precision": record.precision,
        "bound": round(record.bound, 3) if record.decided else None,
        "demoted_at": kept.demoted_at if kept else None,
        "demoted_because": (kept.demoted_because or None) if kept else None,
    }


def _record(kept: "RuleRecord | None") -> "Record":
    from rules.record import Record

    return Record(kept.acted, kept.dismissed, kept.expired) if kept else Record()


def _print(rows: list[dict[str, Any]]) -> None:
    table(
        ["rule", "does", "mode", "matches", "open", "flags", "acted on", "wrong", "left", "right at least"],
        (
            [
                row["rule"],
                f"{row['action']} {row['target'] or ''}".strip(),
                row["mode"],
                *(f"{row[name]:,}" for name in ("matches", "open", "flags", "acted", "dismissed", "expired")),
                "–" if row["bound"] is None else f"{row['bound']:.0%}",
            ]
            for row in rows
        ),
        empty="No rules yet: write rules.yaml.",
    )
    for row in rows:
        if row["demoted_at"]:
            print(
                line(
                    f"! {row['rule']} dropped to monitor {ago(row['demoted_at'])}: {row['demoted_because']}; "
                    f"syncd rules restore {row['rule']}"
                )
            )
