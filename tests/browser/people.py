"""Somebody of every role with a session, in the store that the environment names; prints their cookies as JSON.

Run as ``python -m tests.browser.people`` beside a server, never inside a test: it is its own process.
"""

import json
import os

os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"

import django

CAST = {"operator": "omar@acme.example", "pm": "ana@acme.example", "viewer": "vera@acme.example"}


def main() -> None:
    django.setup()
    from django.conf import settings
    from django.test import Client

    from syncd.accounts.models import User

    cookies = {}
    for role, email in CAST.items():
        person = User.objects.known(email) or User.objects.add(email, role, email.partition("@")[0].title())
        client = Client()
        client.force_login(person, "allauth.account.auth_backends.AuthenticationBackend")
        name = settings.SESSION_COOKIE_NAME
        cookies[role] = {name: client.cookies[name].value}
    print(json.dumps(cookies))


if __name__ == "__main__":
    main()
