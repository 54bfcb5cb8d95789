"""What partners do at their own place comes back by the door through which they speak on their pages.

Each act is one :class:`syncd.partners.desk.models.Said` with an id that follows from it and from the look before it, so that
it is heard once, however often it is read. ``syncd.sharing.taking`` takes it in; whether a commitment rests on the row is
known there, and nowhere here.
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
TIED = ("due", "status")
"""Fields that may speak of a commitment: how they read now is said apart from the words."""
MANY = 5
"""Rows that go at once and are told one by one."""


def differences(mirror: Mirror, row: Row, theirs: Mapping[str, str], there: Mapping[str, str], now: datetime) -> None:
    """Slots that hold what the partner wrote, and those in which it put ours back; what was told before is not told again.

    :param there: all slots, as they are now
    """
    for slot, text in theirs.items():
        if row.theirs.get(slot) == text:
            continue
        ours = row.written.get(slot, "")
        was = f" from “{ours}”" if ours else ""
        to = f" to “{text}”" if text else ": there is none now"
        says = f"Changed in {mirror.name}: {_label(slot)}{was}{to}."
        _say(mirror, row.item, says, now, row.marker, slot, ours, text, _since(mirror), tells=(slot, text))
    for slot in sorted(row.theirs.keys() - theirs.keys()):
        if there.get(slot) not in (
            None,
            row.theirs[slot],
        ):  # else it has no place any more, or ours became what theirs was
            says = f"Put back in {mirror.name}: {_label(slot)}."
            _say(mirror, row.item, says, now, row.marker, slot, "back", _since(mirror), tells=(slot, ""))


def stage(mirror: Mirror, row: Row, becomes: str, now: datetime) -> None:
    """The tracker's own state, which the partner moved."""
    if row.stage and becomes and becomes != row.stage:
        says = f"Moved in {mirror.name}: from “{row.stage}” to “{becomes}”."
        _say(mirror, row.item, says, now, row.marker, "stage", row.stage, becomes, _since(mirror))


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


def _label(slot: str) -> str:
    return LABELS.get(field_of(slot), slot)


def _since(mirror: Mirror) -> str:
    """The look before: what is changed to and fro is an act each time."""
    return str(mirror.looked_at.timestamp()) if mirror.looked_at else ""


def _say(mirror: Mirror, item: str, text: str, at: datetime, *what: str, tells: tuple[str, str] = ("", "")) -> None:
    """:param what: by which the act is known
    :param tells: the slot that was changed, and how it reads now
    """
    place = (mirror.pin or {}).get("native_id", mirror.place)
    id_ = uuid5(NAMESPACE_URL, "|".join((mirror.kind, str(place), *what)))
    values = {"partner": mirror.partner, "who": WHO, "kind": Said.COMMENT, "about": item, "text": text, "at": at}
    field, becomes = field_of(tells[0]), tells[1]
    if field in TIED:
        values |= {"subject": field, "becomes": becomes}
    Said.objects.get_or_create(id=id_, defaults=values)
