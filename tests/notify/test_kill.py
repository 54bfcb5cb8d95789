"""A worker is killed between handing a message over and noting it."""

import os
import signal
import subprocess
import sys
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.db import connection

from syncd.notify import outbox
from syncd.notify.models import Message
from tests.notify.conftest import MONDAY

SENDS = """
import os, django
django.setup()
from django.conf import settings
from config.models.messages import Messages
from datetime import datetime
settings.MESSAGES = Messages.model_validate_json(os.environ["TOLD"])
from syncd.notify import outbox
outbox.deliver(30, datetime.fromisoformat(os.environ["NOW"]))
"""


def database() -> str:
    """The test's own store, as a URL."""
    used = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{used['NAME']}"
    return urlsplit(os.environ["SYNCD_DATABASE"])._replace(path=f"/{used['NAME']}").geturl()


def killed_when_handed_over(mailbox, settings) -> int:
    """Another process sends what is due; the mail server kills it once it has the message. :returns: how it ended"""
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "SYNCD_DATABASE": database(),
        "TOLD": settings.MESSAGES.model_dump_json(by_alias=True),
        "NOW": MONDAY.isoformat(),
    }
    process = subprocess.Popen([sys.executable, "-c", SENDS], env=environment)
    mailbox.before_answer = lambda: os.kill(process.pid, signal.SIGKILL)
    ended = process.wait(60)
    mailbox.before_answer = None
    return ended


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("once", "state", "letters"), [(True, "unknown", 1), (False, "sent", 2)])
def test_a_digest_is_not_doubled_and_an_alert_is_not_lost(mailbox, message, settings, once, state, letters):
    message(once=once)
    assert killed_when_handed_over(mailbox, settings) == -signal.SIGKILL
    assert Message.objects.get().state == Message.SENDING
    outbox.deliver(5, MONDAY + timedelta(minutes=1))
    assert len(mailbox.letters) == 1  # the lease of the dead is still respected
    outbox.deliver(5, MONDAY + outbox.LEASE + timedelta(minutes=1))
    outbox.deliver(5, MONDAY + outbox.LEASE + timedelta(minutes=9))
    assert len(mailbox.letters) == letters
    assert Message.objects.get().state == state
    assert len({letter["Message-ID"] for letter in mailbox.letters}) == 1
