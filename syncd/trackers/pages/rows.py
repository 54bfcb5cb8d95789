"""Rows of the pages about items: of the list, of what was found, of what changed."""

from datetime import datetime

from django.template.defaultfilters import capfirst
from django.utils.safestring import SafeString

from syncd.trackers.changes import Changed
from syncd.trackers.listing import Row
from syncd.trackers.models import Item
from syncd.trackers.pages.bar import STATUS_WORDS
from syncd.trackers.pages.links import Named, numbered
from syncd.web.drawing import NOTHING, fill
from syncd.web.templatetags.look import icon, tag, tracker_icon, when


def listed(row: Row, goal: Named | None, now: datetime, *, deleted: bool) -> SafeString:
    """A row of the table of items, with the moment at which it changed, or at which it went."""
    item = row.item
    status = STATUS_WORDS[item.status_category].lower()
    return fill(
        _LISTED,
        id=str(item.pk),
        url=numbered("item", item.pk),
        title=item.title or item.key,
        icon=tracker_icon(item.tracker.kind),
        key=item.key,
        serves=_serves(row, goal),
        status=item.status,
        means=fill(_MEANS, status=status) if item.status.lower() != status else NOTHING,
        owner=fill("<span>{names}</span>", names=", ".join(row.owners)) if row.owners else _NOBODY,
        label="Gone" if deleted else "Changed",
        when=when(item.deleted_at if deleted else item.updated_at, now),
    )


_LISTED = """
<tr data-row id="item-{id}">
  <th scope="row"><a href="{url}" data-open>{title}</a><p class="meta"><span>{icon}{key}</span></p></th>
  <td data-label="Serves">{serves}</td>
  <td data-label="Status"><span>{status}{means}</span></td>
  <td data-label="Owner">{owner}</td>
  <td data-label="{label}">{when}</td>
</tr>"""
_MEANS = ' <span class="soft small">({status})</span>'
_NOBODY = SafeString('<span class="soft">Nobody</span>')
_WAITS = SafeString('<span class="soft">Not judged yet</span>')


def _serves(row: Row, goal: Named | None) -> SafeString:
    if goal:
        return goal.drawn
    if row.exempt:
        return tag("Exempt", "calm", "circle-slash")
    return tag("No goal", "warn", "unlink") if row.judged else _WAITS


def hit(item: Item, now: datetime) -> SafeString:
    """An item that was found. :param item: with its tracker and its decision"""
    decision = getattr(item, "decision", None)
    goal = decision.primary_goal if decision else ""
    return fill(
        _HIT,
        url=numbered("item", item.pk),
        title=item.title or item.key,
        icon=tracker_icon(item.tracker.kind),
        key=item.key,
        status=STATUS_WORDS[item.status_category],
        goal=fill("<span>{icon}{goal}</span>", icon=icon("target", 13), goal=goal) if goal else NOTHING,
        when=when(item.updated_at, now),
        gone=tag("Gone", "warn", "circle-off") if item.deleted_at else NOTHING,
    )


_HIT = """
<li class="row" data-row><div class="stack-of tight"><h3><a href="{url}" data-open>{title}</a></h3>
  <p class="meta"><span>{icon}{key}</span><span>{status}</span>{goal}<span>Changed {when}</span>{gone}</p></div></li>"""


def change(row: Changed, now: datetime) -> SafeString:
    """Something that changed; it leads to the flag or the item that it is about."""
    url = numbered("review_flag", row.flag) if row.flag else numbered("item", row.item) if row.item else ""
    kind = tracker_icon(row.kind) if row.kind else NOTHING
    return fill(
        _CHANGE,
        title=fill('<a href="{url}">{title}</a>', url=url, title=row.title) if url else row.title,
        mark=tag(row.word, row.tone, row.glyph),
        key=fill("<span>{icon}{key}</span>", icon=kind, key=row.key) if row.key else NOTHING,
        says=fill("<span>{says}</span>", says=capfirst(row.says)) if row.says else NOTHING,
        when=when(row.at, now),
    )


_CHANGE = """
<li class="row"><div class="stack-of tight"><h3>{title}</h3>
  <p class="meta">{mark}{key}{says}<span>{when}</span></p></div></li>"""
