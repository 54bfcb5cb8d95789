"""``syncd.yaml``: where the store is, which trackers are read, who is told."""

import re
from typing import Annotated, Any

from pydantic import AfterValidator, Field, GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, SchemaValidator, core_schema, to_json

from config.models.changes import Changes
from config.models.messages import Mail, Messages, Notify, Webhook
from config.models.people import People
from connectors.registry import KINDS, settings_class
from connectors.settings import Strict, TrackerSettings

_KIND = SchemaValidator(
    core_schema.typed_dict_schema({"kind": core_schema.typed_dict_field(core_schema.literal_schema(list(KINDS)))})
)
_BOTH_WAYS = (False, True)
"""Trackers that are read, and those that only hold mirrors."""


class _ByKind:
    """Validates a tracker by the settings of its kind; kinds that nobody uses are not imported."""

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_plain_validator_function(cls._validated)

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        classes = [settings_class(kind, mirror_only=only) for kind in KINDS for only in _BOTH_WAYS]
        return {"oneOf": [handler(one.__pydantic_core_schema__) for one in classes]}

    @staticmethod
    def _validated(value: Any) -> TrackerSettings:
        kind = _KIND.validate_python(value)["kind"]
        model = settings_class(kind, mirror_only=value.get("mirror_only") is True)
        return model.model_validate_json(to_json(value), strict=True)


def known_database(url: str) -> str:
    """The URL, if it names a kind of database that syncd works with; raises ValueError if not."""
    if not re.fullmatch(r"sqlite:///.+|(postgres|postgresql)://\S+", url):
        raise ValueError("expected sqlite:///FILE or postgresql://USER@HOST/DATABASE")
    return url


def _without_password(url: str) -> str:
    if re.match(r"\w+://[^/@]*:[^/@]+@", known_database(url)) or re.search(r"[?&]password=[^&]", url):
        raise ValueError("leave the password out: put it into ~/.pgpass or the environment variable PGPASSWORD")
    return url


class Writeback(Strict):
    """Whether syncd may change anything in a tracker."""

    enabled: bool = Field(False, description="Off: syncd only reads. On: it writes the values it owns, and no others.")


class Web(Strict):
    """Where the pages are served."""

    host: str = Field("127.0.0.1", min_length=1, description="Address to listen on; 0.0.0.0 for all.")
    port: int = Field(8642, ge=1, le=65535, description="Port to listen on.")
    public_url: str = Field(
        "http://127.0.0.1:8642",
        pattern=r"^https?://[^\s/?#@]+(/[^\s?#]*)?$",
        description="Address at which people reach the pages, such as https://syncd.acme.example; links in messages start with it.",
    )
    partner_url: str | None = Field(
        None,
        pattern=r"^https?://[^\s/?#@]+$",
        description="Address at which partners reach theirs, such as https://partners.acme.example; left out: the same. "
        "An address of its own keeps browsers from mixing the two.",
    )


class Service(Strict):
    """The service: store, trackers, pages, messages."""

    database: Annotated[str, AfterValidator(_without_password)] = Field(
        "sqlite:///var/syncd.db",
        description="Where the store is: sqlite:///relative.db, sqlite:////absolute.db or "
        "postgresql://user@host/db, without a password.",
    )
    trackers: tuple[Annotated[TrackerSettings, _ByKind], ...] = Field(
        min_length=1, description="The accounts at Jira, GitHub and Notion that are read, or hold mirrors."
    )
    writeback: Writeback = Field(Writeback(), description="Whether syncd may change anything in a tracker.")
    changes: Changes = Field(
        Changes(), description="When an edit of strategy.yaml or rules.yaml, or the removal of a tracker, takes effect."
    )
    web: Web = Field(Web(), description="Where the pages are served.")
    people: People = Field(People(), description="How people sign in.")
    mail: Mail | None = Field(None, description="The mail server; left out, no mail is sent.")
    notify: tuple[Notify, ...] = Field((), description="Who is told of what.")
    webhooks: tuple[Webhook, ...] = Field((), description="Programs that are told what happens, with signed messages.")

    @property
    def sources(self) -> tuple[TrackerSettings, ...]:
        """The trackers that are read; the others only hold mirrors."""
        return tuple(tracker for tracker in self.trackers if not tracker.mirror_only)

    @property
    def messages(self) -> Messages:
        """How words leave the house."""
        return Messages(mail=self.mail, notify=self.notify, webhooks=self.webhooks)
