"""``syncd apply``: what was planned is put in force, by name and with a reason."""

from typing import TYPE_CHECKING, Annotated

import typer

from syncd.cli.numbers import whole
from syncd.cli.planning.drafts import DRAFT, drafted, in_force, planned, read
from syncd.cli.session import Exit, database_errors, fail, session, user

if TYPE_CHECKING:
    from syncd.strategy.models import StrategyVersion
    from syncd.worker.plan.apply import Order

JUDGED_LATER = "A running daemon judges by it within a minute; else: syncd sync"


def apply(
    context: typer.Context,
    draft: DRAFT = None,
    message: Annotated[str, typer.Option("--message", "-m", metavar="TEXT", help="Why, for the record.")] = "",
    author: Annotated[str, typer.Option("--as", metavar="NAME", help="Who; default: the user at the system.")] = "",
    yes: Annotated[bool, typer.Option("--yes", help="Also where it changes more than changes.blast_radius.")] = False,
    version: Annotated[
        int | None, typer.Option(metavar="N", parser=whole, help="Put an earlier version in force again.")
    ] = None,
    undo: Annotated[bool, typer.Option("--undo", help="Put the version before in force again.")] = False,
) -> None:
    """Put what the folder says in force, or an earlier version. Judging follows; nothing is lost: --undo takes it back.
    Trackers that were taken out of syncd.yaml are let go."""
    here = session(context)
    if sum((version is not None, undo, draft is not None)) > 1:
        fail("one of DRAFT_DIR, --version and --undo, not several", Exit.USAGE)
    config = drafted(here.config(), draft)
    here.store(config)

    from syncd.cli.planning import rows, words
    from syncd.worker import policy
    from syncd.worker.plan.apply import Order, Overtaken, release
    from syncd.worker.plan.apply import apply as put_in_force
    from syncd.worker.plan.trackers import NOBODY, roll

    with database_errors():
        newest, before = in_force()
        chosen = _chosen(newest, version, undo=undo)
        after = read(chosen) if chosen else policy.written(config)
        same = before.says_as(after)
        trackers = NOBODY if chosen or draft else roll(config.service.sources)
        if same and not trackers.leaving:
            fail(f"that is in force already: version {newest.id}", Exit.OK)
        with planned(here, before, after, newest, trackers) as found:
            summary, effect = rows.summary(found, newest, config.service.changes), found.effect
        if summary["needs_yes"] and not yes:
            fail(f"{words.headline(summary)}. See it: syncd plan. To do it: --yes", Exit.FINDINGS)
        why = message or (f"version {chosen.id} again" if chosen else "")
        order = Order(after, author or user() or "unknown", why, effect, newest, trackers.leaving)
        try:
            made = None if same else put_in_force(config, order)
            if same:
                release(order)
        except Overtaken as error:
            fail(f"{error}: look at the plan again", Exit.TRY_LATER)
    if here.verbosity >= 0:
        _tell(order, made, words.headline(summary))


def _tell(order: "Order", made: "StrategyVersion | None", headline: str) -> None:
    done, back = [], []
    if made:
        done.append(f"Version {made.id} is in force, by {made.author}")
        back.append("syncd apply --undo")
    if order.leaving:
        done.append(f"Withdrawn, by {order.author}: {', '.join(order.leaving)}")
        back.append("write what was withdrawn into syncd.yaml again, then syncd sync")
    print(f"{'. '.join(done)}. {headline}.")
    print(f"{JUDGED_LATER}. To take it back: {'; '.join(back)}")


def _chosen(newest: "StrategyVersion", number: int | None, *, undo: bool) -> "StrategyVersion | None":
    """The earlier version that is asked for, if one is."""
    from syncd.strategy import versions
    from syncd.strategy.models import StrategyVersion

    if undo:
        found = versions.other_before(newest)
        return found or fail(f"version {newest.id} is the first: there is none before it", Exit.USAGE)
    if number is None:
        return None
    found = StrategyVersion.objects.filter(id=number).first()
    return found or fail(f"there is no version {number}: see syncd versions", Exit.USAGE)
