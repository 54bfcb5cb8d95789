"""What an operator writes about a Notion workspace."""

from typing import Annotated, Literal, Self

from pydantic import Field, StringConstraints, model_validator

from connectors.settings import Duration, IsRead, MirrorOnly, Pace, Secret, Strict, TrackerSettings

UUID = Annotated[
    str,
    StringConstraints(pattern=r"^[0-9a-fA-F]{8}-?[0-9a-fA-F]{4}-?[0-9a-fA-F]{4}-?[0-9a-fA-F]{4}-?[0-9a-fA-F]{12}$"),
]


class Auth(Strict):
    """An internal connection's token."""

    token: Secret


class Scope(Strict):
    """Data sources by id, or databases, which mean all their data sources."""

    data_sources: tuple[UUID, ...] = Field((), description="Ids of data sources.")
    databases: tuple[UUID, ...] = Field((), description="Ids of databases.")

    @model_validator(mode="after")
    def _not_empty(self) -> Self:
        if not self.data_sources and not self.databases:
            raise ValueError("name at least one of data_sources or databases")
        return self


class Properties(Strict):
    """Which property plays which part, by name or id; a property that is renamed later is still
    followed. Found without being named: the title, the unique id, the only status property, and
    people called Owner or Assignee. All other properties are kept as the item's further fields."""

    title: str | None = Field(None, description="Default: the data source's title property.")
    status: str | None = Field(
        None, description="A status, select or checkbox property. Default: the only status property."
    )
    kind: str | None = Field(None, description="A select whose options name the kind of work.")
    parent: str | None = Field(None, description="A relation to the parent page; the first where there are several.")
    goal: str | None = Field(None, description="A select, multi-select, relation or text that names the goal.")
    labels: str | None = Field(None, description="A multi-select or select.")
    assignees: str | None = Field(None, description="A people property. Default: the one called Owner or Assignee.")
    due: str | None = Field(None, description="A date; its end where it is a range.")
    points: str | None = Field(None, description="A number.")
    priority: str | None = Field(None, description="A select.")
    sprint: str | None = Field(None, description="A select, relation or text.")
    body: str | None = Field(None, description="A text property that holds the description.")


class Account(TrackerSettings):
    """A connection to a Notion workspace, API version 2026-03-11."""

    kind: Literal["notion"]
    url: str = Field(
        "https://api.notion.com",
        pattern=r"^https?://[^\s/?#@]+(/[^\s?#]*)?$",
        description="Root of the API; no user name in it.",
    )
    auth: Auth
    # three requests a second on average over a minute: 120 at once and one a second never pass 180 in any minute
    pace: Pace = Pace(per_second=1, burst=120)

    def credential(self) -> str:
        return f"{self.root} {self.auth.token.reveal()}"


class Settings(Account):
    """A Notion workspace that is read."""

    scope: Scope
    mirror_only: IsRead = False
    properties: Properties = Properties()
    every: Duration = Field(120.0, ge=1, description="How often to poll.")


class Mirrors(MirrorOnly, Account):
    """A Notion workspace that only holds mirrors."""
