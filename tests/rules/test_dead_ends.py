"""What an item names and gets no goal from is told, and nothing else is."""

from dataclasses import replace

import pytest

from connectors.item import Item, Ref
from rules.engine import Judge
from rules.explain import explain
from rules.model import Case, Referenced
from tests.rules.cast import NOW, item, policy, refers

POLICY = policy()
JUDGE = Judge(POLICY)
LIVE = ("goal:live",)
PLAIN, TIED = item("PAY-16", title="Mandate"), item("PAY-17", title="Tariff", labels=LIVE)


def told(one: Item, *references: Referenced, above: tuple[Item, ...] = ()) -> list[str]:
    pointing = replace(one, refs=(*one.refs, *(each.ref for each in references if not each.by)))
    case = Case(pointing, above, references)
    [judgement] = JUDGE.judge([case], NOW)
    return list(explain(judgement, case, POLICY, NOW).dead_ends)


def test_a_target_without_a_goal_is_named_with_the_place_where_it_was_found() -> None:
    assert told(item(), refers("mentions", PLAIN, where="branch")) == [
        "It mentions PAY-16 “Mandate” (in its branch), which serves no goal."
    ]


def test_a_target_that_lends_its_goal_is_no_dead_end_even_where_it_is_outranked() -> None:
    assert told(item(), refers("closes", TIED)) == []
    assert told(item(labels=LIVE), refers("closes", TIED)) == []
    assert told(item(), refers("links", PLAIN), refers("closes", TIED)) == [
        "It is linked to PAY-16 “Mandate” (in its text), which serves no goal."
    ]


def test_a_name_that_no_stored_item_has_is_told_as_it_was_written() -> None:
    gone = Ref("mentions", "jira:PAY-99", "title")
    assert told(item(refs=(gone,))) == ["It mentions PAY-99 (in its title), which is not stored."]


@pytest.mark.parametrize("by", ["", "acme-jira:n-WEB-2"])
def test_what_stands_in_its_own_line_and_what_others_refer_to_is_left_out(by: str) -> None:
    epic = item("WEB-2", kind="epic")
    target = epic if not by else PLAIN
    assert told(item(parent=epic.address), refers("mentions", target, by=by), above=(epic,)) == []


def test_the_verdict_says_that_the_references_were_read() -> None:
    case = Case(item(), (), (refers("closes", PLAIN),))
    [judgement] = JUDGE.judge([case], NOW)
    assert explain(judgement, case, POLICY, NOW).verdict.endswith(
        "serves no goal: nothing ties it to one; what it refers to serves none either."
    )
