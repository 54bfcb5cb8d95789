"""What all trackers' settings have in common: secrets by reference, intervals, pacing."""

import os
import re
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from connectors.redaction import register_secret


class Strict(BaseModel):
    """Unknown keys are errors; values never change after validation."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class SecretMissing(Exception):
    """A secret is referred to but is not there; says which, and what to do."""


class Secret(Strict):
    """A secret by reference: ``{env: NAME}`` or ``{file: PATH}``, read when it is used.

    A bare file name is also looked for in the service manager's credential folder
    (``$CREDENTIALS_DIRECTORY``, systemd.exec(5)) and in ``/run/secrets`` (Docker secrets).
    """

    env: str | None = Field(None, description="Name of an environment variable that holds the secret.")
    file: str | None = Field(None, description="Path of a file that holds the secret; its last line break is dropped.")

    @model_validator(mode="before")
    @classmethod
    def _never_inline(cls, value: Any) -> Any:
        if isinstance(value, str):
            raise ValueError("secrets are never written here: use {env: NAME} or {file: PATH}")
        return value

    @model_validator(mode="after")
    def _exactly_one(self) -> Self:
        if (self.env is None) == (self.file is None):
            raise ValueError("name either env or file")
        return self

    def reveal(self) -> str:
        """The secret itself, which from now on appears in no error and no log.

        :raises SecretMissing: the variable is not set, or the file cannot be read
        """
        value = self._from_file(Path(self.file)) if self.file is not None else self._from_environment(str(self.env))
        register_secret(value)
        return value

    @staticmethod
    def _from_environment(name: str) -> str:
        if value := os.environ.get(name, "").strip():
            return value
        raise SecretMissing(f"the environment variable {name} is not set: export it, then try again")

    def _from_file(self, path: Path) -> str:
        places = [path]
        if not path.is_absolute() and path.name == str(path):
            places += [
                Path(os.environ.get("CREDENTIALS_DIRECTORY", "/run/credentials")) / path,
                Path("/run/secrets") / path,
            ]
        for place in places:
            try:
                if text := place.read_text(encoding="utf-8").strip():
                    return text
            except FileNotFoundError:
                continue
            except (OSError, UnicodeDecodeError) as error:
                raise SecretMissing(f"the secret file {place} cannot be read: {error}") from None
        raise SecretMissing(f"the secret file {path} is not there or is empty")

    def __str__(self) -> str:
        return f"{{env: {self.env}}}" if self.env else f"{{file: {self.file}}}"


_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400}


def _seconds(value: Any) -> Any:
    if isinstance(value, str) and (match := re.fullmatch(r"\s*(\d+(?:\.\d+)?)\s*([smhd])\s*", value)):
        return float(match[1]) * _UNITS[match[2]]
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ValueError("expected a duration such as 60s, 5m, 2h or 1d")
    return value


Duration = Annotated[float, BeforeValidator(_seconds, json_schema_input_type=str | float)]
"""Seconds; written as ``60s``, ``5m``, ``2h``, ``1d`` or a bare number of seconds."""


class Pace(Strict):
    """How fast a credential may be used: a bucket of ``burst`` requests, refilled at ``per_second``."""

    per_second: float = Field(gt=0, description="Requests a second in the long run.")
    burst: int = Field(ge=1, description="Requests that may go out at once after a rest.")


class TrackerSettings(Strict):
    """Base of every kind's settings."""

    name: str = Field(
        pattern=r"^[a-z0-9][a-z0-9_-]{0,62}$",
        description="Your name for this tracker; lower case, digits, - and _. It is part of every item's id: never change it.",
    )
    kind: str = Field(description="jira, github or notion.")
    url: str = Field(
        pattern=r"^https?://[^\s/?#@]+(/[^\s?#]*)?$", description="Root of the tracker's API; no user name in it."
    )
    every: Duration = Field(60.0, ge=1, description="How often to poll.")
    sweep_every: Duration = Field(86400.0, ge=60, description="How often to look for deletions.")
    pace: Pace = Field(description="Upper bound on our own requests; the tracker's own limits are obeyed as well.")
    writes: Pace | None = Field(None, description="Upper bound on rows written to mirrors; left out: pace alone.")
    mirror_only: bool = Field(False, description="true: nothing is read from here, it only holds mirrors.")

    @property
    def root(self) -> str:
        """The URL without a trailing slash."""
        return self.url.rstrip("/")

    def credential(self) -> str:
        """What identifies the credential, for the limits and the ETags that belong to it. Secret.

        :raises SecretMissing: it is not there
        """
        raise NotImplementedError


class MirrorOnly(Strict):
    """What is different about a tracker in which only mirrors are kept: it has no scope, and is never polled."""

    every: Duration = Field(60.0, ge=1, description="How often to look at what partners changed in their mirrors.")
    sweep_every: Duration = Field(86400.0, ge=60, description="How often to compare every row of a mirror.")
    mirror_only: Literal[True] = Field(description="true: nothing is read from here, it only holds mirrors.")


IsRead = Annotated[
    Literal[False],
    Field(description="true: nothing is read from here, it only holds mirrors; then there is no scope."),
]
"""Of a tracker that is read: ``mirror_only`` is not set."""
