"""Where a request comes from. Proxies in front are believed only if the operator named them."""

import ipaddress
from collections.abc import Callable
from functools import lru_cache

from django.conf import settings
from django.http import HttpRequest, HttpResponse

PEER = "syncd.peer"
"""Key of the request's environment: who opened the connection, be it a proxy."""
FORWARDED = ("HTTP_X_FORWARDED_FOR", "HTTP_X_FORWARDED_PROTO", "HTTP_X_FORWARDED_HOST", "HTTP_FORWARDED")

Network = ipaddress.IPv4Network | ipaddress.IPv6Network


class Proxies:
    """Puts the client's own address and scheme in place of the proxy's; strangers' words about them are dropped."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        peer = request.META[PEER] = request.META.get("REMOTE_ADDR", "")
        if trusted(peer):
            request.META["REMOTE_ADDR"] = _client(request.META.get("HTTP_X_FORWARDED_FOR", ""), peer)
            if request.META.get("HTTP_X_FORWARDED_PROTO") == "https":
                request.META["wsgi.url_scheme"] = "https"
        for header in FORWARDED:
            request.META.pop(header, None)
        return self._get_response(request)


def ip_of(request: HttpRequest) -> str:
    """The client's address."""
    return str(request.META.get("REMOTE_ADDR", ""))


def peer_of(request: HttpRequest) -> str:
    """Who opened the connection: the client, or the last proxy."""
    return str(request.META.get(PEER, ip_of(request)))


def agent_of(request: HttpRequest) -> str:
    """What the browser calls itself."""
    return str(request.META.get("HTTP_USER_AGENT", ""))[:200]


def browser_of(agent: str) -> str:
    """A browser and its system in words, such as “Firefox on Linux”; what is no browser, as it calls itself.

    https://developer.mozilla.org/en-US/docs/Web/HTTP/Guides/Browser_detection_using_the_user_agent
    """
    browser = next((name for sign, name in BROWSERS if sign in agent), "")
    system = next((name for sign, name in SYSTEMS if sign in agent), "")
    return f"{browser} on {system}" if browser and system else browser or agent


BROWSERS = (("Edg", "Edge"), ("OPR/", "Opera"), ("Firefox/", "Firefox"), ("FxiOS/", "Firefox"), ("CriOS/", "Chrome"),
            ("Chrome/", "Chrome"), ("Safari/", "Safari"))  # fmt: skip
"""What browsers are told by. Most say that they are others as well: the first that fits counts."""
SYSTEMS = (("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"), ("CrOS", "ChromeOS"),
           ("Mac OS X", "macOS"), ("Linux", "Linux"))  # fmt: skip


def trusted(address: str) -> bool:
    """Whether this is one of the proxies that the operator named."""
    found = _parsed(address)
    return found is not None and any(found in network for network in _networks(settings.PEOPLE.trusted))


def _client(chain: str, peer: str) -> str:
    """The last address that no trusted proxy wrote of itself: what stands left of it anybody may have written."""
    for address in reversed(chain.split(",") if chain else []):
        if not trusted(address.strip()):
            return address.strip() if _parsed(address.strip()) else peer
    return peer


def _parsed(address: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return None
    return getattr(found, "ipv4_mapped", None) or found


@lru_cache(maxsize=8)
def _networks(names: tuple[str, ...]) -> tuple[Network, ...]:
    return tuple(map(ipaddress.ip_network, names))
