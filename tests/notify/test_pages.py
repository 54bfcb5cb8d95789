"""What people see and do on /messages/, without script."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from syncd.notify import digests
from syncd.notify.models import Digest, Message, Silenced, Subscription
from syncd.review.models import SavedView
from tests.notify.conftest import MONDAY, configure
from tests.review.desk import DAY, Desk, orphans

pytestmark = [pytest.mark.django_db, pytest.mark.any_store]

FILLED = {"days": ["0", "2"], "hour": "7", "channel": "mail", "view": "", "query": "?severity=high&tab=review"}


def text(answer) -> str:
    assert answer.status_code == 200, answer
    return answer.content.decode()


def test_somebody_subscribes_and_sees_when_it_comes(ana, browser, settings, mailbox):
    ana.time_zone = "Europe/Berlin"
    ana.save()
    answer = browser(ana).post("/messages/", FILLED, follow=True)
    made = Subscription.objects.get()
    assert (made.person, made.days, made.hour, made.query) == (ana, [0, 2], 7, "severity=high")
    page = text(answer)
    assert "Monday and Wednesday at 07:00" in page
    assert "severity high" in page
    assert "mail to ana@acme.example" in page
    assert "Mail is not configured" not in page


def test_while_mail_is_not_configured_the_page_says_so(ana, browser, settings):
    configure(settings)
    assert "Mail is not configured" in text(browser(ana).get("/messages/"))


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"days": []}, "This field is required"),
        ({"hour": "24"}, "Select a valid choice"),
        ({"channel": "elsewhere"}, "Select a valid choice"),
        ({"query": "severity=huge"}, "severity=huge"),
        ({"view": "7"}, "Select a valid choice"),
    ],
)
def test_what_cannot_be_is_refused_beside_its_field(ana, browser, wrong, words):
    answer = browser(ana).post("/messages/", FILLED | wrong)
    assert words in text(answer)
    assert Subscription.objects.count() == 0


def test_a_place_is_offered_only_where_the_operator_allows_digests(ana, browser, settings):
    configure(
        settings,
        notify=(
            {"url": {"env": "ONE"}, "name": "product", "about": ("digest",)},
            {"url": {"env": "TWO"}, "name": "ops-only", "about": ("trackers",)},
        ),
    )
    page = text(browser(ana).get("/messages/"))
    assert "product" in page
    assert "ops-only" not in page
    browser(ana).post("/messages/", FILLED | {"channel": "product"})
    assert Subscription.objects.get().channel == "product"


def test_the_queue_leads_here_with_its_filter(ana, browser):
    assert 'value="severity=high"' in text(browser(ana).get("/messages/?query=severity%3Dhigh"))


def test_a_shared_view_can_be_chosen_and_a_private_one_of_somebody_else_cannot(ana, omar, browser):
    shared = SavedView.objects.create(owner=omar, name="Ours", query="q=a", shared=True, made_at=MONDAY)
    private = SavedView.objects.create(owner=omar, name="His", query="q=b", made_at=MONDAY)
    page = text(browser(ana).get("/messages/"))
    assert "Ours" in page
    assert "His" not in page
    assert "Select a valid choice" in text(browser(ana).post("/messages/", FILLED | {"view": str(private.pk)}))
    browser(ana).post("/messages/", FILLED | {"view": str(shared.pk)})
    assert Subscription.objects.get().view == shared


def test_ending_and_resuming_are_each_others_inverse(ana, browser, subscribe):
    row, at_ana = subscribe(), browser(ana)
    page = text(at_ana.post(f"/messages/{row.pk}/end/", follow=True))
    assert f"/messages/{row.pk}/resume/" in page
    row.refresh_from_db()
    assert (row.ended_at is not None, row.ended_because) == (True, "by you")
    at_ana.post(f"/messages/{row.pk}/resume/")
    row.refresh_from_db()
    assert row.ended_at is None


def test_the_page_of_a_digest_shows_what_it_would_tell_now(ana, browser, subscribe, desk: Desk):
    row = subscribe()
    assert "Nothing has changed" in text(browser(ana).get(f"/messages/{row.pk}/"))
    desk.put(*orphans(1, label="")).judge()
    page = text(browser(ana).get(f"/messages/{row.pk}/"))
    assert "1 flag to look at: 1 new" in page
    assert Digest.objects.count() == 0


def test_changing_the_hour_serves_no_slot_that_is_over(ana, browser, subscribe):
    row = subscribe(hour=9)
    browser(ana).post(f"/messages/{row.pk}/", FILLED)
    row.refresh_from_db()
    assert (row.hour, row.days) == (7, [0, 2])
    assert row.since > MONDAY


def test_what_was_told_is_a_page_with_the_same_words(ana, browser, subscribe, desk: Desk, mailbox):
    subscribe()
    desk.put(*orphans(2, label="")).judge()
    digests.plan(MONDAY + DAY)
    message = Message.objects.get()
    page = text(browser(ana).get(f"/messages/digests/{Digest.objects.get().pk}/"))
    assert message.subject in page
    for title in [line.removeprefix("* ") for line in message.text.splitlines() if line.startswith("* ")]:
        assert title in page


def test_nobody_sees_what_somebody_else_was_told(ana, vera, browser, subscribe, desk: Desk):
    row = subscribe()
    desk.put(*orphans(1, label="")).judge()
    digests.plan(MONDAY + DAY)
    digest = Digest.objects.get()
    for path in (f"/messages/{row.pk}/", f"/messages/digests/{digest.pk}/"):
        assert browser(vera).get(path).status_code == 404
    assert browser(vera).post(f"/messages/{row.pk}/end/").status_code == 404


def test_a_digest_that_may_not_have_arrived_says_so(ana, browser, subscribe, desk: Desk):
    subscribe()
    desk.put(*orphans(1, label="")).judge()
    digests.plan(MONDAY + DAY)
    Message.objects.update(state=Message.UNKNOWN, error="syncd stopped while it was being sent")
    assert "It may not have reached you" in text(browser(ana).get(f"/messages/digests/{Digest.objects.get().pk}/"))


def test_an_operator_sees_the_outbox_and_has_a_message_tried_again(omar, ana, browser, message):
    row = message(state=Message.DEAD, attempts=7, error="the mail server: 550 no", made_at=timezone.now())
    page = text(browser(omar).get("/messages/outbox/"))
    assert "1 given up" in page
    assert "550 no" in page
    assert browser(ana).get("/messages/outbox/").status_code == 403
    browser(omar).post(f"/messages/outbox/{row.pk}/again/")
    row.refresh_from_db()
    assert (row.state, row.attempts) == (Message.WAITING, 0)


def test_the_status_page_tells_what_did_not_arrive(omar, ana, browser, message):
    message(state=Message.DEAD, error="the mail server: 550 no", made_at=timezone.now())
    for person, link in ((omar, True), (ana, False)):
        page = text(browser(person).get("/status/"))
        assert "1 message has not arrived" in page
        assert "550 no" in page
        assert ("/messages/outbox/" in page) is link


def test_an_operator_switches_alerts_off_and_on(omar, browser):
    at_omar = browser(omar)
    assert "No alerts by mail" in text(at_omar.get("/messages/"))
    assert "Mail me alerts" in text(at_omar.post("/messages/alerts/", follow=True))
    assert Silenced.objects.get().at is not None
    at_omar.post("/messages/alerts/")
    assert Silenced.objects.get().at is None


def test_the_pages_cost_the_same_however_long_the_lists_are(omar, browser, subscribe, message):
    at_omar = browser(omar)
    at_omar.get("/messages/")  # the session notes when it was seen

    def asked(path: str) -> int:
        with CaptureQueriesContext(connection) as found:
            text(at_omar.get(path))
        return len(found)

    subscribe(omar)
    message()
    few = [asked(path) for path in ("/messages/", "/messages/outbox/")]
    for number in range(5):
        view = SavedView.objects.create(owner=omar, name=f"v{number}", query="", made_at=MONDAY)
        subscribe(omar, view=view)
        message()
    assert [asked(path) for path in ("/messages/", "/messages/outbox/")] == few
