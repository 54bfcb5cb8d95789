"""``syncd rules test``: each example of each rule, and what of it matched."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from syncd.cli.output import json_lines, line
from syncd.cli.session import Exit, fail, session
from syncd.web.words import counted

if TYPE_CHECKING:
    from config.files import Config
    from rules.examples import Outcome


@dataclass(frozen=True)
class Tried:
    """An example tried, and where it stands."""

    rule: str
    outcome: "Outcome"
    line: int

    @property
    def place(self) -> str:
        return f"rules.yaml:{self.line}"


def try_out(
    context: typer.Context,
    rule: Annotated[str | None, typer.Argument(metavar="RULE", help="Only this rule.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object for each example.")] = False,
) -> None:
    """Try rules on the examples written beside them. Says of each what matched, or which clause did not."""
    config = session(context).config()
    tried = list(_tried(config, rule))
    if as_json:
        json_lines(map(_as_json, tried))
    else:
        _print(config, tried, rule)
    raise typer.Exit(Exit.OK if all(each.outcome.right for each in tried) else Exit.FINDINGS)


def _tried(config: "Config", only: str | None) -> Iterator[Tried]:
    from config.problems import nearest
    from rules.examples import outcomes

    rules = config.policy().rules
    if only is not None and only not in (known := [rule.id for rule in rules]):
        fail(f"there is no rule {only}; {nearest(only, known)}", Exit.USAGE)
    document = config.documents["rules.yaml"]
    for index, rule in enumerate(rules):
        places = {True: 0, False: 0}
        if only in (None, rule.id):
            for outcome in outcomes(rule, datetime.now(UTC)):
                side = outcome.example.matches
                path = ("rules", index, "examples", "match" if side else "nomatch", places[side])
                places[side] += 1
                yield Tried(rule.id, outcome, document.mark(path).line)


def _as_json(each: Tried) -> dict[str, Any]:
    """See ``docs/commands.md``."""
    outcome = each.outcome
    return {
        "rule": each.rule,
        "example": dict(outcome.example.values),
        "expected": outcome.example.matches,
        "matched": outcome.matched,
        "because": outcome.because,
        "ok": outcome.right,
        "line": each.line,
    }


def _print(config: "Config", tried: list[Tried], only: str | None) -> None:
    for each in tried:
        print(line(_told(each)))
    having = {each.rule for each in tried}
    bare = [rule.id for rule in config.rules.rules if rule.id not in having and only in (None, rule.id)]
    if bare:
        print(f"without examples: {', '.join(bare)}")
    failed = sum(not each.outcome.right for each in tried)
    print(f"{counted(len(tried), 'example')}, {failed or 'none'} failed")


def _told(each: Tried) -> str:
    from rules.examples import shown

    outcome = each.outcome
    if not outcome.right:
        return f"FAIL {each.place}: {each.rule}: {outcome}"
    side = "match" if outcome.matched else "no match"
    return f"ok   {each.place}: {each.rule}: {side}: {shown(outcome.example.values)}: {outcome.because}"
