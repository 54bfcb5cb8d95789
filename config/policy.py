"""What operators wrote about strategy and rules, as the nouns that judgement works with."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from config.models import checks as written_checks
from config.models import rules as written_rules
from config.models import strategy as written
from config.models.conditions import ItemValues
from config.models.rules import RulesFile
from config.models.strategy import StrategyFile
from rules.model import Accepts, Checks, Example, Goal, Outcome, Policy, Rule, Strategy


def policy(strategy: StrategyFile, rules: RulesFile) -> Policy:
    """The policy in force. Where the strategy is kept in a tracker, its goals come from there, not from here."""
    return Policy(
        strategy=Strategy(strategy.vision, tuple(map(_goal, strategy.goals))),
        rules=tuple(map(_rule, rules.rules)),
        needs_goal=rules.needs_goal,
        grace_days=rules.grace,
        checks=_checks(rules.checks),
        baseline=rules.baseline == "first_sync",
    )


def _checks(checks: written_checks.Checks) -> Checks:
    """Modes and thresholds; those that were not written are the defaults on both sides."""
    written = checks.model_dump(exclude_unset=True)
    modes = {check: values.pop("mode") for check, values in written.items() if "mode" in values}
    if headings := written.get("missing_why", {}).get("headings"):
        written["missing_why"]["headings"] = {part: tuple(names) for part, names in headings.items()}
    base = Checks(modes=modes)
    thresholds = {check: replace(getattr(base, check), **values) for check, values in written.items() if values}
    return replace(base, **thresholds)


def _goal(goal: written.Goal) -> Goal:
    return Goal(
        id=goal.id,
        kind=goal.kind,
        title=goal.title,
        parent=goal.parent or "",
        owner=goal.owner,
        status=goal.status,
        starts=goal.period.start if goal.period else None,
        ends=goal.period.end if goal.period else None,
        why=goal.why,
        outcome=Outcome(**goal.outcome.model_dump()) if goal.outcome else None,
        share=goal.share,
        accepts=Accepts(labels=goal.accepts.labels, items=goal.accepts.items, fields=goal.accepts.field),
    )


def _rule(rule: written_rules.Rule) -> Rule:
    action = rule.actions[0]
    return Rule(
        id=rule.id,
        action=action,
        target=getattr(rule, action),
        when=rule.when,
        mode=rule.mode,
        because=rule.because,
        examples=(*_examples(rule.examples.match, matches=True), *_examples(rule.examples.nomatch, matches=False)),
    )


def _examples(items: Iterable[ItemValues], *, matches: bool) -> Iterator[Example]:
    """The values as they were written: only what was named, lists and plain values."""
    for item in items:
        yield Example(item.model_dump(mode="json", exclude_unset=True), matches)
