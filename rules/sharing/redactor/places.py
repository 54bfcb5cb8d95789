"""URLs and the names of hosts. A URL goes whatever its host, unless the agreement allows links to it."""

from collections.abc import Iterator
from urllib.parse import urlsplit

import re2

from rules.sharing.redactor.shapes import ENDS, Hit
from rules.sharing.redactor.spelling import latin1

_URL = re2.compile(
    rb"(?i)(?:[a-z][a-z0-9+.-]{1,30}:/|www\.|(?:mailto|tel|javascript|data|file|vbscript|smb|ssh|git):)[^\s<>\"]+"
    rb"|(?:^|[\s(\[<\"'])(//[^\s<>\"]+)",
    latin1(),
)
_DOTTED = re2.compile(rb"[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)+(?::\d{1,5}|/[^\s<>\"]*)?", latin1())

_INNER = frozenset(
    "internal local localhost localdomain corp lan intra intranet home private test example invalid onion".split()  # noqa: SIM905 - words, read as such
)
_ENDINGS = """
com net org io dev app ai co eu de uk fr us at ch nl be it es pt pl se no dk fi cz ie ca au jp cn in br mx ru
tech cloud site online info biz systems software tools health page so sh run xyz gov edu int
"""
_PUBLIC = frozenset(_ENDINGS.split())
"""The ends of hosts that texts name most. A name of three parts counts as a host whatever its end."""


def find(data: bytes, inner: frozenset[str], allowed: frozenset[str]) -> Iterator[Hit]:
    """URLs and hosts.

    :param inner: hosts and domains of our own
    :param allowed: hosts to which shared text may link; they may be named as well
    """
    for match in _URL.finditer(data):
        start, end = match.span(1) if match.group(1) else match.span()
        end = _without_ends(data, start, end)
        if not _may_link(data[start:end].decode("latin-1"), allowed):
            yield Hit(start, end, "url", "it is an address; the agreement allows no links to it")
    for match in _DOTTED.finditer(data):
        start, end = match.start(), _without_ends(data, match.start(), match.end())
        if because := _host(data[start:end].decode("latin-1").lower(), inner, allowed):
            yield Hit(start, end, "host", because)


def _without_ends(data: bytes, start: int, end: int) -> int:
    while end > start and data[end - 1] in ENDS:
        end -= 1
    return end


def _may_link(url: str, allowed: frozenset[str]) -> bool:
    """An address by https at one of the hosts, without user, port or anything that browsers read otherwise."""
    try:
        host = urlsplit(url).netloc.lower()
    except ValueError:
        return False
    plain = url.startswith("https://") and "\\" not in url and "@" not in url
    return plain and host in allowed


def _host(name: str, inner: frozenset[str], allowed: frozenset[str]) -> str:
    """Why a dotted name is a host that goes; empty where it stays."""
    host, port, _ = name.replace("/", ":", 1).partition(":")
    labels = host.split(".")
    if host in allowed:
        return ""
    if any(".".join(labels[index:]) in inner for index in range(min(len(labels), 12))):
        return "it is a host of ours"
    if labels[-1] in _INNER:
        return "it is a host of an inner network"
    if len(labels[-1]) < 2 or not labels[-1].isalpha():
        return ""
    if labels[-1] in _PUBLIC and len(labels[-2]) > 1:
        return "it is a host"
    many = len(labels) > 2 and sum(len(label) > 1 for label in labels) >= 3
    return "it reads like a host" if many or (port and len(labels[-2]) > 1 and len(labels) > 2) else ""
