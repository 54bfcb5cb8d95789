"""Two partners and what they see: Pia and Paul at Globex, Quinn at Initech. Filled straight into the copy, as the
worker would fill it."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from syncd.partners.entrance import secret
from syncd.partners.models import (
    OURS,
    THEIRS,
    Change,
    Comment,
    Commitment,
    Contact,
    Item,
    Link,
    Partner,
    Proposal,
    Step,
)

SIDE = pytest.mark.django_db(
    transaction=True,
    databases=["default", "partners", "outside"],
    available_apps=["django.contrib.staticfiles", "syncd.partners", "syncd.partners.desk"],
)
"""Marks tests of the partner side: nothing else is there, and only its tables are emptied in between."""
LOGO = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c6360f8cf50"
    "0f0003860180" "5a347d6b0000000049454e44ae426082"
)  # fmt: skip
"""One pixel of PNG."""


@dataclass
class Shared:
    """What one partner has, by names of the tests."""

    partner: Partner
    contact: Contact
    item: Item
    undated: Item
    sso: Commitment
    data: Commitment
    offered: Commitment
    proposal: Proposal
    told: Proposal
    link: Link
    secret: str

    @property
    def share(self) -> str:
        """The path of its share link."""
        return f"/p/with/{self.secret}"


def partner(name: str, email: str, now: datetime | None = None, **more: Any) -> Shared:
    """A partner with two items, three commitments, a proposal of ours that waits, and one that is told."""
    now = now or timezone.now()
    values = {
        "name": f"{name.title()} Health", "company": "Acme", "cadence": "weekly", "mutual": ["date", "scope"],
        "fields": ["title", "status", "due", "delivered", "notes", "owner"],
        "statuses": ["Planned", "In progress", "Delivered"], "open": True, "fresh_at": now, "share_expires": 7_776_000,
        "logo": LOGO, "logo_type": "image/png",
    }  # fmt: skip
    found = Partner.objects.create(id=name, **values | more)
    contact = Contact.objects.create(partner=found, email=email)
    one = item(found, f"Single sign-on for {name}", status="In progress", due="2026-12-15", owner="Engineering",
               notes=f"Staff of {name} sign in.", notes_html=f"<p>Staff of {name} sign in.</p>")  # fmt: skip
    undated = item(found, f"Reports for {name}", status="Planned")
    _change(found, one, now - timedelta(days=9), kind="added")
    _change(found, one, now - timedelta(days=3), kind="changed", field="status", was="Planned", now="In progress")
    _change(found, None, now - timedelta(days=2), kind="withdrawn")
    sso = commitment(found, OURS, f"Sign-on for staff of {name}", ours_on=now.date(), theirs_on=now.date(),
                     stage="agreed", state="at risk", current={"by": "2027-01-20"})  # fmt: skip
    data = commitment(found, THEIRS, "A list of your staff", place=1, ours_on=now.date(), theirs_on=now.date(),
                      stage="agreed", state="on track")  # fmt: skip
    offered = commitment(found, OURS, "Reports by clinic", place=2, ours_on=now.date())
    proposal = Proposal.objects.create(
        partner=found, commitment=sso, by_side=OURS, subject="date", was="2026-12-15", becomes="2027-01-20",
        says=f"“{sso.what}” is to come by 20 January 2027 instead of 15 December 2026.",
        options=["move the date", "cut scope"], made_on=date(2026, 11, 24),
    )  # fmt: skip
    told = Proposal.objects.create(
        partner=found, commitment=data, by_side=OURS, subject="success", was="100 %", becomes="95 %", state="told",
        says="It counts from 95 % on.", made_on=date(2026, 11, 24),
    )  # fmt: skip
    Step.objects.create(partner=found, commitment=sso, side=OURS, says="Accepted.", at=now - timedelta(days=5))
    Comment.objects.create(
        partner=found, item=one, side=OURS, text="Soon.", html="<p>Soon.</p>", at=now - timedelta(days=1)
    )
    link, opens = share_link(found, now)
    return Shared(found, contact, one, undated, sso, data, offered, proposal, told, link, opens)


def _change(of: Partner, item: Item | None, at: datetime, **told: str) -> None:
    Change.objects.create(partner=of, item=item, at=at, on=at.astimezone(UTC).date(), **told)


def item(of: Partner, title: str, *, notes_html: str = "", **values: str) -> Item:
    shown = {"title": title, **values}
    return Item.objects.create(
        partner=of, values=shown, title=title, status=values.get("status", ""), when=values.get("due", ""),
        notes_html=notes_html, shown_on=date(2026, 11, 1), changed_on=date(2026, 11, 20),
    )  # fmt: skip


def commitment(of: Partner, who: str, what: str, **more: Any) -> Commitment:
    usual = {"by": date(2026, 12, 15), "success": "95 % of sign-ins in week one"}
    return Commitment.objects.create(partner=of, who=who, what=what, **usual | more)


def share_link(of: Partner, now: datetime, **more: Any) -> tuple[Link, str]:
    opens = secret.fresh()
    usual = {"kind": Link.SHARE, "label": "for all", "made_at": now, "expires_at": now + timedelta(days=90)}
    return Link.objects.create(partner=of, digest=secret.digest(opens), **usual | more), opens


def magic_link(of: Contact, now: datetime, **more: Any) -> tuple[Link, str]:
    usual = {"kind": Link.MAGIC, "label": "", "contact": of, "expires_at": now + timedelta(minutes=15)}
    return share_link(of.partner, now, **usual | more)


def signed_in(shared: Shared, *, as_contact: bool = False) -> Client:
    """A browser that came in by the front door. It checks the hidden token of forms, as browsers are checked."""
    client = Client(enforce_csrf_checks=True)
    if as_contact:
        _, opens = magic_link(shared.contact, timezone.now())
        page = client.get(f"/p/enter/{opens}")
        assert client.post(f"/p/enter/{opens}", {"csrfmiddlewaretoken": token(page)}).status_code == 303
    else:
        assert client.get(shared.share).status_code == 200
    return client


def token(page: Any) -> str:
    """The hidden token of a page's first form."""
    text = page.content.decode()
    assert 'name="csrfmiddlewaretoken" value="' in text, text[:400]
    return str(text.partition('name="csrfmiddlewaretoken" value="')[2].partition('"')[0])


def send(client: Client, page: str, to: str = "", **fields: str) -> Any:
    """Opens a page, fills in its form and sends it, as a browser would."""
    return client.post(to or page, {"csrfmiddlewaretoken": token(client.get(page)), **fields})


NOON = datetime(2026, 11, 27, 12, tzinfo=UTC)
