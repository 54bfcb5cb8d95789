"""Globex as its people see it, and a mail server."""

from datetime import UTC, datetime

import pytest

from syncd.partners.models import Proposal
from syncd.sharing.models import Deal, Version
from tests.notify.conftest import configure, mail_at, mailbox
from tests.partners import world
from tests.partners.world import Shared

__all__ = ["configure", "mail_at", "mailbox"]

NOW = datetime(2026, 11, 27, 12, tzinfo=UTC)
AGREEMENT = {
    "partner": "globex", "name": "Globex Health", "company": "Acme", "owner": "ana@acme.example", "cadence": "weekly",
    "ours": ["omar@acme.example"], "theirs": ["pia@globex.example"], "where": {"label": {"any": ["partner/globex"]}},
    "fields": {"title": "public_title"},
}  # fmt: skip


@pytest.fixture(autouse=True)
def _addresses(settings) -> None:
    settings.PUBLIC_URL, settings.PARTNER_URL = "https://syncd.acme.example", "https://partners.acme.example"


@pytest.fixture
def globex(transactional_db) -> Shared:
    found = world.partner("globex", "pia@globex.example", NOW)
    Proposal.objects.update(made_on=NOW.date())
    return found


@pytest.fixture
def deal(transactional_db) -> Deal:
    found = Deal.objects.create(
        partner="globex", name="Globex Health", approved=AGREEMENT, approved_at=NOW, told_at=NOW
    )
    Version.objects.create(deal=found, digest="d", agreement=AGREEMENT, by="ana@acme.example", at=NOW)
    return found
