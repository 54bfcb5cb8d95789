"""Where names lead: goals to their page, items to theirs."""

from dataclasses import dataclass

from django.urls import NoReverseMatch, reverse

from rules.model import Strategy


@dataclass(frozen=True, slots=True)
class Named:
    """A goal by its title. ``url`` is empty where there is no page about it."""

    id: str
    title: str
    url: str


def goal(id_: str, strategy: Strategy) -> Named | None:
    """None for no goal; one that is not in force any more goes by its id."""
    if not id_:
        return None
    found = strategy.by_id.get(id_)
    return Named(id_, found.title if found else id_, _page("goal", id_) if found else "")


def to(route: str, query: str = "") -> str:
    return f"{reverse(route)}?{query}" if query else reverse(route)


def _page(route: str, *arguments: object) -> str:
    try:
        return reverse(route, args=arguments)
    except NoReverseMatch:
        return ""
