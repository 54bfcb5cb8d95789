"""What every command starts with: the configuration, the store, the log; and how it ends."""

import contextlib
import os
import sys
from collections.abc import Generator
from enum import IntEnum
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import typer

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
        from config import files
        from config.problems import ConfigError

        try:
            config = files.load(self.folder)
        except ConfigError as error:
            fail(str(error), Exit.CONFIG)
        if secrets and (missing := config.check_secrets()):
            fail("\n".join(map(str, missing)), Exit.CONFIG)
        return config

    def store(self, config: "Config") -> None:
        """Have Django ready and the database in the newest form."""
        import django

        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
        os.environ.setdefault("SYNCD_DATABASE", config.service.database)
        os.environ["SYNCD_PUBLIC_URL"] = config.service.web.public_url
        os.environ["SYNCD_CONFIG"] = str(config.folder)
        self.log()
        with database_errors():
            django.setup()

            from syncd.cli import migration

            migration.bring_up()

    def log(self, *, json: bool | None = None) -> None:
        """Log to stderr: JSON unless somebody watches."""
        from syncd import logs

        logs.configure(self.verbosity, json=not sys.stderr.isatty() if json is None else json)


def session(context: typer.Context) -> Session:
    """The session that the main command made."""
    found = context.find_object(Session)
    if found is None:
        fail("no session: call syncd through its main command", Exit.USAGE)
    return found


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


@contextlib.contextmanager
def database_errors() -> Generator[None]:
    """A database that cannot be used is told in a sentence, not in a traceback."""
    from django.db import DatabaseError

    try:
        yield
    except DatabaseError as error:
        fail(f"the database cannot be used: {str(error).strip()}", Exit.UNAVAILABLE)
    except PermissionError as error:
        fail(f"the data folder cannot be written: {error.filename}: {error.strerror}", Exit.CONFIG)
