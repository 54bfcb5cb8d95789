"""``mail:``, ``notify:`` and ``webhooks:`` of ``syncd.yaml``: how words leave the house, and to whom."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from config.models.values import Text
from connectors.settings import Secret, Strict

Topic = Literal["digest", "trackers", "strategy", "judging", "partners"]
TOPICS: tuple[Topic, ...] = ("digest", "trackers", "strategy", "judging", "partners")
Event = Literal["flag.opened", "flag.resolved", "flag.decided", "strategy.applied"]
EVENTS: tuple[Event, ...] = ("flag.opened", "flag.resolved", "flag.decided", "strategy.applied")

Name = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]{0,62}$")]
Address = Annotated[str, Field(pattern=r"^[^@\s<>]+@[^@\s<>]+$")]
ALLOW_PRIVATE = "Whether it may be in a private network, or this machine; otherwise such addresses are refused."


class Mail(Strict):
    """The mail server through which messages leave; left out, no mail is sent."""

    host: Text = Field(description="Name or address of the SMTP server.")
    port: int = Field(587, ge=1, le=65535, description="Its port: 587 with starttls, 465 with implicit, 25 with none.")
    tls: Literal["starttls", "implicit", "none"] = Field(
        "starttls",
        description="starttls (after connecting), implicit (from the first byte) or none (on this machine only).",
    )
    user: Text | None = Field(None, description="Who signs in there; left out, nobody does.")
    password: Secret | None = Field(None, description="The password that goes with user.")
    sender: Address = Field(alias="from", description="Address that messages come from, such as syncd@acme.example.")

    @model_validator(mode="after")
    def _user_with_password(self) -> Self:
        if (self.user is None) != (self.password is None):
            raise ValueError("user and password go together: give both or neither")
        return self


class Notify(Strict):
    """A place that is told: a channel at Slack or Teams, a webhook, anything that Apprise knows."""

    url: Secret = Field(description="Apprise URL by reference; it holds a token and is never written here.")
    name: Name | None = Field(
        None, description="What people choose it by; lower case, digits, - and _. Left out: its reference."
    )
    about: tuple[Topic, ...] = Field(
        TOPICS,
        min_length=1,
        description="What to tell: digest (people may have their digest sent there), trackers (one broke or recovered, "
        "deletions are held), strategy (an edit is held, a rule lost its word), judging (the nightly audit found "
        "a difference), partners (an approval or a proposal waits).",
    )
    allow_private: bool = Field(False, description=ALLOW_PRIVATE)

    @property
    def key(self) -> str:
        """What the store calls it; the URL is a secret."""
        return self.name or f"{self.url}".strip("{}")


class Webhook(Strict):
    """A program that is told what happens, with signed messages (standardwebhooks.com)."""

    name: Name = Field(description="Your name for it; lower case, digits, - and _.")
    url: str = Field(pattern=r"^https?://[^\s/?#@]+(/[^\s#]*)?$", description="Where the messages are sent to by POST.")
    secrets: tuple[Secret, ...] = Field(
        min_length=1,
        max_length=2,
        description="Secret that the messages are signed with (whsec_ and base64); two while it is being replaced.",
    )
    events: tuple[Event, ...] = Field(EVENTS, min_length=1, description="What it is told.")
    allow_private: bool = Field(False, description=ALLOW_PRIVATE)

    @model_validator(mode="after")
    def _secure(self) -> Self:
        if self.url.startswith("http://") and not self.allow_private:
            raise ValueError("an http:// address needs allow_private: true; over the internet use https://")
        return self


class Messages(Strict):
    """All of that, as the running service reads it."""

    mail: Mail | None = None
    notify: tuple[Notify, ...] = ()
    webhooks: tuple[Webhook, ...] = ()

    def target(self, key: str) -> Notify | None:
        """The place of that name."""
        return next((place for place in self.notify if place.key == key), None)

    def webhook(self, name: str) -> Webhook | None:
        return next((hook for hook in self.webhooks if hook.name == name), None)
