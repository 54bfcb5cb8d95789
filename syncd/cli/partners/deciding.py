"""``syncd partners approve``, ``stop`` and ``resume``."""

from datetime import UTC, datetime
from typing import Annotated

import typer

from syncd.cli.output import line
from syncd.cli.partners.common import AUTHOR, PARTNER, deal_of, store, who
from syncd.cli.session import Exit, database_errors, fail


def approve(
    context: typer.Context,
    partner: PARTNER,
    message: Annotated[str, typer.Option("-m", "--message", metavar="TEXT", help="Why; kept with the version.")] = "",
    author: AUTHOR = None,
) -> None:
    """Put in force what waits. Look at it first with `syncd partners waiting`. The next cycle shows it."""
    with database_errors():
        store(context)
        deal = deal_of(partner)
        from syncd.sharing import approvals
        from syncd.sharing.deals import Refused

        try:
            approvals.approve(deal, who(author), message, datetime.now(UTC))
        except Refused as error:
            fail(f"not approved: {error}", Exit.TRY_LATER if "still looking" in str(error) else Exit.FINDINGS)
    print(line(f"{deal.name}: approved, {deal.admitted:,} items are shared within a minute"))


def stop(
    context: typer.Context,
    partner: PARTNER,
    because: Annotated[str, typer.Option("--because", metavar="TEXT", help="Why, for whoever asks later.")],
    author: AUTHOR = None,
) -> None:
    """Stop all sharing with a partner, at once. Its pages are closed when this returns."""
    with database_errors():
        store(context)
        deal = deal_of(partner)
        from syncd.sharing import switch
        from syncd.sharing.deals import Refused

        try:
            switch.stop(deal, who(author), because, datetime.now(UTC))
        except Refused as error:
            fail(str(error), Exit.FINDINGS)
    print(line(f"{deal.name} sees nothing any more; syncd partners resume {deal.partner} shares again"))


def resume(context: typer.Context, partner: PARTNER, author: AUTHOR = None) -> None:
    """Share with a partner again, by the agreement as it was approved."""
    with database_errors():
        store(context)
        deal = deal_of(partner)
        from syncd.sharing import switch
        from syncd.sharing.deals import Refused

        try:
            switch.resume(deal, who(author), datetime.now(UTC))
        except Refused as error:
            fail(str(error), Exit.FINDINGS)
    print(line(f"{deal.name}: the items are looked through, and shared again within a minute or so"))
