"""By POST, signed as Standard Webhooks asks: https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md"""

import http.client
import re
import socket
import ssl
from datetime import UTC, datetime
from http import HTTPStatus
from urllib.parse import SplitResult, urlsplit

from django.conf import settings
from standardwebhooks import Webhook as Signer

from config.models.messages import Webhook
from connectors.redaction import redact_text
from connectors.settings import SecretMissing
from syncd import __version__
from syncd.notify.models import Message
from syncd.notify.ways import NotConfigured, NotSent, Refused
from syncd.notify.ways.addresses import resolved

TIMEOUT = 15.0
"""Seconds for each step."""
_SECRET = re.compile(r"(whsec_)?[A-Za-z0-9+/]{32,86}={0,2}")
"""24 to 64 bytes, says the specification. What is no base64 would be left out of it silently."""


def send(message: Message) -> None:
    """The same message has the same id, however often it is tried: receivers know by it what they have had.

    :raises NotSent: it was not answered by 2xx
    """
    hook: Webhook | None = settings.MESSAGES.webhook(message.to)
    if hook is None:
        raise NotConfigured(f"syncd.yaml has no webhook {message.to} any more")
    parts = urlsplit(hook.url)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    address = resolved(str(parts.hostname), port, private=hook.allow_private)
    status = _post(parts, port, address, message.text.encode(), headers(message, hook, datetime.now(UTC)))
    if status == HTTPStatus.GONE:
        raise Refused("the receiver answered 410: it wants no more of these")
    if not 200 <= status < 300:
        raise NotSent(f"the receiver answered {status}")


def headers(message: Message, hook: Webhook, now: datetime) -> dict[str, str]:
    """One signature for each secret: a receiver that knows either of them believes it."""
    now = now.replace(microsecond=0)
    signatures = [signer.sign(message.key, now, message.text) for signer in _signers(hook)]
    return {
        "Content-Type": "application/json",
        "User-Agent": f"syncd/{__version__}",
        "webhook-id": message.key,
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": " ".join(signatures),
    }


def _signers(hook: Webhook) -> list[Signer]:
    try:
        secrets = [secret.reveal() for secret in hook.secrets]
    except SecretMissing as error:
        raise NotConfigured(f"webhook {hook.name}: {error}") from None
    if not all(_SECRET.fullmatch(secret) for secret in secrets):
        raise NotConfigured(f"webhook {hook.name}: a secret is not whsec_ and 24 to 64 bytes in base64")
    return [Signer(secret) for secret in secrets]


def _post(parts: SplitResult, port: int, address: str, body: bytes, fields: dict[str, str]) -> int:
    """Connect to the address that was looked at, be it for the name's certificate; follow nothing. :returns: the status"""
    connection = _To(parts, port, address)
    path = f"{parts.path or '/'}{f'?{parts.query}' if parts.query else ''}"
    try:
        connection.request("POST", path, body, fields)
        return connection.getresponse().status
    except (OSError, http.client.HTTPException) as error:
        raise NotSent(redact_text(f"the receiver did not answer: {error or type(error).__name__}")[:300]) from None
    finally:
        connection.close()


class _To(http.client.HTTPConnection):
    """A connection to one address, whatever the name would lead to by now."""

    def __init__(self, parts: SplitResult, port: int, address: str) -> None:
        super().__init__(str(parts.hostname), port, timeout=TIMEOUT)
        self._address, self._tls = address, parts.scheme == "https"

    def connect(self) -> None:
        self.sock = socket.create_connection((self._address, self.port), TIMEOUT)
        if self._tls:
            self.sock = ssl.create_default_context().wrap_socket(self.sock, server_hostname=self.host)
