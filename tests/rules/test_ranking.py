"""From evidence to links, whatever the order of the evidence."""

from itertools import permutations

from rules.book import Book
from rules.model import Evidence, Strength
from rules.placing import of_rule, placed
from rules.ranking import decide
from tests.rules.cast import policy, rule

BOOK = Book(policy(rule("b", "link", "trust", label="b"), rule("a", "link", "live", label="a")))
PIECES = (
    of_rule(Evidence("live", Strength.LABEL_RULE, "rule", "a", "matches the rule a"), 1),
    of_rule(Evidence("trust", Strength.LABEL_RULE, "rule", "b", "matches the rule b"), 0),
    placed(Evidence("live", Strength.INHERITED, "parent", "jira:1", "inherits", "jira:1")),
    placed(Evidence("rewrite", Strength.TEXT_RULE, "mentions", "jira:2", "mentions", "jira:2")),
)


def test_evidence_decides_alike_in_whatever_order_it_comes() -> None:
    first, *others = (decide(BOOK, pieces) for pieces in permutations(PIECES))
    assert all(other == first for other in others)


def test_the_strongest_links_and_the_rest_is_kept() -> None:
    (link,), against, outranked = decide(BOOK, PIECES)
    assert (link.goal, link.primary, [piece.kind for piece in link.evidence]) == ("live", True, ["parent", "rule"])
    assert not against
    assert [piece.source for piece in outranked] == ["b", "jira:2"]
