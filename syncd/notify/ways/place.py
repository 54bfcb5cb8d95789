"""Through Apprise: Slack, Teams, a webhook, and whatever else it has a URL for."""

import logging
from typing import Any

from django.conf import settings

from config.models.messages import Notify
from connectors.redaction import redact_text
from connectors.settings import SecretMissing
from syncd.notify.models import Message
from syncd.notify.ways import NotConfigured, NotSent
from syncd.notify.ways.addresses import resolved

TIMEOUT = 15.0
LONGEST = 300


def send(message: Message) -> None:
    """Apprise says only whether the other side took it; no answer in time counts as not sent.

    :raises NotSent: it was not taken
    """
    place: Notify | None = settings.MESSAGES.target(message.to)
    if place is None:
        raise NotConfigured(f"syncd.yaml has no notify entry {message.to} any more")
    from apprise import LogCapture  # noqa: PLC0415 - a second and 170 modules that only senders need

    plugin = _plugin(place)
    for host in _hosts(plugin):
        resolved(host, plugin.port or 443, private=place.allow_private)
    with LogCapture(level=logging.WARNING) as said:  # type: ignore[no-untyped-call]
        taken = plugin.notify(title=message.subject, body=message.text)
        if not taken:
            raise NotSent(_words(said.getvalue()))


def _plugin(place: Notify) -> Any:
    from apprise import Apprise, AppriseAsset  # noqa: PLC0415

    try:
        url = place.url.reveal()
    except SecretMissing as error:
        raise NotConfigured(f"notify {place.key}: {error}") from None
    asset = AppriseAsset(app_id="syncd", app_desc="syncd", app_url=settings.PUBLIC_URL, http_redirects=False)
    plugin = Apprise.instantiate(url, asset=asset, suppress_exceptions=True)
    if plugin is None:
        raise NotConfigured(f"notify {place.key}: {place.url} holds no URL that Apprise knows")
    plugin.socket_connect_timeout = plugin.socket_read_timeout = TIMEOUT
    return plugin


def _hosts(plugin: Any) -> list[str]:
    """The hosts that the URL itself names. Those of Slack and the like are Apprise's own, and public."""
    named = any("{host}" in template for template in plugin.templates)
    hosts = [plugin.host] if named and plugin.host else []
    return [*hosts, *filter(None, [getattr(plugin, "smtp_host", None)])]


def _words(said: str) -> str:
    lines = [line for line in said.splitlines() if line.strip()]
    return redact_text(lines[-1] if lines else "it was not taken, and Apprise does not say why")[:LONGEST]
