"""How the queue speaks of tabs, orders and filters."""

from collections.abc import Iterator, Mapping

from rules.explain import Suggested
from rules.model import Strategy
from syncd.review.queue import AUTO, DECIDED, REVIEW, SNOOZED, Count, Filters
from syncd.web.checks import shown
from syncd.web.templatetags.look import percent

TABS: Mapping[str, str] = {
    REVIEW: "To review",
    SNOOZED: "Snoozed",
    DECIDED: "Decided",
    AUTO: "Auto-handled",
}
SORTS: Mapping[str, str] = {
    "stake": "Cost of being wrong",
    "clears": "What one repair clears",
    "oldest": "Open longest",
    "newest": "Newest",
    "recent": "Decided last",
    "waiting": "Put off longest",
    "resolved": "Resolved last",
}
AGES: Mapping[int, str] = {1: "a day", 7: "a week", 30: "a month", 90: "three months"}
HELD: Mapping[str, str] = {
    "baseline": "There at the first sync",
    "grace": "Work has only begun",
    "monitor": "Its rule is on trial",
}
NAMES: Mapping[str, str] = {
    "rule": "Flag",
    "severity": "Severity",
    "goal": "Goal",
    "tracker": "Tracker",
    "container": "In",
    "kind": "Work",
    "owner": "Owner",
    "state": "State",
}


def chips(filters: Filters, strategy: Strategy) -> Iterator[tuple[str, str]]:
    """What leaves something out, in words, with the query string of the same without it."""
    for name, value in filters.narrowing:
        yield _chip(name, value, strategy), filters.without(name, value).query


def _chip(name: str, value: str, strategy: Strategy) -> str:
    if name == "q":
        return f"“{value}”"
    if name == "age":
        return f"Open for {AGES.get(int(value), f'{value} days')} or longer"
    if name == "rule":
        return f"Flag: {shown(value).word}"
    if name == "goal" and value in strategy.by_id:
        return f"Goal: {strategy.by_id[value].title}"
    return f"{NAMES[name]}: {value.replace('_', ' ')}"


def sure(suggested: Suggested) -> str:
    """How sure a suggestion is: a word, and a figure once enough were answered here to stand behind it."""
    return suggested.strength if suggested.confidence is None else f"{percent(suggested.confidence)} sure"


def capped(count: int, most: int = 1_000) -> str:
    """``1,000+`` where counting stopped."""
    return f"{most:,}+" if count > most else f"{count:,}"


def counted(count: Count) -> str:
    """The same, and ``12+`` where there may be more."""
    told = capped(count.number)
    return f"{told}+" if count.more and not told.endswith("+") else told
