"""``syncd rules test``, ``stats``, ``suggest`` and ``restore``: how rules are, and how they come about."""

import typer

from syncd.cli.rules.restore import restore
from syncd.cli.rules.stats import stats
from syncd.cli.rules.suggest import suggest
from syncd.cli.rules.trying import try_out

_rules = typer.Typer(help="Rules: tried, counted, found in what people decided.", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    _rules.command("test")(try_out)
    _rules.command()(stats)
    _rules.command()(suggest)
    _rules.command()(restore)
    app.add_typer(_rules, name="rules")
