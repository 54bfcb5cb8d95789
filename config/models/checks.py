"""``checks:`` of ``rules.yaml``: which built-in checks are in force, and from where on they say something."""

import re
from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from config.models.values import Share, Text
from connectors.item import Kind
from connectors.settings import Strict
from rules.model import CheckMode
from rules.model import Checks as Thresholds
from rules.model.checks import PARTS, Part

DEFAULTS = Thresholds()

Days = Annotated[int, Field(ge=0, le=3650)]
WorkingDays = Annotated[float, Field(ge=0, le=3650)]


def _growth(value: Any) -> float:
    if isinstance(value, str) and (percent := re.fullmatch(r"(\d{1,4}(?:\.\d+)?)\s?%", value)):
        value = float(percent[1]) / 100
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value <= 100:
        raise ValueError("expected how much more than at the start, such as 50% or 0.5")
    return float(value)


Growth = Annotated[
    float,
    BeforeValidator(
        _growth,
        json_schema_input_type=Annotated[str, Field(pattern=r"^\d{1,4}(\.\d+)?\s?%$")]
        | Annotated[float, Field(gt=0, le=100)],
    ),
]
"""So much more than there was: ``50%``, ``150%`` or ``0.5``."""

_MODE = "off (not looked at), monitor (counted, not shown) or enforce (shown)."


class Check(Strict):
    """A check that has no thresholds, or what all checks have."""

    mode: CheckMode = Field("enforce", description=_MODE)


class CatchAll(Check):
    children: int = Field(
        DEFAULTS.catch_all.children, ge=10, description="So many children or more; of fewer than ten, nothing is told."
    )
    components: int = Field(
        DEFAULTS.catch_all.components,
        ge=1,
        description="Of so many different components or more; of labels, where nobody uses components.",
    )


class Headings(Strict):
    user: tuple[Text, ...] = Field((), description="For whom the work is.")
    problem: tuple[Text, ...] = Field((), description="What is wrong for them.")
    outcome: tuple[Text, ...] = Field((), description="What will be measurably better.")


class MissingWhy(Check):
    mode: CheckMode = Field("monitor", description=_MODE)
    parts: tuple[Part, ...] = Field(
        PARTS, min_length=1, description="What has to be said: any of user, problem and outcome."
    )
    kinds: tuple[Kind, ...] = Field(
        DEFAULTS.missing_why.kinds, min_length=1, description="Kinds of work that have to say it."
    )
    headings: Headings = Field(
        Headings(), description="Further headings and field names under which people say it, in any language."
    )


class Blocked(Check):
    days: WorkingDays = Field(DEFAULTS.blocked.days, description="Working days that work may stay blocked.")


class Overdue(Check):
    days: Days = Field(DEFAULTS.overdue.days, description="Days after the due date; 1 is the day after it.")


class Drifted(Check):
    points: Growth = Field(DEFAULTS.drifted.points, description="Growth of the estimate since work began.")
    children: Growth = Field(DEFAULTS.drifted.children, description="Growth of the number of children since then.")
    more: int = Field(DEFAULTS.drifted.more, ge=1, description="With at least so many more children.")
    kept: Share = Field(
        DEFAULTS.drifted.kept, description="Share of the words of title and text that must still be there."
    )
    words: int = Field(
        DEFAULTS.drifted.words, ge=1, description="Words that a text must have had for its rewriting to count."
    )


class StarvedGoal(Check):
    days: Annotated[int, Field(ge=1, le=3650)] = Field(
        DEFAULTS.starved_goal.days, description="Working days without work moving."
    )


class EffortShare(Check):
    tolerance: Share = Field(
        DEFAULTS.over_share.tolerance, description="How far from the goal's share, as a part of all effort."
    )
    evidence: float = Field(
        DEFAULTS.over_share.evidence, ge=0, description="Effort, in points or items, below which no share is told."
    )


class StaleGoal(Check):
    days: Annotated[int, Field(ge=1, le=3650)] = Field(
        DEFAULTS.stale_goal.days, description="Days without an update by its owner."
    )


class Checks(Strict):
    """One key for each built-in check; one that is not named has its defaults."""

    unlinked: Check = Field(Check(), description="Work that ought to serve a goal and serves none.")
    off_strategy: Check = Field(Check(), description="Work tied to a non-goal, or to a goal not in force.")
    conflict: Check = Field(Check(), description="Work tied to goals that contradict each other.")
    missing_why: MissingWhy = Field(MissingWhy(), description="Work in progress without user, problem or outcome.")
    catch_all: CatchAll = Field(CatchAll(), description="A parent that swallows everything and proves nothing.")
    blocked: Blocked = Field(Blocked(), description="Work in progress that cannot go on.")
    overdue: Overdue = Field(Overdue(), description="Work that is open after it was due.")
    drifted: Drifted = Field(Drifted(), description="Work whose scope moved after it began.")
    orphan_pr: Check = Field(Check(), description="A pull request that names no item.")
    starved_goal: StarvedGoal = Field(StarvedGoal(), description="A goal for which no work moves.")
    over_share: EffortShare = Field(EffortShare(), description="A goal that gets more effort than was intended.")
    under_share: EffortShare = Field(EffortShare(), description="A goal that gets less effort than was intended.")
    stale_goal: StaleGoal = Field(StaleGoal(), description="A goal of which its owner says nothing.")
