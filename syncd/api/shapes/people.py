"""People, what they may, and what they did."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field

from syncd.api.shapes.schema import Schema
from syncd.api.shapes.words import Asked, Day, Switch, Text, Word

Role = Literal["operator", "pm", "viewer"]
Scope = Literal["read", "decide", "operate"]
Name = Annotated[Text, Field(max_length=100)]


class Person(Schema):
    """As ``syncd people list --json`` prints it, and ``id``."""

    id: int
    email: str
    name: str
    role: Role
    active: bool
    created_at: datetime
    last_login_at: datetime | None


class NewPerson(Asked):
    email: Annotated[Text, Field(min_length=3, max_length=254)]
    role: Role = "viewer"
    name: Name = ""


class ChangedPerson(Asked):
    """What is to be changed. ``active``: false shuts somebody out, and signs them out everywhere."""

    role: Role | None = None
    active: Switch | None = None


class OneTimeLink(Schema):
    """Shown once; it signs its person in, once and within the hour."""

    url: str


class Me(Schema):
    """Who asks. ``scopes``: of the token that came with the request; null for a person in person."""

    id: int
    email: str
    name: str
    role: Role
    time_zone: str
    shortcuts: bool
    theme: Literal["auto", "light", "dark"]
    scopes: list[Scope] | None


class ChangedMe(Asked):
    name: Name | None = None
    time_zone: Annotated[Text, Field(max_length=64)] | None = None
    shortcuts: Switch | None = None
    theme: Literal["auto", "light", "dark"] | None = None


class Token(Schema):
    """A key to the API, without its secret."""

    id: int
    name: str
    prefix: str
    scopes: list[Scope]
    state: Literal["live", "revoked", "expired"]
    made_at: datetime
    expires_at: datetime
    last_used_at: datetime | None
    revoked_at: datetime | None


class NewToken(Asked):
    name: Annotated[Text, Field(min_length=1, max_length=100)]
    scopes: Annotated[list[Scope], Field(min_length=1, max_length=3)]
    days: Annotated[int, Field(ge=1, le=366, strict=True)] = 90


class MadeToken(Token):
    """With ``token``, which nobody can find out again."""

    token: str


class HappenedFilters(Asked):
    """``who``: an actor as it is written; ``what``: a verb, or the kind of a decision; days are in UTC, both included."""

    kind: Literal["", "security", "decision", "direction"] = ""
    who: Word = ""
    what: Annotated[Text, Field(max_length=64)] = ""
    since: Day | None = None
    until: Day | None = None


class Happened(Schema):
    """One thing that was done. ``source`` and ``id``: the row that says so. ``who`` is empty for somebody unknown."""

    at: datetime
    source: Literal["security", "decision", "direction"]
    id: int
    who: str
    what: str
    target: str
    says: str
    ip: str
