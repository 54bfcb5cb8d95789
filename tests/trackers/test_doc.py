from collections.abc import Callable
from dataclasses import fields
from datetime import UTC, date, datetime

import pytest

from connectors.item import Item, Person, Ref
from syncd.trackers import doc

WHEN = datetime(2026, 11, 20, 8, 30, 15, 123000, tzinfo=UTC)

RICH = {
    "closed_at": WHEN,
    "body": "Users cannot sign in.\nSee WEB-7.",
    "labels": ("goal:activation", "größe"),
    "assignees": (Person("u1", "Ana", "ana@acme.example"), Person("u2", "Bot", bot=True)),
    "reporter": Person("u3", "Omar"),
    "parent": "jira:WEB-1",
    "goals": ("activation",),
    "components": ("api",),
    "versions": ("2.1",),
    "milestone": "Q4",
    "sprint": "Sprint 12",
    "points": 3.5,
    "priority": "High",
    "due": date(2026, 12, 1),
    "draft": False,
    "merged_at": WHEN,
    "branch": "web-7-sign-in",
    "fields": {"Team": "Core", "Risk": None, "Tags": ["a", "b"], "Count": 2},
    "refs": (Ref("closes", "jira:WEB-7", "body"),),
}


def _columns(item: Item) -> dict:
    return dict(zip(doc.COLUMNS, doc.columns(item), strict=True))


@pytest.mark.parametrize("changes", [{}, RICH, *({name: value} for name, value in RICH.items())])
def test_an_item_comes_back_as_it_was_laid_down(make: Callable[..., Item], changes: dict) -> None:
    item = make(1, **changes)
    assert doc.unpack(item.tracker, _columns(item), doc.pack(item)) == item


def test_a_superseded_version_comes_back_whole(make: Callable[..., Item]) -> None:
    item = make(1, **RICH)
    assert doc.thaw(item.tracker, doc.freeze(_columns(item), doc.pack(item))) == item


def test_every_attribute_counts_for_the_hash_but_the_update_stamp_and_what_never_changes(
    make: Callable[..., Item],
) -> None:
    plain = make(1)
    digest = doc.content_hash(plain, doc.pack(plain))
    others = RICH | {
        "container": "PAY", "key": "PAY-1", "kind": "bug", "type": "Bug", "title": "Other", "url": "https://x.example",
        "status": "Doing", "status_category": "in_progress", "created_at": WHEN,
    }  # fmt: skip
    unmoved = {"tracker", "native_id", "address", "updated_at"}
    assert {field.name for field in fields(Item)} == others.keys() | unmoved
    for name, value in others.items():
        other = make(1, **{name: value})
        assert doc.content_hash(other, doc.pack(other)) != digest, name
    later = make(1, updated_at=WHEN)
    assert doc.content_hash(later, doc.pack(later)) == digest


def test_the_order_of_further_fields_does_not_matter(make: Callable[..., Item]) -> None:
    one, other = make(1, fields={"a": 1, "b": 2}), make(1, fields={"b": 2, "a": 1})
    assert doc.pack(one) == doc.pack(other)


def test_a_nul_in_a_title_is_shown_and_does_not_break_the_store(make: Callable[..., Item]) -> None:
    assert _columns(make(1, title="a\0b"))["title"] == "a\ufffdb"
