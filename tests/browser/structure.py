"""What somebody meets who hears a page, or walks through it with the Tab key: headings, landmarks, names, tables, order.

It reads the tree that Chromium hands to assistive technology. axe looks at one element after the other, this at the page.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from playwright.sync_api import Page as Tab

ONCE = ("banner", "main", "contentinfo")
SEVERAL = ("navigation", "region", "complementary", "search")
NAMED = {
    "button", "link", "textbox", "searchbox", "checkbox", "radio", "combobox", "listbox", "spinbutton", "switch", "slider",
    "tab", "menuitem", "DisclosureTriangle", "Date", "image", "table", "heading", "navigation", "region", "complementary",
}  # fmt: skip
"""Roles that say nothing without a name. Those in camel case are Chromium's own."""
HEADERS = {"columnheader", "rowheader"}
JUMPS = """() => {
  const steps = [...document.querySelectorAll("a[href], button, input, select, textarea, summary, [tabindex='0']")].filter(
    (e) => e.checkVisibility({ visibilityProperty: true }) && !e.closest(".skip, .hush, .sticky, svg, [popover]"));
  const told = (e) => e.outerHTML.slice(0, 80);
  return steps.slice(1).flatMap((e, before) => {
    const [from, to] = [steps[before].getBoundingClientRect(), e.getBoundingClientRect()];
    const back = to.bottom <= from.top && to.left < from.right;
    return back ? [`the Tab key jumps from ${told(steps[before])} to ${told(e)}`] : [];
  });
}"""
"""Steps that lead back up the page, other than to the next column."""
PAST = """() => {
  const first = document.querySelector("a[href], button, input");
  if (!first.matches(".skip")) return ["nothing leads past the navigation"];
  first.focus();
  first.click();
  return document.activeElement.matches("main") ? [] : ["the way past the navigation leads nowhere"];
}"""
CURRENT = """() => [...document.querySelectorAll("nav[aria-label=Main]")].flatMap((nav) => {
  const marked = [...nav.querySelectorAll("[aria-current]")];
  const here = [...nav.querySelectorAll("a")].filter((a) => a.pathname === location.pathname);
  return marked.length > 1 || here.some((a) => !marked.includes(a)) ? ["the navigation does not say where one is"] : [];
})"""


@dataclass(frozen=True, slots=True)
class Node:
    """``level``: of a heading, from 1; else 0. ``holds``: of a table, the roles of all in it."""

    role: str
    name: str
    level: int
    holds: frozenset[str]


def structure(tab: Tab) -> Iterator[str]:
    """Everything that is wrong. Afterwards the focus is on what the page is about."""
    nodes = _nodes(tab)
    roles = {node.role for node in nodes}
    yield from _headings([node for node in nodes if node.role == "heading"])
    yield from _landmarks(nodes)
    yield from (f"a {node.role} without a name" for node in nodes if node.role in NAMED and not node.name)
    tables = [node for node in nodes if node.role == "table"]
    yield from (f"the table “{table.name}” has no headers" for table in tables if not table.holds & HEADERS)
    if tab.locator("body[data-keys]").count() and "status" not in roles:
        yield "nothing says what was done"
    yield from (found for asked in (JUMPS, CURRENT) for found in tab.evaluate(asked))
    yield from tab.evaluate(PAST) if "navigation" in roles else ()


def _headings(headings: Sequence[Node]) -> Iterator[str]:
    first = [node.name for node in headings if node.level == 1]
    if len(first) != 1:
        yield f"headings of the first level: {first}"
    for above, node in pairwise(headings):
        if node.level > above.level + 1:
            yield f"the heading “{node.name}” of level {node.level} comes after one of level {above.level}"


def _landmarks(nodes: Sequence[Node]) -> Iterator[str]:
    times = Counter(node.role for node in nodes if node.role in ONCE)
    if times["main"] != 1 or max(times.values()) > 1:
        yield f"landmarks of which there is one: {dict(times)}"
    several = Counter((node.role, node.name) for node in nodes if node.role in SEVERAL)
    yield from (f"{count} landmarks {role} “{name}”" for (role, name), count in several.items() if count > 1)


def _nodes(tab: Tab) -> list[Node]:
    """In the order in which they are read."""
    session = tab.context.new_cdp_session(tab)
    found = session.send("Accessibility.getFullAXTree")["nodes"]
    session.detach()
    by_id = {each["nodeId"]: each for each in found}
    return list(_walked(found[0], by_id))


def _walked(told: dict[str, Any], by_id: dict[str, dict[str, Any]]) -> Iterator[Node]:
    role: str = told["role"]["value"]
    children = () if role == "StaticText" else told.get("childIds", ())  # lines of text are of no interest
    below = [node for child in children if child in by_id for node in _walked(by_id[child], by_id)]
    if not told["ignored"]:
        facts = {fact["name"]: fact["value"].get("value") for fact in told["properties"]}
        name = told.get("name", {}).get("value", "").strip()
        holds = frozenset(node.role for node in below) if role == "table" else frozenset()
        yield Node(role, name, facts.get("level", 0), holds)
    yield from below
