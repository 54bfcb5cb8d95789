"""``syncd messages``: who is told what and when, and what they would be told now."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from syncd.cli.numbers import whole
from syncd.cli.output import json_lines, line, table
from syncd.cli.session import Exit, database_errors, fail, session

if TYPE_CHECKING:
    from syncd.notify.models import Message, Subscription

ID = Annotated[int, typer.Argument(metavar="ID", parser=whole, help="Number of the digest: see syncd messages list.")]


def register(app: typer.Typer) -> None:
    family = typer.Typer(help="Who is told what and when.", no_args_is_help=True, rich_markup_mode=None)
    family.command("list")(list_digests)
    family.command()(preview)
    family.command()(send)
    app.add_typer(family, name="messages")


def list_digests(
    context: typer.Context,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object for each digest.")] = False,
) -> None:
    """Everybody's digests, and when each comes next."""
    _store(context)
    from syncd.notify.models import Subscription

    with database_errors():
        rows = [_row(each) for each in Subscription.objects.select_related("person", "view")]
    if as_json:
        json_lines(rows)
        return
    cells = ([str(r["id"]), r["person"], r["when"], r["by"], _when(r["next_at"]), r["about"]] for r in rows)
    table(["id", "person", "when", "by", "next", "about"], cells, empty="Nobody asked for a digest: /messages/")


def preview(context: typer.Context, digest: ID) -> None:
    """What a digest would tell now. Nothing is sent and nothing kept."""
    _store(context)
    with database_errors():
        _print(_known(digest))


def send(
    context: typer.Context,
    digest: ID,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only tell what would be sent, and where to.")] = False,
) -> None:
    """Send a digest now, whatever its hour. Nothing leaves where there is nothing to tell. The next one tells what comes after."""
    _store(context)
    from syncd.notify import digests, outbox
    from syncd.notify.models import Message

    with database_errors():
        found = _known(digest)
        if dry_run:
            print(f"to {_receiver(found)}, if it were sent:")
            _print(found)
            return
        now = datetime.now(UTC)
        made = digests.serve(found, now, now).message
        if made is None:
            print("Nothing has changed: nothing was sent.")
            return
        outbox.send_now(made, now)
        _tell(Message.objects.get(pk=made.pk))


def _tell(message: "Message") -> None:
    if message.state != message.SENT:
        fail(f"not sent to {message.to}: {message.error}", Exit.UNAVAILABLE)
    print(f"sent to {message.to}: {message.subject}")


def _store(context: typer.Context) -> None:
    here = session(context)
    here.store(here.config())


def _known(number: int) -> "Subscription":
    from syncd.notify.models import Subscription

    found = Subscription.objects.select_related("person", "view").filter(pk=number).first()
    if found is None:
        fail(f"there is no digest {number}: see syncd messages list", Exit.USAGE)
    return found


def _print(subscription: "Subscription") -> None:
    """Subject and plain text, without what could move a terminal's cursor: titles come from outside."""
    from syncd.notify import digests, letters
    from syncd.notify.models import Digest
    from syncd.web.filters import BadFilter

    now = datetime.now(UTC)
    try:
        content = digests.preview(subscription, now)
    except BadFilter as error:
        fail(f"its filter is not understood any more: {error}", Exit.USAGE)
    if content.is_empty:
        print("Nothing has changed: nothing would be sent.")
        return
    letter = letters.digest(Digest(subscription=subscription, slot=now), content, "")
    print(f"{line(letter.subject)}\n")
    print("\n".join(map(line, letter.text.splitlines())))


def _row(subscription: "Subscription") -> dict[str, Any]:
    from syncd.notify import digests
    from syncd.notify import saying as words

    ended = subscription.ended_at is not None
    return {
        "id": subscription.pk,
        "person": subscription.person.email,
        "when": words.when(subscription),
        "time_zone": subscription.person.time_zone,
        "about": words.about(subscription),
        "by": _receiver(subscription),
        "next_at": None if ended else digests.next_slot(subscription, datetime.now(UTC)),
        "ended_because": subscription.ended_because,
    }


def _receiver(subscription: "Subscription") -> str:
    by_mail = subscription.channel == subscription.MAIL
    return subscription.person.email if by_mail else subscription.channel


def _when(moment: datetime | None) -> str:
    return f"{moment:%Y-%m-%d %H:%M} UTC" if moment else "ended"
