"""A company whose queue changes, and receivers on loopback."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from config.models.messages import Messages
from syncd.accounts.models import User
from syncd.notify.models import Message, Subscription
from tests.accounts.cast import ana, browser, fresh_limits, omar, vera
from tests.notify.servers import Mailbox, Receiver, http_receiver, mail_server
from tests.review.conftest import desk, stream, write

__all__ = ["ana", "browser", "desk", "fresh_limits", "omar", "stream", "vera", "write"]

MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
"""When the desk opens: see tests/review/desk.py."""


@pytest.fixture(autouse=True)
def _public(settings) -> None:
    settings.PUBLIC_URL = "https://syncd.acme.example"


@pytest.fixture
def mailbox(settings) -> Iterator[Mailbox]:
    """A mail server, configured."""
    with mail_server() as box:
        configure(settings, mail=mail_at(box.port))
        yield box


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with http_receiver() as found:
        yield found


def mail_at(port: int, **more: Any) -> dict[str, Any]:
    return {"host": "127.0.0.1", "port": port, "tls": "none", "from": "syncd@acme.example", **more}


def configure(settings: Any, **parts: Any) -> None:
    """Parts of ``syncd.yaml``, as the service reads them."""
    settings.MESSAGES = Messages.model_validate(parts)


@pytest.fixture
def subscribe(ana: User) -> Callable[..., Subscription]:
    """Ana's digest: every day at nine, unless it is said otherwise."""

    def subscribed(person: User = ana, **values: Any) -> Subscription:
        usual = {"days": list(range(7)), "hour": 9, "since": MONDAY}
        return Subscription.objects.create(person=person, **usual | values)

    return subscribed


@pytest.fixture
def message(db) -> Callable[..., Message]:
    """A message that is due."""

    def written(**values: Any) -> Message:
        usual = {
            "key": f"k{Message.objects.count()}", "way": Message.MAIL, "to": "ana@acme.example", "topic": "trackers",
            "subject": "Hello", "text": "Words", "made_at": MONDAY, "next_at": MONDAY,
        }  # fmt: skip
        return Message.objects.create(**usual | values)

    return written
