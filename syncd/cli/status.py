"""``syncd status``: how each stream is doing, in words."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from syncd.cli.output import json_lines, line, table
from syncd.cli.session import database_errors, session
from syncd.web.words import ago, ahead

if TYPE_CHECKING:
    from config.files import Config


def register(app: typer.Typer) -> None:
    app.command()(status)


def status(
    context: typer.Context,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object for each stream.")] = False,
) -> None:
    """Per stream: last success, lag, errors in words, next poll."""
    here = session(context)
    config = here.config()
    here.store(config)
    with database_errors():
        rows = list(_rows([settings.name for settings in config.service.sources]))
        if as_json:
            json_lines(rows)
        else:
            _print(rows)
        tell_waiting(config, to_stderr=as_json)


def tell_waiting(config: "Config", *, to_stderr: bool) -> None:
    """Edits that do not take effect by themselves, mirrors in trouble, and what the last audit found."""
    from syncd.mirrors import standing
    from syncd.trackers.models import Round, Tracker
    from syncd.worker import leaving, policy

    if says := policy.waiting(config):
        typer.echo(f"! {says}", err=to_stderr)
    for tracker in Tracker.objects.exclude(leaving={}).order_by("name"):
        typer.echo(f"! {tracker.leaving_says}. {leaving.REMEDY}", err=to_stderr)
    for trouble in standing.troubles():
        told = f"! {trouble.mirror}, the mirror for {trouble.mirror.partner}: {trouble.says}"
        typer.echo(line(told), err=to_stderr)
    if found := Round.disagreement():
        typer.echo(
            f"! the nightly audit found {found.found} decided otherwise than stored: {found.told}", err=to_stderr
        )


def _rows(trackers: list[str]) -> Iterator[dict[str, Any]]:
    """One object a stream; a tracker that was never discovered has one without a stream."""
    from django.db.models import Count, Q

    from syncd.trackers import as_json
    from syncd.trackers.models import Stream, Tracker

    now = datetime.now(UTC)
    live = Count("items", filter=Q(items__deleted_at=None))
    streams = (
        Stream.objects.filter(active=True, tracker__name__in=trackers).select_related("tracker").annotate(live=live)
    )
    for stream in streams.order_by("tracker__name", "name"):
        yield as_json.stream(stream, now, items=stream.live)
    known = {tracker.name: tracker for tracker in Tracker.objects.filter(name__in=trackers)}
    for name in sorted(set(trackers) - {stream.tracker.name for stream in streams}):
        error = known[name].error if name in known else ""
        yield _blank(name) | {"error": error or None}


def _blank(tracker: str) -> dict[str, Any]:
    names = ("stream", "items", "last_success_at", "lag_s", "error", "problems", "next_poll_at", "requests")
    return {"tracker": tracker, **dict.fromkeys((*names, "backfilled", "held")), "problems": []}


def _print(rows: list[dict[str, Any]]) -> None:
    now = datetime.now(UTC)
    table(
        ["tracker", "stream", "items", "last success", "next poll", "requests", "state"],
        (
            [
                row["tracker"],
                row["stream"] or "–",
                f"{row['items'] or 0:,}",
                ago(row["last_success_at"], now),
                ahead(row["next_poll_at"], now),
                str(row["requests"] or 0),
                _state(row),
            ]
            for row in rows
        ),
        empty="No trackers are configured.",
    )
    for trouble in dict.fromkeys(trouble for row in rows for trouble in _troubles(row)):
        print(f"! {trouble}")


def _troubles(row: dict[str, Any]) -> Iterator[str]:
    """What a person has to look at. Parts that a tracker cannot read stand with each of its streams."""
    for problem in row["problems"]:
        yield f"{row['tracker']}: {problem['where']}: {problem['what']}"
    if held := row["held"]:
        yield (
            f"{row['tracker']}/{row['stream']}: {held['missing']} of {held['of']} items are missing since "
            f"{held['since']}, too many to believe. Check what the credential may see; if they are "
            f"really gone: syncd sync {row['tracker']} --sweep --accept-deletions"
        )


def _state(row: dict[str, Any]) -> str:
    if row["error"]:
        return str(row["error"])
    if row["last_success_at"] is None:
        return "first sync under way" if row["items"] else "not synced yet: run syncd sync"
    return "ok"
