"""How people write down that a change belongs to something else: closing words, keys, branches, links.

Which way a work takes hangs on its name, so that all ways occur and the same seed gives the same text.
"""

import re
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from syncd.sandbox.base import Work

_JIRA_KEY = re.compile(r"[A-Z][A-Z0-9_]*-\d+")
_CLOSING = ("Closes", "Fixes", "Resolves")
_MENTIONS = ("See", "Related to")


@dataclass(frozen=True, slots=True)
class Wording:
    """Title, body and branch with the references in them."""

    title: str
    body: str
    branch: str


def compose(work: Work, addresses: Mapping[str, str]) -> Wording:
    """Write the work's references into its text.

    :param addresses: name -> ``WEB-12``, ``acme/web#12`` or a URL
    :raises KeyError: it names a work that has not been planted
    """
    way = zlib.crc32(work.name.encode())
    title, branch = work.title, work.branch
    lines = [f"{_CLOSING[way % 3]} {target}" for target in _targets(work, work.closes, addresses)]
    mentioned = _targets(work, work.mentions, addresses)
    if mentioned and _JIRA_KEY.fullmatch(mentioned[0]):
        # the first key goes where it fits: title, branch or text
        if way % 3 == 0:
            title = f"{mentioned.pop(0)}: {title}"
        elif way % 3 == 1 and branch:
            branch = f"{mentioned.pop(0)}-{branch}"
    lines += [f"{_MENTIONS[way % 2]} {target}" for target in mentioned]
    return Wording(title, "\n\n".join([part for part in (work.body, "\n".join(lines)) if part]), branch)


def part_of(body: str, address: str) -> str:
    """The text, with a parent that lives in another tracker."""
    return "\n\n".join(part for part in (body, f"Part of {address}") if part)


def _targets(work: Work, names: Sequence[str], addresses: Mapping[str, str]) -> list[str]:
    """The addresses as written in this repository: its own numbers stand alone."""
    return [address_of(work, name, addresses) for name in names]


def address_of(work: Work, name: str, addresses: Mapping[str, str]) -> str:
    """Where another work is. Raises KeyError, with the remedy, if it is nowhere yet."""
    if name not in addresses:
        raise KeyError(f"{work.name} refers to {name}, which is not planted yet: plant its tracker first")
    return addresses[name].removeprefix(work.place) if addresses[name].startswith(f"{work.place}#") else addresses[name]
