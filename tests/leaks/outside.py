"""Everything that a partner can ask for, and what it got: the whole answer, to the byte."""

import difflib
import itertools
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from random import Random

from django.test import Client
from django.utils import timezone

from syncd.mirrors.models import Intent
from syncd.notify.models import Message
from syncd.partners.databases import looking, partner_side
from syncd.partners.desk.models import Key
from syncd.partners.entrance import secret, sessions
from syncd.partners.models import Comment, Commitment, Contact, Item, Partner, Proposal
from syncd.partners.pages.preferences import quiet_address
from syncd.partners.urls import urlpatterns
from tests.leaks.worlds import Pair

NOBODY = "x" * 22
"""A public id that nothing has."""
QUERIES = {
    "tracker": (
        "",
        "view=quarter",
        "view=list",
        "q=sign",
        "status=Planned",
        "status=nonsense",
        "when=2026-Q4",
        "after=x",
        "page=9",
        "zzz=1",
    ),
    "changes": ("", "before=1", "after=zzz"),
    "table": ("", "q=sign"),
    "commitments": ("", "who=ours"),
}
"""Further ways to ask for a page."""
METHODS = ("get", "head", "options", "post", "put", "delete", "patch")
OPENED = "opens-the-feed-of"
_PLACES = itertools.count()


@dataclass(frozen=True)
class Answer:
    """What came back, with whatever is a partner's own taken out, so that two partners' can be compared."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes


@dataclass(frozen=True)
class Ask:
    """One request, by names that both sides of a pair have in common."""

    method: str
    path: str
    query: str = ""
    again: bool = False
    """With the validators of the answer before, as a program asks whether something changed."""


class Visitor:
    """Somebody who came in by a share link, and what they call things."""

    def __init__(self, pair: Pair, side: str) -> None:
        self.partner = pair.partner(side)
        self._names = {pair.name(side): "The partner"}
        self.client = Client(enforce_csrf_checks=True)
        self.session = _signed_in(self.partner)
        self.client.cookies["syncd-partner"] = self.session
        self._learn()

    def ask(self, one: Ask) -> Answer:
        """The answer in common words."""
        path = one.path
        for name, public in self.ids.items():
            path = path.replace(f"<{name}>", public)
        url = f"/p/{path}" + (f"?{one.query}" if one.query else "")
        # who asks for what opens nothing waits after ten times: every request comes from another place
        place = next(_PLACES)
        self.client.defaults["REMOTE_ADDR"] = f"10.{place >> 16 & 255}.{place >> 8 & 255}.{place & 255}"
        got = getattr(self.client, one.method)(url)
        if one.again and "ETag" in got.headers:
            got = getattr(self.client, one.method)(url, headers={"If-None-Match": got.headers["ETag"]})
        return Answer(got.status_code, tuple(sorted(self._headers(got.headers))), self.common(got.content))

    def letters(self) -> list[str]:
        """What was written to the partner's people, in common words."""
        to = list(Contact.objects.filter(partner=self.partner).values_list("email", flat=True))
        columns = ("topic", "subject", "text", "html", "unsubscribe")
        rows = Message.objects.filter(to__in=to).order_by("id").values_list(*columns)
        return [self.common("\n".join(row).encode()).decode() for row in rows]

    def pushed(self) -> list[str]:
        """What is to be written to the partner's own tools: every request follows from these values and a random mark
        (``connectors.mirror.Target``)."""
        due = Intent.objects.filter(mirror__partner=self.partner).order_by("row__item")
        told = [f"{row.row.item} {row.act} {json.dumps(row.values)} {row.made_at}" for row in due.select_related("row")]
        return [self.common(line.encode()).decode() for line in told]

    def exactly(self, one: Ask) -> Answer:
        """The same answer with nothing taken out."""
        names, self._names = self._names, {}
        try:
            return self.ask(one)
        finally:
            self._names = names

    def common(self, text: bytes) -> bytes:
        words = text.decode(errors="replace")
        for own, name in self._names.items():
            words = words.replace(own, name)
        return words.encode()

    def _headers(self, headers: "Iterator[tuple[str, str]]") -> "Iterator[tuple[str, str]]":
        """An ETag follows from the bytes, which hold ids: that it is there is compared, and :meth:`exactly` the rest."""
        for name, value in headers.items():
            yield name, "…" if name == "ETag" and self._names else self.common(value.encode()).decode()

    def _learn(self) -> None:
        """What things are called here and there: by their order, in which both sides have the same."""
        of = {"partner": self.partner}
        found = {
            "item": Item.objects.filter(**of).order_by("id"),
            "commitment": Commitment.objects.filter(**of).order_by("id"),
            "proposal": Proposal.objects.filter(**of).order_by("id"),
            "comment": Comment.objects.filter(**of).order_by("id"),
        }
        self.ids = {f"{kind} {n}": row.pk for kind, rows in found.items() for n, row in enumerate(rows)}
        self.ids |= {"nobody": NOBODY, "feed": f"{OPENED}-{self.partner}"}
        self._names |= {public: f"<{name}>" for name, public in self.ids.items() if name != "nobody"}
        self._names |= {contact.id: "<contact>" for contact in Contact.objects.filter(**of)}
        self._names |= {contact.email: "<email>" for contact in Contact.objects.filter(**of)}
        self._names |= {f"link-{self.partner}": "<link>", secret.mark("form", self.session): "<form>"}
        keys = Key.objects.filter(**of).values_list("digest", flat=True)
        self._names |= {secret.mark("key", digest): "<key>" for digest in keys}
        self._names |= {secret.mark(purpose, self.partner): f"<{purpose}>" for purpose in ("feed", "sso")}
        self._names |= {f"digest-{self.partner}": "<digest>"}
        self._names |= {quiet_address(self.partner, one.id): "<quiet>" for one in Contact.objects.filter(**of)}


