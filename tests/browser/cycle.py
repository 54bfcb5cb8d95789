"""One cycle of the publisher over the store that the environment names; with ``quinn``, the partner has said something before, with ``late``,
both sides have accepted everything, and ours wants more time for the first of it.

Run as ``python -m tests.browser.cycle`` beside a server, never inside a test: it is its own process.
"""

import os
import sys
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from syncd.sharing.models import Promise

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
    if "late" in sys.argv:
        for promise in promises_of_globex():
            said("accept", about=promise.public)
        publish(config)
        late()
    publish(config)


def late() -> None:
    """Acme cannot keep the date of the sign-on."""
    from django.utils import timezone

    from syncd.sharing import promises

    promise = promises_of_globex().get(name="sso")
    later = (date.fromisoformat(promise.offered["by"]) + timedelta(days=28)).isoformat()
    why = "The second directory takes longer than we thought."
    promises.propose(promise, "date", later, why, "ana@acme.example", timezone.now())


def promises_of_globex() -> "QuerySet[Promise]":
    from syncd.sharing.models import Promise

    return Promise.objects.filter(deal__partner="globex")


def quinn() -> None:
    """Globex accepts what was promised, and asks something."""
    for promise in promises_of_globex():
        said("accept", about=promise.public)
    said("comment", text="Does the sign-in work with our second directory?")


def propose() -> None:
    """Globex wants more time."""
    promise = promises_of_globex().get(name="test-accounts")
    later = (date.fromisoformat(promise.offered["by"]) + timedelta(days=14)).isoformat()
    said("propose", about=promise.public, text="Our security review takes longer", subject="date", becomes=later)


def said(kind: str, **how: str) -> None:
    from django.utils import timezone

    from syncd.partners.desk.models import Said

    Said.objects.create(partner="globex", who="quinn", kind=kind, at=timezone.now(), **how)


if __name__ == "__main__":
    main()
