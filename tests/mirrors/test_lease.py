"""One worker at a place at a time; who was taken over notes nothing more."""

from datetime import timedelta

import pytest
from django.utils import timezone

from syncd.mirrors import receipts
from syncd.mirrors.lease import Lease
from syncd.mirrors.models import Mirror, Row
from syncd.sharing.models import Disclosure
from syncd.trackers.lease import Fenced
from tests.mirrors.conftest import EVERYTHING

pytestmark = EVERYTHING


@pytest.fixture
def place(transactional_db: None) -> Mirror:
    return Mirror.objects.create(partner="globex", kind="github", tracker="t", place="g/x", since=timezone.now())


def test_a_place_is_one_workers_until_it_is_given_back(place: Mirror) -> None:
    lease = Lease.claim(place.pk)
    assert lease
    assert Lease.claim(place.pk) is None
    lease.release()
    assert Lease.claim(place.pk)


def test_the_place_of_a_worker_that_died_here_is_free_at_once(place: Mirror) -> None:
    lease = Lease.claim(place.pk)
    assert lease
    host = lease.mirror.lease_by.rsplit(":", 2)[0]
    lease.note(lease_by=f"{host}:999999:1")
    assert Lease.claim(place.pk)


def test_a_receipt_of_a_worker_that_was_taken_over_is_not_noted(place: Mirror) -> None:
    late = Lease.claim(place.pk)
    assert late
    row = Row.objects.create(mirror=place, item="x")
    late.note(lease_until=timezone.now() - timedelta(seconds=1))
    assert Lease.claim(place.pk)
    with pytest.raises(Fenced):
        receipts.written(late, row, {"title": "T"}, {"title": "T"}, timezone.now(), remote="1")
    with pytest.raises(Fenced):
        late.hold()
    assert Row.objects.get().state == Row.WAITING
    assert not Disclosure.objects.exists()
