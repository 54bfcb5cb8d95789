"""One cycle of the publisher over the store that the environment names; with ``quinn``, the partner has said something before.

Run as ``python -m tests.browser.cycle`` beside a server, never inside a test: it is its own process.
"""

import os
import sys
from datetime import date, timedelta
from pathlib import Path

os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"

import django


def main() -> None:
    django.setup()
    from config import files
    from syncd.worker.publish import publish

    config = files.load(Path("var/demo"))
    os.environ["SYNCD_CONFIG"] = str(config.folder)
    publish(config)
    if "quinn" in sys.argv:
        quinn()
        publish(config)
        propose()
    publish(config)


def quinn() -> None:
    """Globex accepts what was promised, and asks something."""
    from syncd.sharing.models import Promise

    for promise in Promise.objects.filter(deal__partner="globex"):
        said("accept", about=promise.public)
    said("comment", text="Does the sign-in work with our second directory?")


def propose() -> None:
    """Globex wants more time."""
    from syncd.sharing.models import Promise

    promise = Promise.objects.get(deal__partner="globex", name="test-accounts")
    later = (date.fromisoformat(promise.offered["by"]) + timedelta(days=14)).isoformat()
    said("propose", about=promise.public, text="Our security review takes longer", subject="date", becomes=later)


def said(kind: str, **how: str) -> None:
    from django.utils import timezone

    from syncd.partners.desk.models import Said

    Said.objects.create(partner="globex", who="quinn", kind=kind, at=timezone.now(), **how)


if __name__ == "__main__":
    main()
