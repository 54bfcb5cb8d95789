"""Which templates draw each page, in the store that the environment names; prints them as JSON.

Run as ``python -m tests.browser.drawn``: it is its own process.
"""

import json
import os
from pathlib import Path

os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"

import django

from tests.browser.pages import PICTURED, SHARE
from tests.browser.people import CAST
from tests.browser.site import ROOT


def main() -> None:
    django.setup()
    from django.test import Client
    from django.test.utils import setup_test_environment

    from syncd.accounts.models import User

    setup_test_environment()  # from here on templates tell when they are rendered
    drawn = {}
    for page in PICTURED:
        client = Client()
        if page.role == "partner":
            client.get(f"/p/with/{SHARE}")
        elif page.role:
            person = User.objects.get(email=CAST[page.role])
            client.force_login(person, "allauth.account.auth_backends.AuthenticationBackend")
        answer = client.get(page.path, follow=True)
        assert answer.status_code == 200, f"{page.path} answers {answer.status_code}"
        origins = {Path(template.origin.name) for template in answer.templates if template.origin}
        drawn[page.name] = sorted(
            path.relative_to(ROOT).as_posix() for path in origins if ROOT / "syncd" in path.parents
        )
    print(json.dumps(drawn))


if __name__ == "__main__":
    main()
