"""The built-in checks in words, with the icon and the tone of their flags; the same wherever a flag is shown."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Shown:
    """How flags of a check look. ``tone``: one of the kit's; colour never says it alone."""

    word: str
    glyph: str
    tone: str = "warn"


CHECKS = {
    "unlinked": Shown("Without a goal", "unlink"),
    "off_strategy": Shown("Off strategy", "ban", "bad"),
    "conflict": Shown("Conflicting goals", "git-fork"),
    "catch_all": Shown("Catch-all", "package-open"),
    "missing_why": Shown("Missing why", "circle-question-mark"),
    "orphan_pr": Shown("Change without work", "git-pull-request"),
    "blocked": Shown("Blocked", "octagon-x", "bad"),
    "overdue": Shown("Overdue", "calendar-x-2", "bad"),
    "drifted": Shown("Scope drifted", "move-right"),
    "starved_goal": Shown("Starved goal", "battery-low", "bad"),
    "over_share": Shown("Over its share", "trending-up"),
    "under_share": Shown("Under its share", "trending-down"),
    "stale_goal": Shown("No word from the owner", "message-circle-off"),
}


def shown(rule: str) -> Shown:
    """Of a check; a rule that somebody wrote goes by its id."""
    return CHECKS.get(rule) or Shown(rule, "flag", "info")
