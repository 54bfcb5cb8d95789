"""``syncd flags log``: what happened to a flag."""

from typing import Annotated

import typer

from syncd.cli.lists.common import AS_JSON
from syncd.cli.numbers import whole
from syncd.cli.output import json_lines, line, table
from syncd.cli.session import Exit, database_errors, fail, session


def log(
    context: typer.Context,
    flag: Annotated[int, typer.Argument(metavar="ID", parser=whole, help="As `syncd flags` shows it.")],
    as_json: AS_JSON = False,
) -> None:
    """What happened to a flag, from first finding to last decision."""
    here = session(context)
    here.store(here.config())

    from syncd.review import history
    from syncd.review.as_json import entry
    from syncd.review.models import Flag

    with database_errors():
        row = Flag.objects.filter(pk=flag).first()
        if row is None:
            fail(f"there is no flag {flag}: see `syncd flags --state all`", Exit.USAGE)
        entries = history.log(row)
    if as_json:
        json_lines(map(entry, entries))
        return
    print(line(row.message))
    table(
        ["at", "what", "who", "says"],
        ([f"{e.at:%Y-%m-%d %H:%M}", e.what, e.who or "syncd", e.says] for e in entries),
        empty="Nothing has happened to it.",
    )
