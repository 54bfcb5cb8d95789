"""``syncd partners``: every partner in a line."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import typer

from syncd.cli.lists.common import AS_JSON
from syncd.cli.output import ago, json_lines, line, table
from syncd.cli.partners.common import store
from syncd.cli.session import database_errors

if TYPE_CHECKING:
    from syncd.sharing.models import Deal


def partners(context: typer.Context, as_json: AS_JSON = False) -> None:
    """What partners see, and what waits for approval."""
    if context.invoked_subcommand:
        return
    with database_errors():
        store(context)
        rows = [_row(deal) for deal in _all()]
    if as_json:
        json_lines(rows)
        return
    table(
        ["partner", "items", "wait", "links", "last told", "stands"],
        (
            [row["partner"], f"{row['items']:,}", f"{row['waiting']:,}", f"{row['links']:,}", ago(row["told_at"]), row["stands"]]
            for row in rows
        ),
        empty="No partner yet: write an agreement into partners.yaml; docs/partners.md shows how",
    )  # fmt: skip


def _all() -> "list[Deal]":
    """Those that have ended last."""
    from syncd.sharing.models import Deal

    return sorted(Deal.objects.all(), key=lambda deal: (deal.ended_at is not None, deal.partner))


def _row(deal: "Deal") -> dict[str, Any]:
    from syncd.sharing import approvals, deals, links, reminders

    now = datetime.now(UTC)
    counts, agreement = approvals.counts(deal), deals.proposed(deal)
    owed = reminders.reminder(deal, now)
    return {
        "partner": deal.partner,
        "name": line(deal.name),
        "owner": agreement.owner if agreement else None,
        "state": state(deal, waits=approvals.waits(deal)),
        "items": counts.shown,
        "waiting": counts.waiting,
        "looking": counts.looking,
        "links": sum(link.revoked_at is None and link.expires_at > now for link in links.of(deal)),
        "told_at": deal.told_at,
        "word_due_at": owed.due_at if owed else None,
        "approved_at": deal.approved_at,
        "approved_by": deal.approved_by or None,
        "stands": stands(deal, now),
    }


def state(deal: "Deal", *, waits: bool) -> str:
    """In one word: ended, stopped, new, waits, shared."""
    if deal.ended_at:
        return "ended"
    if deal.closed_at:
        return "stopped"
    if deal.approved is None:
        return "new"
    return "waits" if waits else "shared"


def stands(deal: "Deal", now: datetime) -> str:
    """In a sentence."""
    from syncd.sharing import approvals, reminders

    if deal.ended_at:
        return f"ended {ago(deal.ended_at)}: partners.yaml has it no longer"
    if deal.closed_at:
        return line(f"stopped {ago(deal.closed_at)} by {deal.closed_by}: {deal.closed_because}")
    told = [line(f"{clause}: {says}") for clause, says in deal.widens]
    if not told and approvals.waits(deal):
        told.append("share.where: many more items match the filter than when it was approved")
    waits = f"waits for approval ({'; '.join(told)})" if told else ""
    owed = reminders.reminder(deal, now)
    word = f"word is due since {ago(owed.due_at)}" if owed else ""
    return ", ".join(part for part in (waits, word) if part) or "shared as approved"
