"""A generated tracker of any size: epics with stories, tasks and bugs below them."""

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from connectors.item import Item, Person, Ref

TOPICS = ("appointment", "invoice", "claims", "export", "search", "login", "tariff", "report", "reminder", "audit")
WORDS = (*TOPICS, "table", "screen", "slow", "clinic", "patient", "button", "retry", "import", "error", "mobile")
BELOW = 14
"""Items below an epic, on average a little more than half of it."""
AT = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


def items(count: int, first: int = 1) -> Iterator[Item]:
    """So many items, numbered from ``first``, the same every time; an epic comes before those below it."""
    pick = random.Random(1)
    epic = ""
    left = 0
    for number in range(first, first + count):
        if left == 0:
            left, epic = pick.randrange(2, BELOW * 2), f"jira:WEB-{number}"
            yield _item(pick, number, first, "epic", "")
        else:
            left -= 1
            yield _item(pick, number, first, pick.choice(("story", "story", "task", "bug")), epic)


def _item(pick: random.Random, number: int, first: int, kind: str, parent: str) -> Item:
    topic, category = pick.choice(TOPICS), pick.choice(("todo", "in_progress", "done", "done"))
    labels = [*pick.choices((f"area/{topic}", "ux-review", "goal:activation", "debt"), k=pick.randrange(3))]
    created = AT - timedelta(days=pick.randrange(400))
    others = (f"jira:WEB-{pick.randrange(first, number + 1)}",) if pick.random() < 0.1 else ()
    return Item(
        tracker="acme-jira",
        native_id=str(number),
        container="WEB",
        key=f"WEB-{number}",
        address=f"jira:WEB-{number}",
        kind=kind,  # type: ignore[arg-type]
        type=kind.capitalize(),
        title=" ".join(pick.choices(WORDS, k=6)),
        body=" ".join(pick.choices(WORDS, k=40)),
        url=f"https://acme.example/browse/WEB-{number}",
        status=category,
        status_category=category,  # type: ignore[arg-type]
        labels=tuple(dict.fromkeys(labels)),
        components=(pick.choice(TOPICS),),
        assignees=(Person(f"u{number % 50}", f"Person {number % 50}"),),
        points=pick.choice((None, 1.0, 3.0, 8.0)),
        created_at=created,
        updated_at=created + timedelta(days=pick.randrange(30)),
        parent=parent,
        refs=tuple(Ref("links", other, "relates to") for other in others),
    )
