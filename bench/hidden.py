"""Whether the time of an answer tells that an id is another partner's.

Somebody of one partner asks for ids of the other and for ids that never were, in turns that a coin decides, over one
connection to the product's own server. Beside the medians stands how well the time tells them apart: the share of pairs
in which the other's id took longer (the area under the curve of Mann and Whitney), 0.5 where it tells nothing.

``python -m bench.hidden FOLDER`` fills the store, in a process of its own; it prints whom to ask as, and for what.
"""

import http.client
import os
import random
import statistics
import sys
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from secrets import token_urlsafe
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import orjson

from bench.judging import CONFIG
from bench.measure import run, sqlite
from bench.pages import KEY, WARM, Desk, served, visit
from bench.report import Line
from bench.scale import Scale

if TYPE_CHECKING:
    from syncd.partners.models import Partner

SHARED = 500
"""Items and commitments of each partner, asked for again and again."""
PAIRS, FEW = 5_000, 50
TELLS = 0.52
"""At most: by chance alone, so many pairs stay within 0.5 ± 0.017, three times the deviation that is to be expected. Of
few pairs nothing is asked."""


def measure(scale: Scale, folder: Path) -> Iterator[Line]:
    home = folder / "hidden"
    home.mkdir(parents=True)
    told = {**os.environ, "SYNCD_SECRET_KEY": KEY, "SYNCD_DATABASE": sqlite(home / "syncd.db")}
    ways = orjson.loads(run([sys.executable, "-m", "bench.hidden", str(home)], told).output.splitlines()[-1])
    pairs = PAIRS if scale.rounds > 1 else FEW
    with served(home, told) as (url, pid):
        for what, ids in ways["ids"].items():
            yield _line(what, *_asked(Desk(url, ways["cookie"], {}, pid), what, ids, pairs))


def _asked(there: Desk, what: str, ids: Sequence[str], pairs: int) -> tuple[list[float], list[float]]:
    """Milliseconds of answers about another's ids, and about ids that never were."""
    chance = random.Random(pairs)
    times: dict[str, list[float]] = {"another's": [], "none's": []}
    connection = http.client.HTTPConnection(urlsplit(there.url).netloc, timeout=120)
    for number in range(WARM + pairs):
        both = [("another's", chance.choice(ids)), ("none's", token_urlsafe(16))]
        for whose, id_ in chance.sample(both, 2):
            took = visit(connection, there, f"/p/{what}/{id_}/", 404)
            if number >= WARM:
                times[whose].append(took)
    connection.close()
    return times["another's"], times["none's"]


def _line(what: str, others: list[float], none: list[float]) -> Line:
    tells = told_apart(others, none)
    figures = {"another's p50": statistics.median(others), "never was p50": statistics.median(none), "area": tells}
    return Line(f"{what} of another partner: ms", figures, max(tells, 1 - tells), TELLS if len(none) > FEW else None)


def told_apart(some: Sequence[float], others: Sequence[float]) -> float:
    """How often one of ``some`` is more than one of ``others``; where they are equal, that is half of it."""
    ranked = sorted(others)
    above = sum(bisect_left(ranked, one) + bisect_right(ranked, one) for one in some)
    return above / (2 * len(some) * len(others))


def fill(folder: str) -> None:
    """Two partners with as much to see; somebody is signed in at the second."""
    home = Path(folder)
    (home / "syncd.yaml").write_text(CONFIG, encoding="utf-8")

    from syncd.cli.session import Session

    session = Session(home, verbosity=-1)
    session.store(session.config())

    from django.conf import settings
    from django.utils import timezone

    from syncd.partners.models import Partner

    now = timezone.now()
    globex, initech = (
        Partner.objects.create(id=name, name=name.title(), company="Acme", open=True, fresh_at=now)
        for name in ("globex", "initech")
    )
    _shared(initech)
    cookie = f"{settings.PARTNER_COOKIE_NAME}={_signed_in(initech, now)}"
    print(orjson.dumps({"cookie": cookie, "ids": _shared(globex)}).decode())


def _shared(partner: "Partner") -> dict[str, list[str]]:
    from syncd.partners.models import OURS, Commitment, Item

    day = date(2026, 11, 27)
    items = [
        Item(partner=partner, values={"title": f"Work {number}"}, title=f"Work {number}", shown_on=day, changed_on=day)
        for number in range(SHARED)
    ]
    promised = [
        Commitment(partner=partner, who=OURS, what=f"Promise {number}", by=day, success="It works")
        for number in range(SHARED)
    ]
    made = {"items": Item.objects.bulk_create(items), "commitments": Commitment.objects.bulk_create(promised)}
    return {what: [row.pk for row in rows] for what, rows in made.items()}


def _signed_in(partner: "Partner", now: datetime) -> str:
    from syncd.partners.databases import looking, partner_side
    from syncd.partners.entrance import secret, sessions
    from syncd.partners.models import Link

    lasts = {"made_at": now, "expires_at": now + timedelta(days=1)}
    link = Link.objects.create(partner=partner, kind=Link.SHARE, digest=secret.digest(secret.fresh()), **lasts)
    with partner_side(), looking(partner.id):
        return sessions.begin(partner, now, link=link.id)


if __name__ == "__main__":
    fill(sys.argv[1])
