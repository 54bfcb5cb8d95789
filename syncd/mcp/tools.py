"""The tools. Each reads one moment in a transaction in which the database refuses every write."""

from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import replace
from functools import wraps
from typing import Annotated, ParamSpec, TypeVar

from django.core.exceptions import BadRequest
from django.db import DatabaseError, connection
from django.utils import timezone
from mcp.server.mcpserver.exceptions import ToolError
from pydantic import Field

from rules.model import Severity
from syncd.accounts.models import Role, User
from syncd.api import telling
from syncd.api.shapes import flags as asked
from syncd.mcp import shapes
from syncd.review import queue
from syncd.review.why import NotTold, Told, why
from syncd.strategy.goals import in_force, standings
from syncd.strategy.versions import OldForm
from syncd.trackers import access, search
from syncd.trackers.find import find
from syncd.trackers.models import Item
from syncd.trackers.reading import reading

MOST = 50
"""Rows of one answer."""
LISTED = 40
"""Findings, trials and flags of one explanation; a strategy may have a thousand rules."""
READER = User(email="assistant", name="An assistant", role=Role.VIEWER)
"""In whose name is read: somebody who may look, and nothing else. It is in no table."""

P = ParamSpec("P")
R = TypeVar("R")
After = Annotated[str, Field(max_length=2_000, description="The cursor of the answer before; empty for the first.")]
Limit = Annotated[int, Field(ge=1, le=MOST)]
Words = Annotated[list[str], Field(max_length=20)]


def reads(tool: Callable[P, R]) -> Callable[P, R]:
    """What goes wrong is told to the assistant in a sentence, and the connection is given back."""

    @wraps(tool)
    def read(*args: P.args, **kwargs: P.kwargs) -> R:
        with _told(), reading():
            return tool(*args, **kwargs)

    return read


@contextmanager
def _told() -> Generator[None]:
    try:
        yield
    except (BadRequest, NotTold, OldForm) as error:
        raise ToolError(str(error)) from error
    except DatabaseError as error:
        raise ToolError("the store does not answer: try again in a moment") from error
    finally:
        connection.close()


@reads
def list_flags(
    tab: Annotated[asked.Tab, Field(description="review: open; auto: gone by themselves.")] = "review",
    q: Annotated[str, Field(max_length=200, description="Looked for in message and key.")] = "",
    rule: Words = [],  # noqa: B006  pydantic copies them
    severity: list[Severity] = [],  # noqa: B006
    goal: Words = [],  # noqa: B006
    tracker: Words = [],  # noqa: B006
    owner: Words = [],  # noqa: B006
    limit: Limit = 20,
    after: After = "",
) -> shapes.Flags:
    """The review queue: work that serves no goal, or is misaligned in another way, those first that it costs most to be
    wrong about. Each with its message, what would clear it, and what stands decided."""
    filters = queue.Filters.of(
        {
            "tab": [tab],
            "q": [_plain(q)],
            "rule": rule,
            "severity": severity,
            "goal": goal,
            "tracker": tracker,
            "owner": owner,
        }
    )
    page = queue.rows(READER, filters, after, limit)
    rows = [asked.Flag.model_validate(each) for each in telling.flags(page.rows)]
    return shapes.Flags(
        rows=rows, matching=queue.counts(READER, filters, every=True)[tab].number, cursor=page.older or None
    )


@reads
def explain_item(
    item: Annotated[str, Field(max_length=500, description="Key (WEB-12, acme/web#40), id (tracker:id) or URL.")],
) -> shapes.Explained:
    """Why an item serves its goals, or does not: the way to the goal with the break, evidence, the rules that matched or
    missed by one clause, what people decided, its flags, goals that it might serve, and how fresh all that is."""
    whole = why(_item(_plain(item)))
    told = _shortened(whole)
    return shapes.Explained.model_validate({"told": told, "left_out": _listed(whole) - _listed(told)})


@reads
def goals_status() -> shapes.Goals:
    """The strategy tree: each goal with owner, what its people said last, what its work and its metric say, intended and
    actual share of effort, open and finished work, open flags."""
    strategy, checks = in_force()
    rows = [telling.goal(each) for each in standings(strategy, checks, timezone.now())]
    return shapes.Goals.model_validate({"vision": strategy.vision, "rows": rows})


@reads
def search_items(
    q: Annotated[str, Field(min_length=1, max_length=300, description="Words, a key or a URL.")],
    limit: Limit = 20,
    after: After = "",
) -> shapes.Found:
    """Items of all trackers, and goals, by their words: what is called exactly so first, then the best."""
    found = search.find(READER, q, after=after, size=limit)
    return shapes.Found.model_validate({"rows": map(telling.hit, found.hits), "cursor": found.older or None})


TOOLS = (list_flags, explain_item, goals_status, search_items)


def _item(named: str) -> Item:
    """:raises ToolError: it is none, or several"""
    sees = access.sees(READER)
    found = [row for row in find(named) if row.tracker_id in sees]
    if len(found) == 1:
        return found[0]
    if found:
        keys = ", ".join(f"{row.tracker.name}:{row.native_id}" for row in found[:10])
        raise ToolError(f"{named} is in several trackers: say which of {keys}")
    raise ToolError(f"there is no item {named}: search_items finds keys by words")


def _shortened(told: Told) -> Told:
    """Without what nobody reads to its end; rules that matched or nearly did come first."""
    whole = told.explanation
    trials = sorted(whole.trials, key=lambda each: not (each.matched or each.near))
    short = replace(whole, trials=tuple(trials[:LISTED]), findings=whole.findings[:LISTED], held=whole.held[:LISTED])
    return replace(told, explanation=short, flags=told.flags[:LISTED])


def _listed(told: Told) -> int:
    whole = told.explanation
    return len(whole.trials) + len(whole.findings) + len(whole.held) + len(told.flags)


def _plain(text: str) -> str:
    return text.replace("\0", " ")
