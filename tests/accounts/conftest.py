"""Pages about people."""

import re
from collections.abc import Callable

import pytest
from django.test import Client

from syncd.accounts.models import AuditEvent
from tests.accounts.cast import ana, browser, fresh_limits, omar, vera, with_password

__all__ = ["ana", "browser", "fresh_limits", "omar", "vera", "with_password"]


@pytest.fixture(autouse=True)
def _fresh(fresh_limits, settings) -> None:
    """Every test begins with all its tries, and hashes passwords quickly."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def happened(db) -> Callable[[], list[tuple[str, str, str]]]:
    """The security log so far: who, what, to what, the oldest first."""
    return lambda: list(AuditEvent.objects.order_by("id").values_list("actor", "verb", "target"))


@pytest.fixture
def sent(browser) -> Callable[..., object]:
    """Opens a page, fills in its form and sends it, as a browser would: with the hidden token that came with it."""

    def send(client: Client, path: str, to: str = "", **fields: object):
        page = client.get(path).content.decode()
        token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)
        assert token, f"{path} has no form"
        return client.post(to or path, {"csrfmiddlewaretoken": token[1], **fields})

    return send
