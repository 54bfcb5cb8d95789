"""Somebody of every role with a session, and a digest for Ana, in the store that the environment names; prints their cookies as JSON.
Its trackers are polled once a day from now on: nobody polls them, and a page must not look out of date for that.

Run as ``python -m tests.browser.people`` beside a server, never inside a test: it is its own process.
"""

import json
import os
from datetime import UTC, datetime, timedelta

os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"

import django

CAST = {"operator": "omar@acme.example", "pm": "ana@acme.example", "viewer": "vera@acme.example"}


def main() -> None:
    django.setup()
    from django.conf import settings
    from django.test import Client

    from syncd.accounts.models import User
    from syncd.notify.models import Subscription
    from syncd.trackers.models import Stream, Tracker
    from tests.browser.pages import ANAS_DIGEST

    cookies = {}
    for role, email in CAST.items():
        person = User.objects.known(email) or User.objects.add(email, role, email.partition("@")[0].title())
        client = Client()
        client.force_login(person, "allauth.account.auth_backends.AuthenticationBackend")
        name = settings.SESSION_COOKIE_NAME
        cookies[role] = {name: client.cookies[name].value}
    ana = {"person": User.objects.get(email=CAST["pm"]), "days": list(range(5)), "hour": 9}
    Subscription.objects.get_or_create(key=ANAS_DIGEST, defaults={**ana, "since": datetime(2026, 1, 1, tzinfo=UTC)})
    day = timedelta(days=1)
    Tracker.objects.update(every=day.total_seconds())
    Stream.objects.update(next_due_at=datetime.now(UTC) + day)
    print(json.dumps(cookies))


if __name__ == "__main__":
    main()
