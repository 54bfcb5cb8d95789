"""Which connection sees what.

    ``default``    the inside; the partner side is refused it
    ``partners``   the copy and what partners wrote, for the worker and the pages of our own people
    ``outside``    the same for the partner side: reads the copy, writes its desk, and sees one partner at a time

On SQLite the copy and the desk are a file each. ``outside`` opens the desk, and the copy beside it read-only;
``partners`` the other way round, with both to be written. On PostgreSQL they are one schema of the store's database,
and ``outside`` is a role that can do no more than this: see ``policies``.
"""

from collections.abc import Generator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import DatabaseError, connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created
from django.db.models import Model

COPY, DESK = "partners", "desk"
"""Labels of the apps whose tables are kept apart from the store."""

_partner_side: ContextVar[bool] = ContextVar("partner_side", default=False)


class OutOfBounds(RuntimeError):
    """The partner side asked for something inside. It is a mistake of ours, and is answered with nothing."""


class Router:
    """Sends each model to its database, by who asks."""

    def db_for_read(self, model: type[Model], **_hints: Any) -> str | None:
        return _alias(model)

    def db_for_write(self, model: type[Model], **_hints: Any) -> str | None:
        return _alias(model)

    def allow_relation(self, one: Model, other: Model, **_hints: Any) -> bool | None:
        return one._meta.app_label == other._meta.app_label or None  # noqa: SLF001 - Django's documented Meta API

    def allow_migrate(self, db: str, app_label: str, **_hints: Any) -> bool:
        return db == home(app_label)


def home(app_label: str) -> str:
    """The connection by which an app's tables are made."""
    if app_label not in (COPY, DESK):
        return "default"
    return "outside" if app_label == DESK and settings.SQLITE else "partners"


def on_partner_side() -> bool:
    """Whether this code runs for a partner."""
    return _partner_side.get()


@contextmanager
def partner_side() -> Generator[None]:
    """What runs in here is refused everything but the copy and the desk."""
    token = _partner_side.set(True)
    try:
        with connections["default"].execute_wrapper(_refuse), connections["partners"].execute_wrapper(_refuse):
            yield
    finally:
        _partner_side.reset(token)


@contextmanager
def looking(partner: str = "", digest: str = "") -> Generator[None]:
    """Queries of the partner side, for one partner's rows; before one is known, for the row with this digest.

    On PostgreSQL row-level security goes by it, until the transaction ends.
    """
    if settings.SQLITE:
        yield
        return
    with transaction.atomic("outside"):
        with connections["outside"].cursor() as cursor:
            cursor.execute(
                "SELECT set_config('syncd.partner', %s, true), set_config('syncd.digest', %s, true)", [partner, digest]
            )
        yield


def ready() -> bool:
    """Whether there is something that the partner side can read, in the form that it knows."""
    from syncd.partners.models import Receipt  # noqa: PLC0415 - models are not there before

    if settings.SQLITE and not Path(str(connections["partners"].settings_dict["NAME"])).is_file():
        return False
    try:
        with partner_side(), looking():
            Receipt.objects.exists()
    except DatabaseError:
        return False
    return True


def watch() -> None:
    """From now on every connection to a file of partners has the other file beside it."""
    connection_created.connect(_attach, dispatch_uid="partners")


def _alias(model: type[Model]) -> str | None:
    ours = model._meta.app_label in (COPY, DESK)  # noqa: SLF001
    if on_partner_side():
        if not ours:
            raise OutOfBounds(f"{model.__name__} is not for partners")
        return "outside"
    return "partners" if ours else None


def _refuse(*_arguments: Any) -> None:
    raise OutOfBounds("a connection that is not for partners")


def _attach(connection: BaseDatabaseWrapper, **_more: Any) -> None:
    if connection.vendor != "sqlite" or connection.alias not in ("partners", "outside"):
        return
    other, mode = ("outside", "rwc") if connection.alias == "partners" else ("partners", "ro")
    file = connections[other].settings_dict["NAME"]
    with connection.cursor() as cursor:
        cursor.execute("ATTACH DATABASE %s AS other", [f"file:{file}?mode={mode}"])
