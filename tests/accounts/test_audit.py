"""The security log is added to, and that is all."""

import pytest
from django.test import RequestFactory
from structlog.testing import capture_logs

from syncd.accounts import audit
from syncd.accounts.models import AuditEvent
from syncd.accounts.models.event import AppendOnly


@pytest.fixture
def request_of(ana):
    request = RequestFactory().post("/", REMOTE_ADDR="192.0.2.7")
    request.user = ana
    return request


def test_it_says_who_did_what_to_what_when_and_from_where(request_of, ana, vera):
    with capture_logs() as logged:
        event = audit.record(request_of, "role_changed", vera, was="viewer", now="pm")
    assert (event.actor, event.verb, event.target) == ("ana@acme.example", "role_changed", "vera@acme.example")
    assert (event.ip, event.facts) == ("192.0.2.7", {"was": "viewer", "now": "pm"})
    (line,) = logged
    assert (line["event"], line["actor"], line["verb"]) == ("audit", "ana@acme.example", "role_changed")


def test_a_person_or_the_program_itself_may_be_who(ana):
    assert audit.record(ana, "x").actor == "ana@acme.example"
    assert audit.record("syncd", "x").actor == "syncd"


def test_nothing_that_has_happened_is_changed_or_removed(request_of):
    event = audit.record(request_of, "signed_in")
    event.verb = "nothing"
    for spoil in (
        event.save,
        event.delete,
        AuditEvent.objects.all().delete,
        lambda: AuditEvent.objects.update(verb="nothing"),
    ):
        with pytest.raises(AppendOnly):
            spoil()
    assert AuditEvent.objects.get().verb == "signed_in"


def test_what_somebody_did_stays_when_they_are_shut_out(request_of, ana):
    audit.record(request_of, "signed_in")
    ana.shut_out()
    assert AuditEvent.objects.get().actor == "ana@acme.example"


def test_a_long_target_is_cut_and_not_lost(ana):
    assert len(audit.record(ana, "x", "t" * 1000).target) == 254
