"""What speaks against the decision: evidence for other branches of the strategy, and for non-goals."""

from collections.abc import Iterator

from rules.model import Evidence, Judgement, Strategy


def contradictions(judgement: Judgement, strategy: Strategy) -> Iterator[str]:
    """A sentence for each goal that something speaks for besides the one that decides, unless both are of one branch."""
    decided = (*judgement.links, *judgement.against)
    if not decided:
        return
    first, *others = decided
    for link in others:
        if not strategy.same_branch(first.goal, link.goal):
            yield _equal(link.evidence[0], strategy)
    told = {link.goal for link in decided}
    for evidence in judgement.outranked:
        if evidence.goal not in told and not strategy.same_branch(first.goal, evidence.goal):
            told.add(evidence.goal)
            yield _weaker(evidence, first.evidence[0], strategy)


def _equal(evidence: Evidence, strategy: Strategy) -> str:
    return f"{_for(evidence.goal, strategy)} speaks as well that it {evidence.detail}."


def _weaker(evidence: Evidence, decisive: Evidence, strategy: Strategy) -> str:
    than = f"{evidence.strength.word} evidence counts less than {decisive.strength.word}"
    if evidence.strength is decisive.strength:
        than = f"that counts less than that it {decisive.detail}"
    return f"{_for(evidence.goal, strategy)} would speak that it {evidence.detail}; {than}."


def _for(goal_id: str, strategy: Strategy) -> str:
    goal = strategy.by_id.get(goal_id)
    if goal is None:
        return f"For {goal_id}"
    return f"For the {'non-goal' if goal.kind == 'non_goal' else 'goal'} “{goal.title}”"
