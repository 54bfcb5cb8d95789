"""``syncd rules suggest``: readable rules out of the links that people accepted."""

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from syncd.cli.numbers import between
from syncd.cli.output import json_lines, line
from syncd.cli.session import Exit, database_errors, fail, session
from syncd.web.words import counted

if TYPE_CHECKING:
    from rules.mine import Mined


def suggest(
    context: typer.Context,
    goal: Annotated[str | None, typer.Option(metavar="ID", help="Only rules for this goal.")] = None,
    sure: Annotated[
        float,
        typer.Option(
            metavar="SHARE",
            parser=between(0.05, 0.99),
            help="How often a rule is right at least, as far as one can tell.",
        ),
    ] = 0.8,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object for each rule.")] = False,
) -> None:
    """Rules that explain the links people made, as YAML ready to paste. In mode monitor, each with its evidence."""
    here = session(context)
    config = here.config()
    here.store(config)
    with database_errors():
        links, found = _mined(goal, sure)
    if as_json:
        json_lines(_as_json(mined) for mined in found)
    elif found:
        _print(found)
    else:
        print(_nothing(links, sure))


def _mined(goal: str | None, sure: float) -> "tuple[int, list[Mined]]":
    """How many accepted links there are, and the rules that explain them."""
    from config.problems import nearest
    from syncd.strategy import mining, versions

    version = versions.newest()
    if version is None:
        fail("nothing is here yet: run syncd sync", Exit.TRY_LATER)
    policy = versions.policy_of(version)
    if goal is not None and goal not in policy.strategy.by_id:
        fail(f"there is no goal {goal}; {nearest(goal, policy.strategy.by_id)}", Exit.USAGE)
    links, found = mining.mined(policy, sure)
    return links, [mined for mined in found if goal in (None, mined.rule.target)]


def _as_json(mined: "Mined") -> dict[str, object]:
    """See ``docs/commands.md``."""
    return {
        "rule": mined.as_yaml(),
        "right": mined.right,
        "matches": mined.matches,
        "bound": round(mined.bound, 3),
        "evidence": mined.evidence,
    }


def _print(found: "list[Mined]") -> None:
    import yaml

    print("rules:")
    for mined in found:
        print(f"  # {line(mined.evidence)}; right in at least {mined.bound:.0%} of cases")
        text = yaml.safe_dump(
            [mined.as_yaml()], sort_keys=False, allow_unicode=True, width=110, default_flow_style=None
        )
        sys.stdout.write("".join(f"  {row}\n" for row in text.splitlines()))


def _nothing(links: int, sure: float) -> str:
    from rules.mine import least

    if not links:
        return "nobody has linked anything yet: label some work, or decide flags with --link"
    return (
        f"no rule explains {counted(links, 'accepted link')} well enough: at --sure {sure:g} one needs at least "
        f"{least(sure)} that it explains without exception"
    )
