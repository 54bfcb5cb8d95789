"""The shared work: by state, by quarter, or as a list."""

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse, QueryDict
from django.views.decorators.http import require_http_methods

from syncd.partners.desk import visits
from syncd.partners.entrance import visitor
from syncd.partners.entrance.asking import sign_in
from syncd.partners.entrance.door import otherwise
from syncd.partners.models import Change, Commitment, Item, Partner, Proposal
from syncd.partners.pages import frame, listing, periods
from syncd.partners.pages.telling import UNTITLED, Told, told

VIEWS = {"": "By state", "quarter": "By quarter", "list": "As a list"}
FIRST = 8
"""Items of a column; the rest is a list."""
COLUMNS, QUARTERS, CHOICES = 8, 8, 40
NEWS = 5


@dataclass(frozen=True, slots=True)
class Asked:
    """What an address asks for. ``status`` None: any; empty: items without one."""

    view: str
    words: str
    status: str | None
    quarter: str
    after: str

    @classmethod
    def of(cls, query: QueryDict) -> "Asked":
        """:raises BadRequest: there is no such view, or the text cannot be one"""
        texts = [query.get(name, "") for name in ("by", "q", "status", "quarter", "after")]
        if any("\0" in text or len(text) > 200 for text in texts) or texts[0] not in VIEWS:
            raise BadRequest
        status = None if texts[2] == "" and "status" not in query else texts[2]
        return cls(texts[0], texts[1].strip(), _any_if_blank(status), texts[3], texts[4])

    @property
    def narrowed(self) -> bool:
        return bool(self.words or self.quarter or self.status is not None)

    def query(self, **other: str | None) -> str:
        """The address with something else in it; None leaves it out."""
        now = {"by": self.view, "q": self.words, "status": _written(self.status), "quarter": self.quarter} | other
        return urlencode({name: text for name, text in now.items() if text})


BLANK = "-"
"""In an address: items without a state; an empty field of a form means any."""


def _any_if_blank(status: str | None) -> str | None:
    return None if not status else "" if status == BLANK else status


def _written(status: str | None) -> str | None:
    return BLANK if status == "" else status


@dataclass(frozen=True, slots=True)
class Group:
    """A column, or a quarter: its first items, and the address of all."""

    title: str
    items: list[Item]
    more: str


@otherwise(sign_in)
@require_http_methods(["GET", "HEAD"])
def tracker(request: HttpRequest) -> HttpResponse:
    """Only the list has further pages; groups show their first items and lead to a list of all."""
    who, asked = visitor.of(request), Asked.of(request.GET)
    partner = who.partner
    items = listing.found(partner, status=asked.status, quarter=asked.quarter)
    page = None if _grouped(asked) else listing.page(items, asked.after, words=asked.words)
    values = {
        "asked": asked,
        "blank": BLANK,
        "views": [(title, asked.query(by=name), name == asked.view) for name, title in VIEWS.items()],
        "groups": _groups(partner, asked) if page is None else [],
        "page": page,
        "next": asked.query(after=page.after) if page and page.after else "",
        "start": asked.query() if asked.after else "",
        "statuses": partner.statuses,
        "quarters": [(named, periods.words(named)) for named in listing.quarters(partner, CHOICES)],
        "csv": asked.query(by=None),
        "news": _news(request),
        "waiting": _waiting(partner),
        "untitled": UNTITLED,
    }
    return frame.show(request, "tracker.html", values, opened="tracker", here="tracker")


def _grouped(asked: Asked) -> bool:
    return asked.view != "list" and not asked.after


def _groups(partner: Partner, asked: Asked) -> list[Group]:
    return _by_quarter(partner, asked) if asked.view == "quarter" else _by_state(partner, asked)


def _by_state(partner: Partner, asked: Asked) -> list[Group]:
    """A column for each word, in the order of the work; one for items without, where there are any."""
    groups = [
        _group(partner, asked, word or "Without a state", status=word)
        for word in [*partner.statuses[:COLUMNS], ""]
        if asked.status is None or asked.status == word
    ]
    return [group for group in groups if group.items or group.more or group.title in partner.statuses]


def _by_quarter(partner: Partner, asked: Asked) -> list[Group]:
    named = [asked.quarter] if asked.quarter else [*reversed(listing.quarters(partner, QUARTERS)), listing.NONE]
    groups = [_group(partner, asked, _quarter_title(quarter), quarter=quarter) for quarter in named]
    return [group for group in groups if group.items or group.more]


def _quarter_title(quarter: str) -> str:
    return "No date" if quarter == listing.NONE else periods.words(quarter)


def _group(partner: Partner, asked: Asked, title: str, *, status: str | None = None, quarter: str = "") -> Group:
    narrow = Asked("list", asked.words, asked.status if status is None else status, quarter or asked.quarter, "")
    items = listing.found(partner, status=narrow.status, quarter=narrow.quarter)
    page = listing.page(items, size=FIRST, words=narrow.words)
    return Group(title, list(page.items), narrow.query() if page.after else "")


@dataclass(frozen=True, slots=True)
class News:
    """What happened since somebody was last here. ``since`` None: they never were."""

    since: datetime | None
    lines: list[Told]
    more: bool


def _news(request: HttpRequest) -> News:
    who = visitor.of(request)
    visit = frame.note(who, request, visits.PAGES)
    since = visit.before_at if visit else None
    if since is None:
        return News(None, [], more=False)
    changes = (
        Change.objects.filter(partner=who.partner, at__gt=since).select_related("item").order_by(*Change.NEWEST_FIRST)
    )
    rows = list(changes[: NEWS + 1])
    return News(since, [told(change) for change in rows[:NEWS]], more=len(rows) > NEWS)


def _waiting(partner: Partner) -> int:
    """How much waits for the partner's answer: proposals of ours, and commitments that only they have still to accept."""
    offered = Commitment.objects.filter(partner=partner, stage=Commitment.OFFERED, theirs_on=None).count()
    ours = Proposal.objects.filter(partner=partner, by_side="ours", state=Proposal.OPEN).count()
    return offered + ours
