"""The feed as Atom (RFC 4287) and as JSON Feed 1.1 (https://www.jsonfeed.org/version/1.1/)."""

import json
from datetime import UTC, datetime

from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed

from syncd.partners.feeds.entries import Entry, absolute, entries, feed_id
from syncd.partners.models import Partner

_NEVER = datetime(2000, 1, 1, tzinfo=UTC)
"""When a feed without entries was last changed."""


class _Feed(Atom1Feed):
    """Django's, dated by its newest entry; it would take the present moment for a feed without any."""

    def latest_post_date(self) -> datetime:
        dates: list[datetime] = [item["updateddate"] for item in self.items]
        return max(dates, default=_NEVER)


def atom(partner: Partner, here: str) -> bytes:
    """:param here: the feed's own address"""
    feed = _Feed(
        title=_title(partner), link=absolute(reverse("tracker")), description="", language="en",
        author_name=partner.company, feed_url=here, feed_guid=feed_id(partner),
    )  # fmt: skip
    for entry in entries(partner):
        feed.add_item(
            entry.title, entry.url, entry.html, unique_id=entry.id, updateddate=entry.at, pubdate=entry.at,
            author_name=partner.company,
        )  # fmt: skip
    return feed.writeString("utf-8").encode()


def json_feed(partner: Partner, here: str) -> bytes:
    """:param here: the feed's own address"""
    document = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": _title(partner),
        "home_page_url": absolute(reverse("tracker")),
        "feed_url": here,
        "language": "en",
        "authors": [{"name": partner.company}],
        "items": [_item(entry) for entry in entries(partner)],
    }
    return json.dumps(document, ensure_ascii=False, indent=1).encode()


def _item(entry: Entry) -> dict[str, str]:
    at = entry.at.isoformat()
    return {
        "id": entry.id, "url": entry.url, "title": entry.title, "content_html": entry.html,
        "date_published": at, "date_modified": at,
    }  # fmt: skip


def _title(partner: Partner) -> str:
    return f"{partner.company} and {partner.name}: changes"
