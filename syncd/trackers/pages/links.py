"""Where names lead: goals to their page, items to theirs."""

from dataclasses import dataclass
from functools import lru_cache

from django.urls import NoReverseMatch, reverse
from django.utils.safestring import SafeString

from rules.model import Strategy
from syncd.web.drawing import fill


@dataclass(frozen=True, slots=True)
class Named:
    """A goal by its title. ``url`` is empty where there is no page about it."""

    id: str
    title: str
    url: str

    @property
    def drawn(self) -> SafeString:
        """Its title, which leads to its page."""
        markup = '<a href="{url}">{title}</a>' if self.url else "<span>{title}</span>"
        return fill(markup, url=self.url, title=self.title)


def goal(id_: str, strategy: Strategy) -> Named | None:
    """None for no goal; one that is not in force any more goes by its id."""
    if not id_:
        return None
    found = strategy.by_id.get(id_)
    return Named(id_, found.title if found else id_, _page("goal", id_) if found else "")


def numbered(route: str, number: int) -> str:
    """The address of one of many: of an item, of a flag."""
    return f"{_before(route)}{number}/"


@lru_cache(maxsize=8)
def _before(route: str) -> str:
    """What stands before the number; found once, since pages lead to many."""
    return reverse(route, args=[0]).removesuffix("0/")


def to(route: str, query: str = "") -> str:
    return f"{reverse(route)}?{query}" if query else reverse(route)


def _page(route: str, *arguments: object) -> str:
    try:
        return reverse(route, args=arguments)
    except NoReverseMatch:
        return ""
