"""The security log is added to, and that is all."""

from datetime import UTC, datetime, timedelta

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


def test_what_is_older_than_the_operator_wants_is_forgotten_by_its_age_alone(ana, settings, monkeypatch):
    monkeypatch.setattr(audit, "AT_ONCE", 2)
    settings.PEOPLE = settings.PEOPLE.model_copy(update={"audit_days": 100})
    now = datetime.now(UTC)
    for days in (99, 101, 102, 500):
        AuditEvent.objects.create(at=now - timedelta(days=days), actor=str(ana), verb=f"{days} days ago")
    assert audit.prune(now) == 3
    assert [event.verb for event in AuditEvent.objects.all()] == ["99 days ago"]
    assert audit.prune(now) == 0
