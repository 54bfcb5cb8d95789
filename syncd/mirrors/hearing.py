"""What partners do at their own place comes back by the door through which they speak on their pages.

Each act is one :class:`syncd.partners.desk.models.Said` with an id that follows from it, so that it is heard once,
however often it is read. ``syncd.sharing.taking`` takes it in.
"""

from collections.abc import Mapping
from datetime import datetime
from uuid import NAMESPACE_URL, uuid5

from connectors.mirror import Remark
from syncd.mirrors.merging import field_of
from syncd.mirrors.models import Mirror, Row
from syncd.partners.desk.models import Said

WHO = "mirror"
"""Who said it: nobody that we know by name."""
LABELS = {
    "title": "the title",
    "status": "the status",
    "due": "the due date",
    "delivered": "the date of delivery",
    "notes": "the notes",
    "owner": "who does it",
}
MANY = 5
"""Rows that go at once and are told one by one."""


def differences(mirror: Mirror, row: Row, theirs: Mapping[str, str], now: datetime) -> None:
    """Slots that hold what the partner wrote; those that were told so before are not told again."""
    for slot, text in theirs.items():
        if row.theirs.get(slot) == text:
            continue
        ours = row.written.get(slot, "")
        was = f" from “{ours}”" if ours else ""
        to = f" to “{text}”" if text else ": there is none now"
        says = f"Changed in {mirror.name}: {LABELS.get(field_of(slot), slot)}{was}{to}."
        _say(mirror, row.item, says, now, row.marker, slot, ours, text)


def stage(mirror: Mirror, row: Row, becomes: str, now: datetime) -> None:
    """The tracker's own state, which the partner moved."""
    if row.stage and becomes and becomes != row.stage:
        says = f"Moved in {mirror.name}: from “{row.stage}” to “{becomes}”."
        _say(mirror, row.item, says, now, row.marker, "stage", row.stage, becomes)


def removed(mirror: Mirror, rows: list[Row], now: datetime) -> None:
    """Rows that the partner took away."""
    if len(rows) > MANY:
        marks = sorted(row.marker for row in rows)
        _say(mirror, "", f"{len(rows)} rows were taken out of {mirror.name}.", now, "removed", *marks)
        return
    for row in rows:
        _say(mirror, row.item, f"Taken out of {mirror.name}.", now, row.marker, "removed")


def remark(mirror: Mirror, row: Row, said: Remark) -> None:
    """What somebody wrote at a row."""
    if said.text.strip():
        _say(mirror, row.item, said.text, said.at, said.id)


def _say(mirror: Mirror, item: str, text: str, at: datetime, *what: str) -> None:
    place = (mirror.pin or {}).get("native_id", mirror.place)
    id_ = uuid5(NAMESPACE_URL, "|".join((mirror.kind, str(place), *what)))
    values = {"partner": mirror.partner, "who": WHO, "kind": Said.COMMENT, "about": item, "text": text, "at": at}
    Said.objects.get_or_create(id=id_, defaults=values)
