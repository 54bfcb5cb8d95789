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
    cookies["partner"] = partner()
    ana = {"person": User.objects.get(email=CAST["pm"]), "days": list(range(5)), "hour": 9}
    Subscription.objects.get_or_create(key=ANAS_DIGEST, defaults={**ana, "since": datetime(2026, 1, 1, tzinfo=UTC)})
    day = timedelta(days=1)
    Tracker.objects.update(every=day.total_seconds())
    Stream.objects.update(next_due_at=datetime.now(UTC) + day)
    print(json.dumps(cookies))


def partner() -> dict[str, str]:
    """Somebody of Globex who came by a share link; and a letter's link that nobody has used."""
    from django.conf import settings

    from syncd.partners.databases import looking, partner_side
    from syncd.partners.desk.models import Session
    from syncd.partners.entrance import secret, sessions
    from syncd.partners.models import Contact, Link, Partner
    from tests.browser.pages import LETTER, SHARE

    now = datetime.now(UTC)
    contact = Contact.objects.get(partner="globex")
    lasts = {"partner_id": "globex", "made_at": now, "expires_at": now + timedelta(days=1)}
    shared, _ = Link.objects.get_or_create(digest=secret.digest(SHARE), defaults={"kind": Link.SHARE, **lasts})
    letter = {"kind": Link.MAGIC, "contact": contact, **lasts}
    Link.objects.get_or_create(digest=secret.digest(LETTER), defaults=letter)
    with partner_side(), looking("globex"):
        opened = sessions.begin(Partner.objects.get(id="globex"), now, link=shared.id)
        Session.objects.filter(digest=secret.digest(opened)).update(seen_at=now + timedelta(hours=8))  # nobody is idle
    return {settings.PARTNER_COOKIE_NAME: opened}


if __name__ == "__main__":
    main()
