"""Flags of one's own: whatever a rule with ``flag: KIND`` matches, in whatever state its condition allows."""

from connectors.item import Item
from rules.model import Finding, Rule
from rules.standing import name


def by_rule(item: Item, rule: Rule, reason: str) -> Finding:
    message = f"{name(item)}: {rule.because or f'matches the rule {rule.id}'}"
    return Finding(rule.target, item.id, rule.id, message, f"It clears when this is no longer so: {reason}.")
