"""Digests and what leaves, for programs."""

from datetime import timedelta

import pytest
from django.utils import timezone

from syncd.notify import digests
from syncd.notify.models import Message, Silenced, Subscription
from syncd.review.models import SavedView

pytestmark = pytest.mark.django_db


def test_a_digest_is_subscribed_changed_ended_and_resumed(busy, asks):
    made = asks.post("subscriptions", {"days": [4, 0, 0], "hour": 7, "filters": {"severity": ["high"]}})
    assert made.status_code == 201, made.content
    told = made.json()
    assert (told["days"], told["hour"], told["channel"]) == ([0, 4], 7, "mail")
    assert (told["query"], told["about"]) == ("severity=high", "severity high")
    at = f"subscriptions/{told['id']}"
    changed = asks("PUT", at, {"days": [2]}).json()
    assert (changed["days"], changed["hour"], changed["about"]) == ([2], 9, "every flag")
    ended = asks("DELETE", at).json()
    assert (ended["next_at"], ended["ended_because"]) == (None, "by you")
    assert asks.post(f"{at}/resume").json()["ended_at"] is None
    assert [row["id"] for row in asks.get("subscriptions").json()["rows"]] == [told["id"]]


def test_a_digest_tells_what_the_page_would(busy, asks, ana):
    made = asks.post("subscriptions", {}).json()
    Subscription.objects.update(since=timezone.now() - timedelta(days=9))
    told = asks.get(f"subscriptions/{made['id']}/preview").json()
    content = digests.preview(Subscription.objects.get(), timezone.now())
    assert told["new"] == content.new > 0
    assert [line["flag"] for line in told["lines"]] == [line.flag for line in content.lines]
    digest = digests.serve(Subscription.objects.get(), timezone.now(), timezone.now())
    assert asks.get("digests").json()["rows"][0]["content"]["new"] == content.new
    assert asks.get(f"digests/{digest.pk}").json()["message"] == "waiting"


def test_what_cannot_be_is_told(busy, asks, ana, vera):
    away = asks.post("subscriptions", {"channel": "pigeon"})
    assert (away.status_code, "expected one of mail" in away.json()["detail"]) == (400, True)
    assert asks.post("subscriptions", {"days": []}).status_code == 422
    assert asks.post("subscriptions", {"hour": 24}).status_code == 422
    hers = SavedView.objects.create(owner=vera, name="hers", made_at=timezone.now())
    assert asks.post("subscriptions", {"view": hers.pk}).status_code == 404
    SavedView.objects.update(shared=True)
    assert asks.post("subscriptions", {"view": hers.pk}).json()["about"] == "the view “hers”"


def test_the_digests_of_others_are_known_to_nobody(busy, asks, vera):
    theirs = Subscription.objects.create(person=vera, days=[0], hour=9, since=timezone.now())
    for method, path in (("GET", ""), ("PUT", ""), ("DELETE", ""), ("POST", "/resume"), ("GET", "/preview")):
        body = {} if method == "PUT" else None
        assert asks(method, f"subscriptions/{theirs.pk}{path}", body).status_code == 404
    assert asks.get("subscriptions").json()["rows"] == []


def test_operators_see_what_leaves_and_try_it_again(asks, by_token, omar):
    now = timezone.now()
    made = Message.objects.create(
        key="k", way="mail", to="ana@acme.example", topic="alert", text="secret", state="dead", error="refused",
        made_at=now, next_at=now,
    )  # fmt: skip
    operator = by_token(omar)
    (row,) = operator.get("messages").json()["rows"]
    assert (row["state"], row["error"], "text" in row) == ("dead", "refused", False)
    assert operator.post(f"messages/{made.pk}/again").json()["state"] == "waiting"
    Message.objects.update(state="sent")
    assert operator.post(f"messages/{made.pk}/again").status_code == 409
    assert asks.get("messages").status_code == 403


def test_alerts_by_mail_are_switched(by_token, omar):
    operator = by_token(omar)
    assert operator.get("alerts/mail").json() == {"by_mail": True}
    assert operator("PUT", "alerts/mail", {"by_mail": False}).json() == {"by_mail": False}
    assert Silenced.objects.get(person=omar).at is not None
    assert operator.get("alerts/mail").json() == {"by_mail": False}
    operator("PUT", "alerts/mail", {"by_mail": True})
    assert Silenced.objects.get(person=omar).at is None
