"""How places in the partner's own tools go, told to our own people."""

import pytest
from django.test import Client
from django.utils import timezone

from syncd.accounts.models import AuditEvent
from syncd.mirrors.models import Mirror, Row
from syncd.partners.models import Item as Copied
from tests.review.pages.conftest import text, toast
from tests.sharing.conftest import World

pytestmark = [pytest.mark.django_db(databases=["default", "partners"]), pytest.mark.any_store]
PAGE = "/partners/globex/"


@pytest.fixture
def mirror(globex: World) -> Mirror:
    mirror = Mirror.objects.create(
        partner="globex", kind="github", tracker="globex-github", place="globex/acme-tracker", since=timezone.now(), worked_at=timezone.now()
    )  # fmt: skip
    for number, item in enumerate(Copied.objects.order_by("id")):
        Row.objects.create(mirror=mirror, item=item.pk, state=Row.LIVE, remote=str(number), values=item.values)
    return mirror


def test_a_place_is_told_with_what_is_there(mirror: Mirror, pm: Client):
    told = text(pm.get(PAGE))
    for word in ("globex/acme-tracker", "Written", "2 rows there"):
        assert word in told
    assert "Written" in text(pm.get("/partners/"))


def test_one_that_fails_says_why(mirror: Mirror, pm: Client):
    Mirror.objects.update(error="the token may not write", broken_since=timezone.now())
    assert "Failing" in text(pm.get("/partners/"))
    assert "The token may not write" in text(pm.get(PAGE))


def test_what_the_partner_wrote_otherwise_is_shown(mirror: Mirror, pm: Client):
    row = Row.objects.order_by("id")[0]
    row.theirs = {"title": "Our own name for it"}
    row.save()
    told = text(pm.get(PAGE))
    assert "1 row in which the partner wrote something else" in told
    assert "Our own name for it" in told


def test_rows_that_were_taken_away_are_made_again(mirror: Mirror, pm: Client):
    Row.objects.filter(pk=Row.objects.order_by("id")[0].pk).update(state=Row.REMOVED)
    assert "1 row that the partner took away" in text(pm.get(PAGE))
    told = toast(pm, pm.post(f"{PAGE}mirrors/{mirror.pk}/again/"))
    assert "1 row will be made again" in told
    assert not Row.objects.filter(state=Row.REMOVED).exists()
    assert AuditEvent.objects.filter(verb="mirror_rows_again").exists()


def test_the_place_of_another_partner_is_not_found(mirror: Mirror, pm: Client):
    Mirror.objects.update(partner="initech")
    assert pm.post(f"{PAGE}mirrors/{mirror.pk}/again/").status_code == 404
    assert "globex/acme-tracker" not in text(pm.get(PAGE))
