"""``rules.yaml``: which work serves which goal, and what is worth a flag."""

import re
from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from config.models.checks import Checks
from config.models.conditions import Condition, ItemValues
from config.models.values import Id
from connectors.settings import Strict
from rules.model import Action, Mode

ACTIONS: tuple[Action, ...] = ("link", "non_goal", "exempt", "flag")


class Examples(Strict):
    """Items that try the rule; `syncd check` runs them."""

    match: tuple[ItemValues, ...] = Field((), description="Items that the rule must match.")
    nomatch: tuple[ItemValues, ...] = Field((), description="Items that it must leave alone.")


class Rule(Strict):
    """One policy, with exactly one of link, non_goal, exempt and flag."""

    id: Id = Field(description="Stable name (letters, digits, . _ -): verdicts and statistics hang on it.")
    link: Id | None = Field(None, description="Id of the goal that matching work serves.")
    non_goal: Id | None = Field(None, description="Id of the non_goal that matching work belongs to.")
    exempt: Id | None = Field(None, description="Category of work that needs no goal, such as maintenance.")
    flag: Id | None = Field(None, description="Kind of flag to raise on matching work.")
    mode: Mode = Field(
        "monitor",
        description="monitor (counted, without effect), suggest (proposed to people) or enforce (takes effect).",
    )
    because: str = Field("", description="The reason, shown to whoever asks why.")
    when: Condition = Field(description="Which work the rule is about.")
    examples: Examples = Field(Examples(), description="Items that try the rule; `syncd check` runs them.")

    @property
    def actions(self) -> tuple[Action, ...]:
        """What the rule does; exactly one in a valid rule."""
        return tuple(action for action in ACTIONS if getattr(self, action) is not None)

    @model_validator(mode="after")
    def _one_action(self) -> Self:
        if len(self.actions) != 1:
            found = " and ".join(self.actions) or "none"
            raise ValueError(f"expected exactly one of link, non_goal, exempt and flag, found {found}")
        return self


def _working_days(value: Any) -> float:
    if isinstance(value, str) and (match := re.fullmatch(r"(\d+(?:\.\d+)?) working days? in progress", value)):
        return float(match[1])
    if isinstance(value, bool) or value != 0:
        raise ValueError('expected 0, or a time such as "3 working days in progress"')
    return 0.0


Grace = Annotated[
    float,
    BeforeValidator(
        _working_days,
        json_schema_input_type=Annotated[str, Field(pattern=r"^\d+(\.\d+)? working days? in progress$")] | Literal[0],
    ),
]


class RulesFile(Strict):
    """Rules, and when what they find becomes a flag."""

    rules: tuple[Rule, ...] = Field((), description="The rules; all of them are tried on every item.")
    needs_goal: Condition = Field(
        {"kind": ["epic", "story", "task", "pull_request"]}, description="Which work ought to serve a goal."
    )
    grace: Grace = Field(
        0.0,
        description='Time before the first flag: 0, or such as "3 working days in progress". Work that has not started has not used it.',
    )
    baseline: Literal["first_sync", "none"] = Field(
        "none",
        description="first_sync: what existed before the first sync is one number to work off; none: it is flagged too.",
    )
    checks: Checks = Field(Checks(), description="The built-in checks: which are in force, and their thresholds.")
