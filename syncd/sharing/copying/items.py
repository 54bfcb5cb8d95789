"""Items of the copy, and what the partner could see happen to them."""

from collections.abc import Callable, Collection, Mapping
from datetime import UTC, date, datetime

import orjson
from django.db import connections, transaction

from rules.sharing.markdown import safe_html
from rules.sharing.redactor import Redactor
from syncd.partners.models import Change, Item

Values = Mapping[str, str]
TEXTS = ("title", "status", "notes", "owner")
"""Fields whose values people have written."""
_COLUMNS = ("values", "notes_html", "title", "status", "when", "changed_on")


def there(partner: str, publics: Collection[str]) -> dict[str, Values]:
    """What stands in the copy now: public id -> values."""
    rows = Item.objects.filter(partner=partner, pk__in=publics).values_list("id", "values")
    return dict(rows)


def put(
    partner: str,
    wanted: Mapping[str, Values | None],
    now: datetime,
    *,
    redactor: Redactor,
    quiet: Collection[str] = (),
    silent: bool = False,
) -> None:
    """Have the copy show these items so, and no others of those that are named.

    :param wanted: public id -> values; None: nothing of it
    :param redactor: of this partner; what it takes out of former values is told of no more
    :param quiet: fields in which a change is no news, since the agreement is another
    :param silent: nobody is told that anything went, since nobody sees anything
    """
    with transaction.atomic("partners"):
        rows = Item.objects.filter(partner=partner).in_bulk([*wanted])
        gone = [public for public, values in wanted.items() if values is None and public in rows]
        _withdraw(partner, gone, now, silent=silent)
        new = {public: values for public, values in wanted.items() if values and public not in rows}
        _add(partner, new, now, redactor)
        changed = [(row, values) for public, row in rows.items() if (values := wanted[public]) and row.values != values]
        _change(partner, changed, now, redactor, quiet)


def scrub(partner: str, fields: Collection[str]) -> None:
    """What was told of these fields is no longer told, since they are shown less exactly now, or not at all."""
    Change.objects.filter(partner=partner, field__in=fields).delete()


def scrub_text(partner: str, finds: Callable[[str], bool]) -> None:
    """The same of whatever was told in words that are taken out now."""
    told = Change.objects.filter(partner=partner, field__in=TEXTS)
    stale = [row.pk for row in told.iterator(2000) if finds(row.was) or finds(row.now)]
    Change.objects.filter(pk__in=stale).delete()


def taken_out_by(redactor: Redactor) -> Callable[[str], bool]:
    """Whether a redactor would change a text that another one made."""
    return lambda text: bool(text) and redactor.redact(text).text != text


def notes_html(values: Values, redactor: Redactor) -> str:
    """The notes as the partner's browser gets them."""
    return safe_html(values["notes"], redactor) if values.get("notes") else ""


def _withdraw(partner: str, gone: list[str], now: datetime, *, silent: bool) -> None:
    """With all that was told of them, save one line without a name."""
    Item.objects.filter(pk__in=gone).delete()
    if not silent:
        Change.objects.bulk_create(
            [Change(partner_id=partner, kind=Change.WITHDRAWN, at=now, on=_day(now)) for _ in gone]
        )


def _add(partner: str, new: Mapping[str, Values], now: datetime, redactor: Redactor) -> None:
    day = _day(now)
    Item.objects.bulk_create(
        [
            Item(
                id=public,
                partner_id=partner,
                shown_on=day,
                **_columns(values, notes_html(values, redactor)),
                changed_on=day,
            )
            for public, values in new.items()
        ]
    )
    Change.objects.bulk_create(
        [Change(partner_id=partner, item_id=public, kind=Change.ADDED, at=now, on=day) for public in new]
    )


def _change(
    partner: str, changed: list[tuple[Item, Values]], now: datetime, redactor: Redactor, quiet: Collection[str]
) -> None:
    told: list[Change] = []
    takes_out = taken_out_by(redactor)

    def is_clean(name: str, before: Values) -> bool:
        return name not in TEXTS or not takes_out(before.get(name, ""))

    for row, values in changed:
        before = row.values
        news = [name for name in _different(before, values) if name not in quiet and is_clean(name, before)]
        told += [
            Change(
                partner_id=partner, item=row, kind=Change.CHANGED, field=name,
                was=before.get(name, ""), now=values.get(name, ""), at=now, on=_day(now),
            )
            for name in news
        ]  # fmt: skip
        html = row.notes_html if before.get("notes") == values.get("notes") else notes_html(values, redactor)
        for name, value in _columns(values, html).items():
            setattr(row, name, value)
        if news:
            row.changed_on = _day(now)
    _update([row for row, _ in changed])
    Change.objects.bulk_create(told)


def _update(rows: list[Item]) -> None:
    """One statement for each, prepared once: the ORM's own way takes ten times as long."""
    columns = ", ".join(f'"{name}" = %s' for name in _COLUMNS)
    with connections["partners"].cursor() as cursor:
        cursor.executemany(
            f"UPDATE partners_item SET {columns} WHERE id = %s",  # noqa: S608 - names of ours
            [
                (
                    orjson.dumps(row.values).decode(), row.notes_html, row.title, row.status, row.when,
                    row.changed_on.isoformat(), row.pk,
                )
                for row in rows
            ],
        )  # fmt: skip


def _different(before: Values, values: Values) -> list[str]:
    """In the agreement's order, which is that of what was projected just now."""
    return [name for name in {**values, **before} if before.get(name) != values.get(name)]


def _columns(values: Values, html: str) -> dict[str, object]:
    return {
        "values": dict(values),
        "notes_html": html,
        "title": values.get("title", ""),
        "status": values.get("status", ""),
        "when": values.get("due", ""),
    }


def _day(now: datetime) -> date:
    return now.astimezone(UTC).date()
