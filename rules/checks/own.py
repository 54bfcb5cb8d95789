"""Flags of one's own: whatever a rule with ``flag: KIND`` matches."""

from connectors.item import Item
from rules.model import Finding, Rule
from rules.standing import name


def by_rule(item: Item, rule: Rule, reason: str) -> Finding:
    """The finding of a rule of one's own; ``reason`` is what matched. On trial (held) unless it is enforced."""
    message = f"{name(item)}: {rule.because or f'matches the rule {rule.id}'}"
    fix = f"It clears when this is no longer so: {reason}."
    return Finding(rule.target, item.id, rule.id, message, fix, "" if rule.mode == "enforce" else "monitor")
