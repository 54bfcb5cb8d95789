"""What the commands about partners share."""

from typing import TYPE_CHECKING, Annotated

import typer

from config.problems import nearest
from syncd.cli.flags.deciding import whoever
from syncd.cli.session import Exit, fail, session

if TYPE_CHECKING:
    from syncd.sharing.models import Deal

PARTNER = Annotated[str, typer.Argument(metavar="PARTNER", help="Its id in partners.yaml.")]
AUTHOR = Annotated[
    str | None, typer.Option("--as", metavar="NAME", help="Who decides; default: who is signed in here.")
]


def store(context: typer.Context) -> None:
    """The agreements as the files have them now; ends the command where they cannot be read."""
    from datetime import UTC, datetime

    here = session(context)
    config = here.config()
    here.store(config)

    from syncd.sharing import deals

    deals.reconcile(config, datetime.now(UTC))


def deal_of(asked: str) -> "Deal":
    """The partner that is meant; ends the command where there is none."""
    from syncd.sharing.models import Deal

    deal = Deal.objects.filter(partner=asked).first()
    if deal is None:
        known = list(Deal.objects.order_by("partner").values_list("partner", flat=True))
        fail(f"there is no partner {asked}; {nearest(asked, known)}".removesuffix("; "), Exit.USAGE)
    return deal


def who(author: str | None) -> str:
    """Who decides, for the security log and the ledger."""
    return author or f"command line ({whoever()})"
