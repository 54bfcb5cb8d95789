"""What syncd handled by itself and never shows as a flag: findings that are held, rules that lost their word."""

from typing import Any

from syncd.accounts.access import Act, may
from syncd.accounts.models import User
from syncd.review.models import Finding, RuleRecord
from syncd.review.pages import words
from syncd.review.pages.address import DEMOTED, HELD, RESOLVED, Address
from syncd.web import keyset
from syncd.web.checks import shown
from syncd.web.keyset import Page


def kinds(person: User, resolved: str) -> list[tuple[str, str, str]]:
    """Kind, word and count of each.

    :param resolved: how many were resolved by themselves, in words
    """
    return [
        (RESOLVED, "Resolved by themselves", resolved),
        (HELD, "Held back", words.capped(keyset.capped(_held(person)))),
        (DEMOTED, "Rules on trial", words.capped(keyset.capped(_demoted(person)))),
    ]


def rows(person: User, address: Address) -> Page[dict[str, Any]]:
    """What is listed instead of flags; the filters of flags do not apply to rules."""
    if address.auto == DEMOTED:
        return Page([_of_rule(record) for record in _demoted(person).order_by("rule")])
    found = _held(person).select_related("item__tracker")
    if address.filters.tracker:
        found = found.filter(item__tracker__name__in=address.filters.tracker)
    if address.filters.q:
        found = found.filter(message__icontains=address.filters.q)
    page = keyset.page(found, ("id",), address.after)
    return Page([_of_finding(finding) for finding in page.rows], page.newer, page.older)


def _held(person: User) -> Any:
    found = Finding.objects.exclude(held="")
    return found if may(person, Act.READ) else found.none()


def _demoted(person: User) -> Any:
    found = RuleRecord.objects.filter(demoted_at__isnull=False)
    return found if may(person, Act.READ) else found.none()


def _of_finding(finding: Finding) -> dict[str, Any]:
    look = shown(finding.fingerprint.partition("|")[0])
    return {"finding": finding, "look": look, "because": words.HELD.get(finding.held, finding.held)}


def _of_rule(record: RuleRecord) -> dict[str, Any]:
    return {"record": record, "look": shown(record.rule), "because": record.demoted_because}
