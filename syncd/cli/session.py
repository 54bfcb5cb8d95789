"""What every command starts with: the configuration, the store, the log; and how it ends."""

import contextlib
import getpass
import os
import sys
from collections.abc import Generator
from enum import IntEnum
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import typer

from syncd import __version__
from syncd.cli import memory

if TYPE_CHECKING:
    from config.files import Config
    from connectors.base import ConnectorError


class Exit(IntEnum):
    """Exit codes, stable."""

    OK = 0
    FINDINGS = 1
    USAGE = 2
    CONFIG = 3
    AUTH = 4
    UNAVAILABLE = 5
    TRY_LATER = 75


class Session:
    """One run of the command line."""

    def __init__(self, folder: Path | None, verbosity: int) -> None:
        self.folder = folder
        self.verbosity = verbosity

    @property
    def interactive(self) -> bool:
        """Whether somebody watches: colour, tables and progress are for terminals."""
        return sys.stdout.isatty() and self.verbosity >= 0

    def config(self, *, secrets: bool = False) -> "Config":
        """The validated configuration; ends the command where it has mistakes.

        :param secrets: also refuse secrets that cannot be read
        """
        from config.problems import ConfigError

        try:
            return self.read(secrets=secrets)
        except ConfigError as error:
            fail(str(error), Exit.CONFIG)

    def read(self, *, secrets: bool = False) -> "Config":
        """The same, for a command that tells mistakes itself.

        :raises config.problems.ConfigError: it has some
        """
        with memory.loading():
            from config import files
            from config.problems import ConfigError

        config = files.load(self.folder)
        if secrets and (missing := config.check_secrets()):
            raise ConfigError(self.folder, missing)
        return config

    def store(self, config: "Config", *, log: int | None = None, as_it_is: bool = False) -> None:
        """Have Django ready and the database in the newest form.

        :param as_it_is: write nothing: a store that is not there, or in an older form, ends the command
        :param log: how much is logged, as :func:`syncd.logs.configure` counts; default: what suits a command
            that tells its outcome itself
        """
        import django

        _environment(config)
        self._log(log)
        with database_errors():
            with memory.loading():
                django.setup()

                from syncd.cli import migration

            try:
                if as_it_is:
                    _ready()
                else:
                    migration.bring_up()
            except migration.Newer as error:
                fail(
                    f"the store is a newer syncd's ({error}): this is {__version__}, install that one", Exit.UNAVAILABLE
                )
            except migration.Older as error:
                fail(
                    f"the store is an older syncd's and lacks {error}: run the last version before {__version__} once, then this",
                    Exit.UNAVAILABLE,
                )

    def partners(self, config: "Config", *, log: int | None = None) -> None:
        """Have Django ready for the partner side alone: nothing of the inside is loaded or asked, and nothing is brought
        into another form. Ends the command where there is nothing to serve yet.
        """
        import django

        os.environ["SYNCD_SIDE"] = "partners"
        _environment(config)
        self._log(log)
        with database_errors():
            with memory.loading():
                django.setup()

                from syncd.partners import databases

            if not databases.ready():
                fail("partners have nothing to see yet: run syncd sync, or syncd run, first", Exit.TRY_LATER)

    def _log(self, asked: int | None) -> None:
        """To stderr. Who watches hears from the command what went wrong, and not from the log again."""
        from syncd import logs

        alone = logs.SILENT if sys.stderr.isatty() and self.verbosity < 1 else self.verbosity
        logs.configure(alone if asked is None else asked)


def _environment(config: "Config") -> None:
    """What the settings are made of."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    os.environ["SYNCD_DATABASE"] = _database(config)
    os.environ["SYNCD_PUBLIC_URL"] = config.service.web.public_url
    os.environ["SYNCD_PARTNER_URL"] = config.service.web.partner_url or ""
    os.environ["SYNCD_PARTNER_SIGN_INS"] = config.partners.sign_ins.model_dump_json()
    os.environ["SYNCD_PEOPLE"] = config.service.people.model_dump_json()
    os.environ["SYNCD_MESSAGES"] = config.service.messages.model_dump_json(by_alias=True)
    os.environ["SYNCD_CONFIG"] = str(config.folder)


def _database(config: "Config") -> str:
    """The database's URL: $SYNCD_DATABASE, which may hold a password, else as configured."""
    from config.models.service import known_database

    try:
        return known_database(os.environ.get("SYNCD_DATABASE") or config.service.database)
    except ValueError as error:
        fail(f"SYNCD_DATABASE: {error}", Exit.CONFIG)


def _ready() -> None:
    """Ends the command where there is no store yet, or one that has to be brought up first."""
    from syncd.cli import migration

    if not migration.is_there():
        fail("nothing is stored yet: run syncd sync", Exit.TRY_LATER)
    if not migration.is_current():
        fail("the store was written by another version of syncd: run syncd sync first", Exit.TRY_LATER)


def session(context: typer.Context) -> Session:
    """The session that the main command made."""
    found = context.find_object(Session)
    if found is None:
        fail("no session: call syncd through its main command", Exit.USAGE)
    return found


def user() -> str:
    """Who is signed in to this machine; empty where it has no name for them, as in a container."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return ""


def fail(message: str, code: Exit) -> NoReturn:
    """End the command: what went wrong on stderr, and the code that says which kind it is."""
    typer.echo(message, err=True)
    raise typer.Exit(code)


def code_of(errors: "list[ConnectorError]") -> Exit:
    """The exit code for what trackers answered: a refused credential before anything else."""
    from connectors.base import AuthFailed, RateLimited

    if not errors:
        return Exit.OK
    if any(isinstance(error, AuthFailed) for error in errors):
        return Exit.AUTH
    if all(isinstance(error, RateLimited) for error in errors):
        return Exit.TRY_LATER
    return Exit.UNAVAILABLE


_REMEDIES = {
    "unable to open database file": "may this user write to its folder?",
    "readonly database": "may this user write to it, and to its folder?",
    "disk I/O error": "is there space left?",
    "database or disk is full": "make space",
    "malformed": "put back a backup",
    "not a database": "is it another program's?",
}
"""What SQLite says, and what to look at."""


def _at_the_file(remedy: str) -> str:
    from django.conf import settings

    return f"; look at {settings.DATABASES['default']['NAME']}: {remedy}"


@contextlib.contextmanager
def database_errors() -> Generator[None]:
    """A database that cannot be used, or cannot be asked for such words, is told in a sentence, not in a traceback."""
    from django.db import DatabaseError

    try:
        yield
    except DatabaseError as error:
        said = " ".join(str(error).split())
        if said == "database is locked":
            fail("another process is writing to the store: try again in a moment", Exit.TRY_LATER)
        remedy = next((remedy for sign, remedy in _REMEDIES.items() if sign in said), "")
        fail(f"the database cannot be used: {said}{remedy and _at_the_file(remedy)}", Exit.UNAVAILABLE)
    except UnicodeEncodeError:
        fail("what was asked for is not text in UTF-8", Exit.USAGE)
    except (PermissionError, FileNotFoundError, NotADirectoryError) as error:
        fail(f"the data folder cannot be used: {error.filename}: {error.strerror}", Exit.UNAVAILABLE)
