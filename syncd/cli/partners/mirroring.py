"""``syncd partners mirror`` and ``mirrors``: the partner's copy in the partner's own tools."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from syncd.cli.lists.common import AS_JSON
from syncd.cli.output import ago, json_lines, line, table
from syncd.cli.partners.common import deal_of, store
from syncd.cli.session import Exit, database_errors, fail, session

if TYPE_CHECKING:
    from syncd.mirrors.models import Mirror
    from syncd.mirrors.standing import Standing
    from syncd.worker.mirroring.rehearsal import Rehearsed
    from syncd.worker.roster import Roster

SOME = Annotated[str, typer.Argument(metavar="[PARTNER]", help="Its id in partners.yaml; left out: all.")]


def mirrors(context: typer.Context, partner: SOME = "", as_json: AS_JSON = False) -> None:
    """The places in partners' own tools that hold their copies. What is there, what they changed, what is wrong."""
    with database_errors():
        store(context)
        from syncd.mirrors import standing

        names = _named(partner)
        rows = [one for name in names for one in standing.of(name)]
        told = [difference for name in names for difference in standing.differences(name)]
    if as_json:
        json_lines(map(_as_json, rows))
    else:
        table(
            ["partner", "place", "rows", "wait", "differ", "last", "stands"],
            (_row(one) for one in rows),
            empty="No mirror is in force: name one under mirrors in partners.yaml and approve it; docs/mirrors.md shows how",
        )
        for one in rows:
            for remedy in one.mirror.remedies:
                print(line(f"{one.mirror}: {remedy}"))
        for each in told:
            print(line(f"{each.mirror}: {each.field} is “{each.theirs}” there, “{each.ours}” in the copy: {each.url}"))
    raise typer.Exit(Exit.FINDINGS if any(one.mirror.error for one in rows) else Exit.OK)


def mirror(
    context: typer.Context,
    partner: SOME = "",
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show every request that would be sent, and send none of them.")
    ] = False,
    sweep: Annotated[bool, typer.Option("--sweep", help="Compare every row; merge what stands there twice.")] = False,
    accept_place: Annotated[
        bool, typer.Option("--accept-place", help="The places are the right ones, as they are now.")
    ] = False,
    put_back: Annotated[
        bool, typer.Option("--put-back", help="Make the rows again that the partner took away.")
    ] = False,
    as_json: AS_JSON = False,
) -> None:
    """Bring partners' own tools up to date now. The worker does so by itself."""
    here = session(context)
    config = here.config(secrets=True)
    with database_errors():
        store(context)
        from syncd.mirrors import places
        from syncd.worker.mirror import mirror as bring_up_to_date
        from syncd.worker.mirroring.rehearsal import rehearse
        from syncd.worker.observe import Requests
        from syncd.worker.roster import Roster

        names, now = _named(partner), datetime.now(UTC)
        with Roster(config.service.trackers, observer=Requests()) as roster:
            if dry_run:
                _tell(rehearse(config, roster, partner, now), as_json=as_json)
                return
            places.follow(now)
            for one in _places(names):
                if accept_place:
                    _accept(roster, one)
                if put_back and (count := places.put_back(one)):
                    print(line(f"{one}: {count:,} rows are made again"))
            while bring_up_to_date(config, roster, partner=partner, sweep=sweep):
                pass
    mirrors(context, partner, as_json)


def _named(partner: str) -> list[str]:
    from syncd.sharing.models import Deal

    return (
        [deal_of(partner).partner]
        if partner
        else list(Deal.objects.order_by("partner").values_list("partner", flat=True))
    )


def _places(partners: list[str]) -> "list[Mirror]":
    from syncd.mirrors.models import Mirror

    return list(Mirror.objects.filter(partner__in=partners, ended_at=None).order_by("id"))


def _accept(roster: "Roster", one: "Mirror") -> None:
    from connectors.base import ConnectorError
    from syncd.cli.session import code_of
    from syncd.worker.mirroring import fitness

    try:
        name = fitness.accept(one, roster.target(one.tracker, one.place))
    except ConnectorError as error:
        fail(f"{one}: {error}", code_of([error]))
    print(line(f"{one}: {name} is the right place"))


def _tell(rehearsed: "Iterable[Rehearsed]", *, as_json: bool) -> None:
    """Every request: method, path and body."""
    import orjson

    requests = refused = 0
    for one in rehearsed:
        refused += bool(one.because)
        requests += len(one.writes)
        if as_json:
            json_lines(_requests(one))
            continue
        print(line(f"{one.mirror}: {one.act} {one.title}".rstrip() + (f": {one.because}" if one.because else "")))
        for slot, text in one.theirs.items():
            print(line(f"  kept: {slot} “{text}”, as the partner wrote it"))
        for write in one.writes:
            body = orjson.dumps(write.body).decode() if write.body is not None else ""
            print(line(f"  {write.method} {write.path} {body}".rstrip()))
    if not as_json:
        print(f"{requests:,} requests would be sent; none was")
    raise typer.Exit(Exit.FINDINGS if refused else Exit.OK)


def _requests(one: "Rehearsed") -> Iterable[dict[str, Any]]:
    about: dict[str, Any] = {
        "partner": one.mirror.partner,
        "place": str(one.mirror),
        "act": one.act,
        "title": one.title,
    }
    about |= {"kept": dict(one.theirs), "because": one.because or None}
    if not one.writes:
        yield about | {"method": None, "path": None, "body": None}
    for write in one.writes:
        yield about | {"method": write.method, "path": write.path, "body": write.body}


def _row(one: "Standing") -> list[str]:
    mirror = one.mirror
    return [
        mirror.partner, str(mirror), f"{one.live:,}", f"{one.waiting:,}", f"{one.differing:,}", ago(mirror.worked_at), _stands(one)
    ]  # fmt: skip


def _stands(one: "Standing") -> str:
    mirror = one.mirror
    if mirror.error:
        return mirror.error
    if mirror.leaving_at:
        return "is being emptied"
    parts = [f"{one.removed:,} taken away by the partner"] if one.removed else []
    parts += [f"{one.refused:,} refused: {one.why}"] if one.refused else []
    parts += [f"{mirror.unknown:,} rows that nobody here knows"] if mirror.unknown else []
    return "; ".join(parts) or ("ok" if mirror.worked_at else "not written to yet")


def _as_json(one: "Standing") -> dict[str, Any]:
    mirror = one.mirror
    return {
        "partner": mirror.partner,
        "kind": mirror.kind,
        "tracker": mirror.tracker,
        "place": mirror.place,
        "name": mirror.name,
        "url": mirror.url,
        "rows": one.live,
        "waiting": one.waiting,
        "refused": one.refused,
        "removed": one.removed,
        "differing": one.differing,
        "unknown": mirror.unknown,
        "remedies": mirror.remedies,
        "leaving_at": mirror.leaving_at,
        "worked_at": mirror.worked_at,
        "swept_at": mirror.swept_at,
        "parked_until": mirror.parked_until,
        "error": mirror.error or None,
    }
