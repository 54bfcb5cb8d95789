"""What feeds tell: for each item and commitment, one entry a day on which it changed. Nothing in it is finer than a day,
and the same copy gives the same bytes."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from html import escape
from itertools import groupby

from django.conf import settings
from django.urls import reverse

from syncd.partners.entrance import secret
from syncd.partners.models import OURS, THEIRS, Change, Partner, Step
from syncd.partners.pages.telling import Told, told

_UNPRINTABLE = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What no XML may hold (XML 1.0, 2.2)."""
MOST = 200
"""Changes, and steps of commitments, that are read; what is older is on the pages."""
KEPT = 100
"""Entries of a feed."""


@dataclass(frozen=True, slots=True)
class Entry:
    """``id`` is the same for ever, and another partner's for the same work is another."""

    id: str
    day: date
    title: str
    url: str
    html: str

    @property
    def at(self) -> datetime:
        """The beginning of the day in UTC: it is not told more exactly."""
        return datetime.combine(self.day, time(), UTC)


def feed_id(partner: Partner) -> str:
    return f"urn:syncd:{secret.mark('feed', partner.id)}"


def entries(partner: Partner) -> list[Entry]:
    """The newest first."""
    found = [
        replace(entry, title=printable(entry.title), html=printable(entry.html))
        for entry in (*_items(partner), *_commitments(partner))
    ]
    return sorted(found, key=lambda entry: (-entry.day.toordinal(), entry.id))[:KEPT]


def printable(text: str) -> str:
    """Without what would break a feed or a calendar."""
    return _UNPRINTABLE.sub("", text)


def absolute(path: str) -> str:
    """An address as the partner reaches it."""
    return f"{settings.PARTNER_URL.rstrip('/')}{path}"


def _items(partner: Partner) -> Iterator[Entry]:
    rows = Change.objects.filter(partner=partner).select_related("item").order_by(*Change.NEWEST_FIRST)[:MOST]
    lines = sorted((told(change) for change in reversed(rows)), key=lambda line: (line.day, line.item))
    for (day, item), group in groupby(lines, key=lambda line: (line.day, line.item)):
        together = list(group)
        if item:
            yield Entry(_id(item, day), day, together[0].title, _url("item", item), _listed(map(_sentence, together)))
        else:
            says = f"{len(together)} no longer shared"
            url = absolute(reverse("changes"))
            yield Entry(f"{feed_id(partner)}:{day}", day, says, url, _listed([says]))


def _commitments(partner: Partner) -> Iterator[Entry]:
    names = {OURS: partner.company, THEIRS: partner.name}
    rows = list(Step.objects.filter(partner=partner).select_related("commitment").order_by("-at", "-id")[:MOST])
    rows.reverse()
    steps = sorted(rows, key=lambda step: (_day(step), step.commitment_id))
    for (day, public), group in groupby(steps, key=lambda step: (_day(step), step.commitment_id)):
        together = list(group)
        says = [f"{names[step.side]}: {step.says}" if step.side in names else step.says for step in together]
        title = f"Commitment: {together[0].commitment.what}"
        yield Entry(_id(public, day), day, title, _url("commitment", public), _listed(says))


def _day(step: Step) -> date:
    return step.at.astimezone(UTC).date()


def _sentence(line: Told) -> str:
    return f"{line.says}: {line.was} → {line.now}" if line.was or line.now else line.says


def _listed(sentences: Iterable[str]) -> str:
    return f"<ul>{''.join(f'<li>{escape(sentence)}</li>' for sentence in sentences)}</ul>"


def _id(public: str, day: date) -> str:
    return f"urn:syncd:{public}:{day}"


def _url(route: str, public: str) -> str:
    return absolute(reverse(route, args=[public]))