def _signed_in(partner: str) -> str:
    """A session by the share link that the worlds made, and a key for feeds."""
    now = timezone.now()
    with partner_side(), looking(partner):
        opened = sessions.begin(Partner.objects.get(id=partner), now, link=f"link-{partner}")
        Key.objects.create(
            digest=secret.digest(f"{OPENED}-{partner}"), partner=partner, who=f"link-{partner}", link=f"link-{partner}",
            made_at=now - timedelta(days=1),
        )  # fmt: skip
    return opened


def asks(visitor: Visitor, other: Visitor | None = None) -> list[Ask]:
    """Everything there is to ask: each address with each thing that the visitor knows of, one that nobody has, and
    those of somebody else."""
    found = [
        Ask(method, path, query)
        for path, name in _paths(visitor, other)
        for query in QUERIES.get(name, ("",))
        for method in ("get",)
    ]
    found += [Ask(method, path) for path, _ in _paths(visitor, other) for method in METHODS[1:]]
    found += [Ask("get", path, again=True) for path, _ in _paths(visitor, other)]
    return [each for each in found if not (each.path.startswith("out/") and each.method == "post")]


def some(visitor: Visitor, random: Random, most: int) -> list[Ask]:
    """A few of them; those that show the most are always among them."""
    always = [
        Ask("get", path)
        for path, name in _paths(visitor, None)
        if name in ("tracker", "commitments", "changes", "talk", "table", "atom", "ical")
    ]
    return [*always, *random.sample(asks(visitor), most)]


def _paths(visitor: Visitor, other: Visitor | None) -> Iterator[tuple[str, str]]:
    """Addresses below ``/p/`` with the names of their routes."""
    for route in urlpatterns:
        pattern = str(route.pattern).removeprefix("p/")
        for public in _publics(route.name or "", visitor, other) if "<public:" in pattern else [""]:
            path = re.sub(r"<public:\w+>", public, pattern)
            yield re.sub(r"<str:\w+>", "<feed>" if pattern.startswith("feed/") else "nonsense", path), str(route.name)


def _publics(route: str, visitor: Visitor, other: Visitor | None) -> list[str]:
    """What may stand in an address: everything of the visitor's, whatever the route is about."""
    mine = [f"<{name}>" for name in visitor.ids if name != "feed"]
    return [*mine, *(public for name, public in (other.ids if other else {}).items() if name not in ("nobody", "feed"))]


def unlike(one: Answer, other: Answer) -> str:
    """The lines in which two answers differ, to be read where a test fails."""
    return "\n".join(difflib.unified_diff(_lines(one), _lines(other), lineterm="", n=1))


def _lines(answer: Answer) -> list[str]:
    body = answer.body.decode(errors="replace").replace("><", ">\n<")
    return [str(answer.status), *(f"{name}: {value}" for name, value in answer.headers), "", *body.splitlines()]
