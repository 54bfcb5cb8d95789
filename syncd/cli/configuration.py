"""``syncd check``, ``syncd config …`` and ``syncd version``."""

import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from syncd import __version__
from syncd.cli.session import Exit, code_of, fail, session
from syncd.web.words import counted

if TYPE_CHECKING:
    from config.files import Config
    from config.problems import ConfigError
    from connectors.base import Finding

_files = typer.Typer(help="What is configured.", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    app.command()(check)
    app.add_typer(_files, name="config")
    app.command()(version)


def check(
    context: typer.Context,
    offline: Annotated[bool, typer.Option("--offline", help="Only the files: ask no tracker.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object for each finding.")] = False,
) -> None:
    """Whether all is well: files, rules, credentials. Asks each tracker what the credential may do; writes nothing."""
    from config.problems import ConfigError

    here = session(context)
    try:
        config = here.read(secrets=not offline)
    except ConfigError as error:
        if as_json:
            _report(_mistakes(error), as_json=True)
        fail(str(error), Exit.CONFIG)
    findings = _files_checked(config)
    if not offline:
        here.store(config)
        findings += _trackers_checked(config)
    _report(findings, as_json=as_json)
    errors = [finding.error for _, finding in findings if finding.error]
    failed = any(finding.ok is False for _, finding in findings)
    raise typer.Exit(code_of(errors) or (Exit.FINDINGS if failed else Exit.OK))


def _mistakes(error: "ConfigError") -> "list[tuple[str, Finding]]":
    from connectors.base import Finding

    return [("files", Finding(problem.place, False, problem.what)) for problem in error.problems]


def _files_checked(config: "Config") -> "list[tuple[str, Finding]]":
    from connectors.base import Finding
    from rules.examples import wrong_examples

    trackers, goals, rules = config.service.trackers, config.strategy.goals, config.rules.rules
    parts = counted(len(trackers), "tracker"), counted(len(goals), "goal"), counted(len(rules), "rule")
    says = f"{', '.join(parts)}: no mistakes"
    found = [("files", Finding(str(config.folder), True, says))]
    found += [
        ("rules", Finding(rule, False, what)) for rule, what in wrong_examples(config.policy(), datetime.now(UTC))
    ]
    return found + [("advice", Finding(problem.path, None, str(problem))) for problem in config.advice()]


def _trackers_checked(config: "Config") -> "list[tuple[str, Finding]]":
    from connectors.base import ConnectorError, Finding
    from syncd.worker.mirroring import checkup
    from syncd.worker.roster import Roster

    found: list[tuple[str, Finding]] = []
    with Roster(config.service.trackers) as roster:
        for name in [tracker.name for tracker in config.service.sources]:
            try:
                found += [(name, finding) for finding in roster.connector(name).check()]
            except ConnectorError as error:
                found.append((name, Finding("reachable", False, str(error), error)))
        return found + list(checkup.check(config, roster))


def _report(findings: "list[tuple[str, Finding]]", *, as_json: bool) -> None:
    from connectors.redaction import redact_text
    from syncd.cli.output import json_lines, line

    # what a tracker says about itself and its newest item comes from outside
    rows = [(where, finding.name, finding.ok, redact_text(finding.says)) for where, finding in findings]
    if as_json:
        json_lines({"where": where, "check": check, "ok": ok, "says": says} for where, check, ok, says in rows)
        return
    signs = {True: "ok  ", False: "FAIL", None: "?   "}
    for where, check, ok, says in rows:
        print(line(f"{signs[ok]} {where}: {check}: {says}"))


@_files.command("show")
def show(context: typer.Context) -> None:
    """The configuration as it is understood, with every default. Secrets stay references."""
    import yaml

    config = session(context).config()
    files = {
        "syncd.yaml": config.service,
        "strategy.yaml": config.strategy,
        "rules.yaml": config.rules,
        "partners.yaml": config.partners,
    }
    for name, file in files.items():
        document = file.model_dump(mode="json", exclude_none=True, by_alias=True)
        print(f"# {name}")
        yaml.safe_dump(document, sys.stdout, sort_keys=False, allow_unicode=True)


@_files.command("schema")
def schema(file: Annotated[str, typer.Argument(metavar="FILE", help="syncd, strategy, rules or partners.")]) -> None:
    """The JSON Schema of one file, for editors."""
    import orjson

    from config.problems import nearest
    from config.schema import FILES
    from config.schema import schema as schema_of

    name = f"{file.removesuffix('.yaml')}.yaml"
    if name not in FILES:
        fail(f"there is no file {name}; {nearest(name, FILES)}", Exit.USAGE)
    print(orjson.dumps(schema_of(name), option=orjson.OPT_INDENT_2).decode())


def version(as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False) -> None:
    """The version of syncd and of what it stands on."""
    import platform
    import sqlite3

    from syncd.cli.output import json_lines

    facts = {"syncd": __version__, "python": platform.python_version(), "sqlite": sqlite3.sqlite_version}
    if as_json:
        json_lines([facts])
    else:
        print(", ".join(f"{name} {number}" for name, number in facts.items()))
