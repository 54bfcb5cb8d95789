"""``syncd partners link``, ``links`` and ``revoke``: share links."""

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Annotated, Any

import typer
from pydantic import TypeAdapter, ValidationError

from syncd.cli.lists.common import AS_JSON
from syncd.cli.output import ago, json_lines, line, table
from syncd.cli.partners.common import AUTHOR, PARTNER, deal_of, store, who
from syncd.cli.session import Exit, database_errors, fail

if TYPE_CHECKING:
    from syncd.partners.models import Link


def link(
    context: typer.Context,
    partner: PARTNER,
    label: Annotated[str, typer.Option(metavar="TEXT", help="Who gets it; the partner does not see it.")] = "",
    expires: Annotated[
        str | None, typer.Option(metavar="TIME", help="How long it works, such as 7d; at most what the agreement says.")
    ] = None,
    author: AUTHOR = None,
) -> None:
    """Make a share link: whoever holds it sees what the partner sees. It is printed once."""
    lasts = None if expires is None else _duration(expires)
    with database_errors():
        store(context)
        deal = deal_of(partner)
        from syncd.sharing import links
        from syncd.sharing.deals import Refused

        try:
            _, secret = links.make(deal, label, who(author), datetime.now(UTC), lasts)
        except Refused as error:
            fail(str(error), Exit.FINDINGS)
        print(links.address(secret))


def links(context: typer.Context, partner: PARTNER, as_json: AS_JSON = False) -> None:
    """Share links to a partner's pages."""
    now = datetime.now(UTC)
    with database_errors():
        store(context)
        from syncd.sharing import links as sharing

        found = sharing.of(deal_of(partner))
    if as_json:
        json_lines(_row(one, now) for one in found)
        return
    table(
        ["id", "made", "until", "state", "label"],
        ([one.id, ago(one.made_at), f"{one.expires_at:%Y-%m-%d}", _state(one, now), one.label] for one in found),
        empty=f"No share link yet: syncd partners link {partner} makes one",
    )


def revoke(
    context: typer.Context,
    ids: Annotated[list[str], typer.Argument(metavar="ID…", help="One or more, as `syncd partners links` shows them.")],
    author: AUTHOR = None,
) -> None:
    """Revoke share links. They open nothing any more, and whoever came in by them is out."""
    refused = False
    with database_errors():
        store(context)
        from syncd.partners.models import Link
        from syncd.sharing import links as sharing
        from syncd.sharing.deals import Refused

        for id_ in dict.fromkeys(ids):
            found = Link.objects.filter(pk=id_, kind=Link.SHARE).first()
            try:
                says = "there is no such share link"
                if found:
                    sharing.revoke(found, who(author), datetime.now(UTC))
                    says = ""
            except Refused as error:
                says = str(error)
            refused |= bool(says)
            typer.echo(line(f"{id_}: {says or 'revoked'}"), err=bool(says))
    raise typer.Exit(Exit.FINDINGS if refused else Exit.OK)


def _duration(text: str) -> timedelta:
    """As in the configuration: ``7d``, ``12h``."""
    from connectors.settings import Duration

    try:
        return timedelta(seconds=TypeAdapter(Duration).validate_python(text))
    except ValidationError:
        fail(f"--expires {text}: expected a time such as 7d or 12h", Exit.USAGE)


def _state(one: "Link", now: datetime) -> str:
    if one.revoked_at:
        return "revoked"
    return "works" if one.expires_at > now else "expired"


def _row(one: "Link", now: datetime) -> dict[str, Any]:
    return {
        "id": one.id,
        "label": one.label,
        "state": _state(one, now),
        "made_at": one.made_at,
        "expires_at": one.expires_at,
        "revoked_at": one.revoked_at,
    }
