"""What an operator writes about a GitHub account."""

from typing import Annotated, Literal, Self

from pydantic import Field, StringConstraints, model_validator

from connectors.settings import IsRead, MirrorOnly, Pace, Secret, Strict, TrackerSettings

FullName = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9._-]+/[A-Za-z0-9._-]+$")]
Login = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9-]+$")]


class Auth(Strict):
    """A token, or a GitHub App's installation."""

    token: Secret | None = Field(None, description="A fine-grained or classic personal access token.")
    app_id: int | None = Field(None, description="The App's id.")
    installation_id: int | None = Field(None, description="The installation in your organisation.")
    private_key: Secret | None = Field(None, description="The App's private key (PEM).")

    @model_validator(mode="after")
    def _token_or_app(self) -> Self:
        app = (self.app_id, self.installation_id, self.private_key)
        if self.token is not None:
            if any(part is not None for part in app):
                raise ValueError("name either token or app_id, installation_id and private_key")
        elif any(part is None for part in app):
            raise ValueError("name token, or all of app_id, installation_id and private_key")
        return self


class Scope(Strict):
    """Repositories by name, and whole organisations (re-read daily)."""

    repositories: tuple[FullName, ...] = Field((), description="owner/name; renames are followed.")
    organizations: tuple[Login, ...] = Field((), description="Every repository the credential can read there.")
    archived: bool = Field(False, description="Also the archived repositories of the organisations.")

    @model_validator(mode="after")
    def _not_empty(self) -> Self:
        if not self.repositories and not self.organizations:
            raise ValueError("name at least one of repositories or organizations")
        return self


class Fields(Strict):
    """Names of your organisation's issue fields that syncd gives a meaning."""

    goal: str = Field("Goal", description="The goal an issue serves.")
    points: str = Field("Points", description="The team's estimate, a number.")
    priority: str = Field("Priority", description="How urgent it is.")
    due: str = Field("Target date", description="When it is due; without it the milestone's date counts.")


class Account(TrackerSettings):
    """A credential for github.com (``https://api.github.com``) or a GitHub Enterprise API root (``https://HOST/api/v3``)."""

    kind: Literal["github"]
    auth: Auth
    # 900 points a minute is the secondary limit: 450 at once and 7.5 a second stay under it
    pace: Pace = Pace(per_second=7.5, burst=450)
    # 80 a minute and 500 an hour is the limit on what makes content: 60 at once and 0.12 a second stay under both
    writes: Pace | None = Field(
        Pace(per_second=0.12, burst=60),
        description="Upper bound on rows written to mirrors; GitHub allows 500 an hour.",
    )

    def credential(self) -> str:
        if self.auth.token:
            return f"{self.root} {self.auth.token.reveal()}"
        key = self.auth.private_key.reveal() if self.auth.private_key else ""
        return f"{self.root} {self.auth.app_id} {self.auth.installation_id} {key}"


class Settings(Account):
    """A GitHub account that is read."""

    scope: Scope
    mirror_only: IsRead = False
    fields: Fields = Fields()


class Mirrors(MirrorOnly, Account):
    """A GitHub account that only holds mirrors."""
