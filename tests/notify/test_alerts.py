"""Each episode is told once when it begins, and once when it is over."""

from datetime import timedelta

import pytest

from syncd.accounts.models import Role, User
from syncd.notify import alerts
from syncd.notify.models import Alert, Message, Silenced
from syncd.review.models import RuleRecord
from syncd.strategy.models import Draft
from syncd.trackers.models import Round, Stream, Tracker
from tests.notify.conftest import MONDAY, configure, mail_at

pytestmark = pytest.mark.django_db

MINUTE = timedelta(minutes=1)
LATER = MONDAY + 20 * MINUTE


@pytest.fixture
def places(settings, monkeypatch):
    """Omar's mail, one place for trackers, one for strategy."""
    configure(
        settings,
        mail=mail_at(25),
        notify=(
            {"url": {"env": "OPS"}, "name": "ops", "about": ("trackers",)},
            {"url": {"env": "PRODUCT"}, "name": "product", "about": ("strategy", "judging")},
        ),
    )


def told() -> list[tuple[str, str]]:
    rows = list(Message.objects.order_by("id").values_list("to", "subject"))
    Message.objects.all().delete()
    return rows


def test_a_tracker_that_is_away_for_a_quarter_of_an_hour_is_told_once_and_its_recovery_too(stream, omar, places):
    tracker = Tracker.objects.filter(name="acme-jira")
    tracker.update(broken_since=MONDAY, error="the token is refused (401)")
    alerts.look(MONDAY + 14 * MINUTE)
    assert told() == []
    for minute in range(3):
        alerts.look(LATER + minute * MINUTE)
    assert Message.objects.first().text.startswith(
        "For 20 min syncd has not been able to read it: the token is refused"
    )
    assert told() == [("ops", "acme-jira cannot be read"), ("omar@acme.example", "acme-jira cannot be read")]
    tracker.update(broken_since=None, error="")
    for minute in range(3):
        alerts.look(LATER + timedelta(hours=1, minutes=minute))
    assert told() == [("ops", "acme-jira is read again"), ("omar@acme.example", "acme-jira is read again")]


def test_a_tracker_that_breaks_anew_is_another_episode(stream, omar, places):
    tracker = Tracker.objects.filter(name="acme-jira")
    for hour in (0, 2):
        tracker.update(broken_since=MONDAY + timedelta(hours=hour))
        alerts.look(LATER + timedelta(hours=hour))
        tracker.update(broken_since=None)
        alerts.look(LATER + timedelta(hours=hour + 1))
    assert [subject for to, subject in told() if to == "ops"] == 2 * [
        "acme-jira cannot be read",
        "acme-jira is read again",
    ]
    assert Alert.objects.filter(ended_at=None).count() == 0


def test_a_tracker_that_left_the_configuration_is_nobodys_trouble(stream, omar, places):
    Tracker.objects.update(broken_since=MONDAY, active=False)
    alerts.look(LATER)
    assert told() == []


def test_the_brake_is_told_with_what_it_holds_and_when_it_lets_go(stream, omar, places):
    Stream.objects.update(held={"missing": 60, "of": 500, "since": "2026-11-23T09:00:00+00:00"})
    alerts.look(LATER)
    assert "60 of 500 items were not seen any more" in Message.objects.first().text
    Stream.objects.update(held={})
    alerts.look(LATER + MINUTE)
    assert [subject for to, subject in told() if to == "ops"] == [
        "Deletions in acme-jira/WEB are held back",
        "Deletions in acme-jira/WEB are not held back any more",
    ]


def test_a_removal_that_is_held_is_told_once(stream, omar, places):
    Tracker.objects.update(leaving={"because": "it would withdraw or change 60 of 100 items"})
    alerts.look(LATER)
    alerts.look(LATER + MINUTE)
    assert "it would withdraw or change 60 of 100 items" in Message.objects.first().text
    assert [subject for to, subject in told() if to == "ops"] == ["The removal of acme-jira is held"]
    Tracker.objects.update(leaving={})
    alerts.look(LATER + 2 * MINUTE)
    assert told() == []  # whoever decided it knows


def test_a_held_edit_is_told_and_another_edit_anew(omar, places, settings, tmp_path):
    settings.CONFIG_DIR = str(tmp_path)
    draft = Draft.objects.create(
        folder=str(tmp_path.resolve()),
        hash="a",
        state=Draft.HELD,
        because="it changes 40 % of the items",
        seen_at=MONDAY,
    )
    Draft.objects.create(folder="/elsewhere", hash="z", state=Draft.HELD, because="not ours", seen_at=MONDAY)
    alerts.look(LATER)
    assert "it changes 40 % of the items" in Message.objects.first().text
    alerts.look(LATER + MINUTE)
    draft.hash = "b"
    draft.save()
    alerts.look(LATER + 2 * MINUTE)
    assert [to for to, _ in told()] == 2 * ["product", "omar@acme.example"]
    draft.delete()
    alerts.look(LATER + 3 * MINUTE)
    assert told() == []  # it took effect: whoever applied it knows


def test_a_rule_that_lost_its_word_is_told_while_that_is_news(omar, places):
    because = {"demoted_because": "unlinked rests in monitor: 2 of 20 acted on", "since": MONDAY}
    RuleRecord.objects.create(rule="unlinked", demoted_at=MONDAY, **because)
    RuleRecord.objects.create(rule="overdue", demoted_at=MONDAY - timedelta(days=9), **because)
    alerts.look(LATER)
    assert told() == [(to, "The rule unlinked rests in monitor") for to in ("product", "omar@acme.example")]
    alerts.look(LATER + timedelta(days=3))
    assert told() == []


def test_a_difference_that_the_audit_found_is_told(omar, places):
    examples = [{"item": "WEB-1", "differs": "claims instead of nothing"}]
    Round.objects.create(purpose=Round.AUDIT, seen=9, found=1, examples=examples, began_at=MONDAY, ended_at=MONDAY)
    alerts.look(LATER)
    assert "WEB-1: claims instead of nothing" in Message.objects.first().text
    assert {to for to, _ in told()} == {"product", "omar@acme.example"}


def test_an_operator_who_wants_none_gets_none_and_each_has_a_link_of_their_own(stream, omar, places):
    olga = User.objects.add("olga@acme.example", Role.OPERATOR)
    Silenced.objects.create(person=omar, at=MONDAY)
    Tracker.objects.update(broken_since=MONDAY)
    alerts.look(LATER)
    mail = Message.objects.get(way=Message.MAIL)
    assert (mail.to, olga.silenced.at) == ("olga@acme.example", None)
    assert mail.unsubscribe.startswith("https://syncd.acme.example/unsubscribe/")
    assert mail.unsubscribe in mail.text


def test_without_a_mail_server_operators_look_at_the_status_page(stream, omar, settings):
    configure(settings)
    Tracker.objects.update(broken_since=MONDAY)
    assert alerts.look(LATER) == 1
    assert told() == []


def test_looking_costs_the_same_however_much_is_wrong(stream, omar, places, django_assert_num_queries):
    Tracker.objects.update(broken_since=MONDAY)
    alerts.look(LATER)
    for number in range(5):
        Tracker.objects.create(name=f"t{number}", kind="jira", url="https://x.example", broken_since=MONDAY)
    alerts.look(LATER)
    with django_assert_num_queries(8):  # what stands, trackers, mirrors (2), streams, rules, audit; no folder
        alerts.look(LATER + MINUTE)
