"""Lines of the ledger as pages, files and the API read them: a day, a page of it, what each is about, who looked."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from urllib.parse import urlencode

from django.core.exceptions import BadRequest
from django.db.models import Q
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone

from syncd.accounts.models import User
from syncd.sharing import ledger
from syncd.sharing.models import Deal, Disclosure
from syncd.trackers import access as tracked
from syncd.trackers import as_json
from syncd.web import keyset

COLUMNS = (
    "id",
    "at",
    "partner",
    "kind",
    "public",
    "item",
    "field",
    "value",
    "channel",
    "version",
    "approver",
    "digest",
    "before",
    "hash",
)
"""Of the file: all that a line of the ledger holds, so that whoever has the file can check the chain."""
KNOWN = ("line", "public", "item", "field", "value", "channel", "version", "approver", "since", "until")

WORK = ("tracker", "print", "download", "feed", "changes")
PAGES: Mapping[str, Sequence[str]] = {"commitment": ("commitments", "calendar"), "comment": ("talk",)}
"""Kind of a line -> what of the partner's pages tells it besides its own; ``WORK`` for items."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What stands in the address. ``on``: a day in UTC, as it was at its end; None: every line, the newest first.
    ``check``: the line after which the chain is to be checked; None: it is not."""

    on: date | None = None
    check: int | None = None

    @classmethod
    def of(cls, query: QueryDict) -> "Asked":
        """:raises BadRequest: a day that is none, or a line"""
        check = query.get("check")
        return cls(_day(query.get("on", "")), None if check is None else place(check))

    @property
    def query(self) -> str:
        return urlencode({"on": self.on.isoformat()}) if self.on else ""

    def until(self, now: datetime) -> datetime:
        """The end of that day, or ``now`` where it is not over."""
        return min(datetime.combine(self.on, time.min, UTC) + timedelta(days=1), now) if self.on else now


def _day(text: str) -> date | None:
    if not text.strip():
        return None
    try:
        found = date.fromisoformat(text.strip())
    except ValueError:
        raise BadRequest(f"on={text}: expected a day, such as on=2026-11-20") from None
    if not date(2000, 1, 1) <= found < date(3000, 1, 1):
        raise BadRequest(f"on={text}: expected a day between the years 2000 and 3000")
    return found


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the ledger as a page shows it. ``name``: what our side calls it, with the address of its page where
    there is one; ``seen``: who has looked there since."""

    row: Disclosure
    name: str
    url: str
    seen: str


def place(text: str) -> int:
    """:raises BadCursor: it is no line's id"""
    after = text or "0"
    if not (after.isascii() and after.isdigit() and len(after) < 19):
        raise keyset.BadCursor
    return int(after)


def known(deal: Deal, asked: Asked, after: int, size: int) -> tuple[Sequence[ledger.Known], int]:
    """A page of it, and the place of the next; 0: there is none."""
    found = list(ledger.known(deal.partner, asked.until(timezone.now()), after, size + 1))
    return found[:size], found[size - 1].line if len(found) > size else 0


def names(person: User, deal: Deal, lines: Iterable[Disclosure | ledger.Known]) -> dict[str, tuple[str, str]]:
    """What lines are about, as our side calls it, with the address of its page; in one query."""
    about = {line.item for line in lines}
    pairs = [name.partition(":") for name in about]
    wanted = Q(pk__in=[])
    for tracker in {tracker for tracker, _, _ in pairs} - {"commitment"}:
        natives = [native for name, _, native in pairs if name == tracker]
        wanted |= Q(tracker__name=tracker, native_id__in=natives)
    found = {name: (name, "") for name in about}
    for row in tracked.items(person).filter(wanted).select_related(None).select_related("tracker").defer("doc"):
        found[as_json.id_of(row)] = (row.key, reverse("partner_why", args=[deal.partner, row.pk]))
    for tracker, _, name in pairs:
        if tracker == "commitment":
            url = reverse("partner_commitment", args=[deal.partner, name])
            found[f"commitment:{name}"] = (f"Commitment {name}", url)
    return found


def seen_by(
    seen: Mapping[str, Sequence[ledger.Seen]],
    line: Disclosure | ledger.Known,
    since: datetime,
    until: datetime | None = None,
) -> str:
    """Who opened a page of the partner's that tells it, in that time. In a mirror, nobody knows.

    Of each page it is known when somebody opened it first and last: who did so before and after a short time may not
    have looked within it, and is named all the same.
    """
    if line.channel != ledger.PAGE:
        return ""
    places = (line.public, *PAGES.get(line.item.partition(":")[0], WORK))
    visits = [visit for name in places for visit in seen.get(name, ())]
    names = [each.who for each in visits if each.last_at >= since and (until is None or each.first_at < until)]
    return ", ".join(dict.fromkeys(names))
