"""``orphan_pr``: an open pull request that names no item."""

from typing import Any

import pytest

from connectors.item import Ref
from rules.engine import Judge
from rules.model import Case, Checks
from tests.rules.cast import NOW, item, policy
from tests.rules.checks.bench import findings


def pull(**values: Any) -> Case:
    return Case(item("acme/web#7", **{"kind": "pull_request", "branch": "tidy-up", "draft": False, **values}))


def test_a_change_that_names_nothing_is_told_how_to() -> None:
    [finding] = findings("orphan_pr", pull())
    assert finding.message == "acme/web#7 “Title of acme/web#7” names no item that it is for"
    assert finding.fix == (
        "Name the item that it belongs to: its key in the title or the branch, or “Closes …” in the text. "
        "If there is none, tie it to a goal or exempt it."
    )


@pytest.mark.parametrize(
    "values",
    [
        {"refs": (Ref("closes", "github:acme/web#1", "body"),)},
        {"refs": (Ref("mentions", "jira:WEB-2", "branch"),)},
        {"refs": (Ref("links", "jira:WEB-2", "Story"),)},
        {"parent": "github:acme/web#1"},
        {"labels": ("goal:live",)},
        {"labels": ("no:rewrite",)},
        {"labels": ("ops",)},
        {"branch": None},
        {"draft": True},
        {"status_category": "done"},
        {"status_category": "cancelled"},
        {"kind": "task"},
    ],
    ids=str,
)
def test_nothing_is_said_where_it_names_one_serves_something_is_exempt_or_cannot_be_told(values: dict) -> None:
    assert findings("orphan_pr", pull(**values)) == ()


@pytest.mark.parametrize(
    ("mode", "kinds"), [("enforce", ["orphan_pr"]), ("monitor", ["unlinked", "orphan_pr"]), ("off", ["unlinked"])]
)
def test_it_stands_for_unlinked_where_it_is_enforced(mode: Any, kinds: list[str]) -> None:
    judge = Judge(policy(checks=Checks(modes={"missing_why": "off", "orphan_pr": mode})))
    assert [finding.kind for finding in next(judge.judge([pull()], NOW)).findings] == kinds


def test_a_change_for_an_item_without_a_goal_is_unlinked() -> None:
    judge = Judge(policy())
    named = pull(refs=(Ref("closes", "github:acme/web#1", "body"),))
    assert [finding.kind for finding in next(judge.judge([named], NOW)).findings] == ["unlinked"]
