"""Parents that swallow everything and prove nothing.

Where a parent is only a place to put things, that something lies there says little about why it is done.
Such parents show: many children that have nothing to do with one another, and nothing by which anybody
could tell that the parent is finished or has come to something.
"""

from typing import Any

import re2

from connectors.item import Item
from rules.model import Checks, Crowd


def is_catch_all(item: Item, crowd: Crowd | None, checks: Checks) -> bool:
    """Whether a parent with these children is a catch-all, by the thresholds of the checks.

    Without a crowd it is none: children that nobody counted cannot be held against it.
    """
    most = checks.catch_all
    if crowd is None or crowd.children < most.children or crowd.components < most.components:
        return False
    return not (has_end(item) or has_outcome(item))


def has_end(item: Item) -> bool:
    """Whether something tells when it ends: a due date, a version or a milestone."""
    return bool(item.due or item.versions or item.milestone)


def has_outcome(item: Item) -> bool:
    """Whether title or text name a figure that can be measured: ``12 %``, ``under 300 ms``, ``€ 40``."""
    return any(FIGURE.search(text.encode(errors="replace")) for text in (item.title, item.body))


_UNITS = (
    r"%|‰|percent\b|per cent\b|pp\b|ms\b|(?:milli)?seconds?\b|sec\b|minutes?\b|min\b|hours?\b"
    r"|[€$£¥]|eur\b|usd\b|gbp\b|[kmgt]i?b\b|rps\b|qps\b"
    r"|(?:users?|customers?|accounts?|sign-?ups?|orders?|requests?|errors?|tickets?|incidents?|calls?)\b"
)
FIGURE: Any = re2.compile(rf"(?i)\d[\d.,]*\s*(?:{_UNITS})|[€$£¥]\s?\d")
"""By RE2, for which a text of nothing but digits is as quick as any other."""
