"""Agreements: what ``partners.yaml`` says, what was approved of it, and what holds meanwhile.

An edit that shows no more than before is in force at once. One that shows more waits for approval; until then what
both allow is shown, so that what it withdraws is gone at once and what it adds is not there yet.
"""

from dataclasses import asdict
from datetime import datetime
from typing import Any, Protocol

from pydantic import TypeAdapter

from rules.model.partners import Agreement, Inside
from rules.sharing import as_json
from rules.sharing.meeting import meet
from rules.sharing.version import digest
from rules.sharing.widening import narrower, widens
from syncd.accounts import audit
from syncd.sharing import pending
from syncd.sharing.models import Deal, Version
from syncd.trackers.writing import writing

FILE = "partners.yaml"
"""Author of an edit that takes effect by itself."""

_INSIDE = TypeAdapter(Inside)


class Refused(ValueError):
    """It cannot be done so; the message says why and what to do instead."""


class Files(Protocol):
    """What an operator wrote, as :class:`config.files.Config` gives it."""

    def agreements(self) -> tuple[Agreement, ...]:
        """The agreements with partners."""
        ...

    def inside(self, partner: str) -> Inside:
        """What text shared with a partner must not name, beside people."""
        ...


def reconcile(files: Files, now: datetime) -> None:
    """Deals follow the files: agreements that are new, edited or no longer there. Safe to repeat."""
    written = {agreement.partner: agreement for agreement in files.agreements()}
    known = {deal.partner: deal for deal in Deal.objects.all()}
    for partner, agreement in written.items():
        inside = asdict(files.inside(partner))
        deal = known.get(partner)
        if deal is None or not _is_current(deal, agreement, inside):
            with writing():
                _follow(agreement, inside, now)
    for partner, deal in known.items():
        if partner not in written and deal.ended_at is None:
            _end(deal, now)


def approved(deal: Deal) -> Agreement | None:
    """What was approved last."""
    return as_json.agreement(deal.approved) if deal.approved else None


def draft(deal: Deal) -> Agreement | None:
    """What waits for approval; None: nothing."""
    return as_json.agreement(deal.draft) if deal.draft else None


def proposed(deal: Deal) -> Agreement | None:
    """What would hold if what waits were approved, and holds where nothing waits."""
    return draft(deal) or approved(deal)


def effective(deal: Deal) -> Agreement | None:
    """What the partner is shown by: what was approved, without what the file has withdrawn since. None before the
    first approval, while sharing is stopped, and after its end."""
    before = approved(deal)
    if before is None or deal.closed_at or deal.ended_at:
        return None
    after = draft(deal)
    return meet(before, after) if after else before


def inside(deal: Deal, people: tuple[str, ...] = ()) -> Inside:
    """What text shared with the partner must not name."""
    known = _INSIDE.validate_python(deal.inside)
    return Inside(people, known.hosts, known.projects, known.words)


def live() -> list[Deal]:
    """Deals that have an agreement in ``partners.yaml``."""
    return list(Deal.objects.filter(ended_at=None).order_by("id"))


def _is_current(deal: Deal, agreement: Agreement, inside_: dict[str, Any]) -> bool:
    """Whether a deal already knows what the files say."""
    told = deal.draft_digest if deal.draft else deal.approved_digest
    return deal.ended_at is None and told == digest(agreement) and deal.inside == _plain(inside_)


def _plain(inside_: dict[str, Any]) -> dict[str, Any]:
    """As JSON gives it back."""
    return {name: list(values) for name, values in inside_.items()}


def _follow(agreement: Agreement, inside_: dict[str, Any], now: datetime) -> None:
    deal, new = Deal.objects.get_or_create(partner=agreement.partner, defaults={"name": agreement.name})
    if deal.ended_at:
        _begin_anew(deal)
    deal.name, deal.ended_at = agreement.name, None
    if deal.inside != _plain(inside_):
        deal.inside = _plain(inside_)
        pending.mark_shown(deal)
    mark = digest(agreement)
    if mark != (deal.draft_digest if deal.draft else deal.approved_digest):
        _edit(deal, agreement, mark, now)
    deal.save()
    if new:
        audit.record("syncd", "agreement_written", deal.name, partner=deal.partner)


def _begin_anew(deal: Deal) -> None:
    """After an end everything is to be approved again."""
    deal.approved, deal.approved_digest, deal.admitted = None, "", 0
    deal.draft, deal.draft_digest, deal.widens = None, "", []
    deal.closed_at, deal.closed_by, deal.closed_because = None, "", ""


def _edit(deal: Deal, agreement: Agreement, mark: str, now: datetime) -> None:
    """Another agreement than before: in force where it shows no more, else waiting."""
    before, waited = approved(deal), draft(deal)
    why = widens(before, agreement)
    deal.widens = [[one.clause, one.says] for one in why]
    if before is not None and not why:
        if mark != deal.approved_digest:
            put_in_force(deal, agreement, FILE, "", now)
        deal.draft, deal.draft_digest, deal.drafted_at = None, "", None
    else:
        deal.draft, deal.draft_digest, deal.drafted_at = as_json.to_json(agreement), mark, now
    known = [side.where for side in (before, waited) if side]
    if not any(narrower(where, agreement.where) for where in known):
        deal.walked, deal.walking = 0, True
    pending.mark_shown(deal)


def put_in_force(deal: Deal, agreement: Agreement, by: str, message: str, now: datetime) -> None:
    """From now on it is what was approved, with what it ``widens``. The caller saves the deal."""
    deal.approved, deal.approved_digest = as_json.to_json(agreement), digest(agreement)
    deal.approved_at, deal.approved_by = now, by
    Version.objects.create(
        deal=deal,
        digest=deal.approved_digest,
        agreement=deal.approved,
        by=by,
        message=message,
        widens=deal.widens,
        at=now,
    )


def _end(deal: Deal, now: datetime) -> None:
    """``partners.yaml`` has it no longer: everything is withdrawn."""
    with writing():
        deal.refresh_from_db()
        deal.ended_at, deal.draft, deal.draft_digest, deal.widens, deal.walking = now, None, "", [], False
        deal.save()
        pending.mark_shown(deal)
        audit.record("syncd", "agreement_ended", deal.name, partner=deal.partner)
