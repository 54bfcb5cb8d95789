"""``strategy.yaml``: the vision and the goals, or where they are kept."""

from typing import Self

from pydantic import Field, model_validator

from config.models.values import DataSourceId, Day, Id, ItemName, OneOrMore, Share, Text
from connectors.settings import Strict
from rules.model import GoalKind, GoalStatus


class Period(Strict):
    """First and last day."""

    start: Day = Field(alias="from", description="First day, such as 2026-10-01.")
    end: Day = Field(alias="to", description="Last day.")

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.end < self.start:
            raise ValueError(f"the period ends ({self.end}) before it starts ({self.start})")
        return self


class Outcome(Strict):
    """What the goal is measured by."""

    metric: Text = Field(description="What is counted, in words: clinics live within 24 h.")
    unit: str = Field("", description='Unit of the numbers, such as "%".')
    baseline: float | None = Field(None, description="Where the metric stood at the start.")
    target: float | None = Field(None, description="Where it should stand at the end of the period.")
    current: float | None = Field(None, description="Where it stands now.")
    as_of: Day | None = Field(None, description="The day on which current was true.")


class Accepts(Strict):
    """Explicit evidence: work that carries one of these serves the goal."""

    labels: tuple[Text, ...] = Field((), description="Labels or tags, such as goal:activation.")
    items: tuple[ItemName, ...] = Field((), description="Items, as TRACKER:KEY, such as acme-jira:WEB-12.")
    field: OneOrMore = Field((), description="Values of the tracker's goal field: one, or a list.")


class Goal(Strict):
    """One node of the strategy."""

    id: Id = Field(
        description="Stable name (letters, digits, . _ -): links and verdicts hang on it, a renamed goal keeps it."
    )
    kind: GoalKind = Field(description="theme, objective, key_result, or non_goal: what you decided not to do.")
    title: Text = Field(description="The goal in a few words.")
    parent: Id | None = Field(None, description="Id of the goal above.")
    owner: str = Field("", description="Who answers for it; an e-mail address.")
    status: GoalStatus = Field("active", description="proposed, active, paused, achieved or dropped.")
    period: Period | None = Field(None, description="When it counts.")
    why: str = Field("", description="The problem behind it, in words that people outside your team understand.")
    outcome: Outcome | None = Field(None, description="What it is measured by.")
    share: Share | None = Field(None, description="Intended share of effort: 40% or 0.4.")
    accepts: Accepts = Field(Accepts(), description="Work that serves this goal without any rule.")


class Source(Strict):
    """A Notion data source in which the goals are kept."""

    tracker: Text = Field(description="Name of a Notion tracker in syncd.yaml.")
    data_source: DataSourceId = Field(description="Id of the data source.")


class StrategyFile(Strict):
    """What the company wants, and does not want."""

    vision: str = Field("", description="The vision, in one sentence.")
    goals: tuple[Goal, ...] = Field((), description="The goals, in any order.")
    source: Source | None = Field(None, description="Instead of goals: the Notion data source that holds them.")

    @model_validator(mode="after")
    def _here_or_there(self) -> Self:
        if self.goals and self.source:
            raise ValueError("goals are kept here or in the source, not in both: remove one")
        return self
