"""What an operator writes about a Jira site."""

from typing import Literal, Self

from pydantic import Field, model_validator

from connectors.settings import Duration, IsRead, MirrorOnly, Pace, Secret, Strict, TrackerSettings


class Auth(Strict):
    """Cloud: e-mail and API token. Data Center, or a scoped Cloud token: the token alone."""

    email: str | None = Field(None, description="Cloud: the account that the API token belongs to.")
    token: Secret


class Scope(Strict):
    """Which issues: whole projects, or a JQL condition of your own."""

    projects: tuple[str, ...] | None = Field(None, min_length=1, description="Project keys.")
    jql: str | None = Field(None, min_length=1, description="A JQL condition, without ORDER BY.")

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if (self.projects is None) == (self.jql is None):
            raise ValueError("name either projects or jql")
        if self.jql and "order by" in " ".join(self.jql.lower().split()):
            raise ValueError("leave out ORDER BY: syncd orders by creation")
        return self


class Fields(Strict):
    """Custom fields that cannot be found by their schema, by id (``customfield_10042``) or name."""

    goal: str | None = Field(None, description="The field in which your teams name the goal.")
    epic: str | None = Field(None, description="Epic link, where several fields carry that schema.")
    sprint: str | None = Field(None, description="Sprint, where several fields carry that schema.")
    points: str | None = Field(None, description="Story points; found by schema, then by its usual names.")
    more: tuple[str, ...] | None = Field(
        None,
        description="Further fields whose values are kept, for conditions and for text written for partners. "
        "Left out: Public title and Public notes, where the site has them.",
    )


class Account(TrackerSettings):
    """An account at a Jira Cloud site or a Jira Data Center installation."""

    kind: Literal["jira"]
    deployment: Literal["cloud", "datacenter"] | None = Field(None, description="Default: asked from the server.")
    auth: Auth
    pace: Pace = Pace(per_second=10, burst=100)

    def credential(self) -> str:
        return f"{self.root} {self.auth.email or ''} {self.auth.token.reveal()}"


class Settings(Account):
    """A Jira site that is read."""

    scope: Scope
    mirror_only: IsRead = False
    fields: Fields = Fields()
    every: Duration = Field(60.0, ge=1, description="How often to poll.")


class Mirrors(MirrorOnly, Account):
    """A Jira site that only holds mirrors."""
