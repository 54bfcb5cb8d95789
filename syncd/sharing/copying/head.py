"""What stands at the head of a partner's pages, and who of the partner comes in."""

from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction

from config.checks.logos import kind_of
from connectors.item import STATUS_CATEGORIES
from rules.model.partners import Agreement
from syncd.partners.models import Contact, Partner
from syncd.sharing import deals
from syncd.sharing.models import Deal
from syncd.trackers.writing import writing


def put(deal: Deal, fresh_at: datetime | None = None) -> bool:
    """Bring the head up to date. Where nothing is shown to the partner, it is closed and nobody may come in.

    :param fresh_at: up to when the copy follows the work; None leaves what stands
    :returns: whether anything was changed
    """
    with writing(), transaction.atomic("partners"):
        row = Deal.objects.get(pk=deal.pk)  # as it is now: somebody may just have stopped it
        shown = deals.effective(row)
        values: dict[str, Any] = _values(row, shown) if shown else {"name": row.name}
        values["open"] = shown is not None
        if fresh_at is not None:
            values["fresh_at"] = fresh_at
        changed = _write(row.partner, values)
        return _contacts(row.partner, shown.theirs if shown else ()) or changed


def close(deal: Deal) -> None:
    """From now on the partner sees nothing."""
    Partner.objects.filter(id=deal.partner).update(open=False)


def _write(partner: str, values: dict[str, Any]) -> bool:
    """Only what differs: an answer to a partner may hang on the row as it is."""
    row = Partner.objects.filter(id=partner).first()
    if row is None:
        Partner.objects.create(id=partner, **{"company": "", "cadence": "", **values})
        return True
    different = [name for name, value in values.items() if _plain(getattr(row, name)) != value]
    for name in different:
        setattr(row, name, values[name])
    if different:
        row.save(update_fields=different)
    return bool(different)


def _plain(value: Any) -> Any:
    """PostgreSQL's driver gives bytes as a view of them."""
    return bytes(value) if isinstance(value, memoryview) else value


def _values(deal: Deal, agreement: Agreement) -> dict[str, Any]:
    logo, kind = _logo(agreement.logo)
    words = [word for state in STATUS_CATEGORIES if (word := agreement.statuses.get(state))]
    return {
        "name": deal.name,
        "company": agreement.company,
        "logo": logo,
        "logo_type": kind,
        "cadence": agreement.cadence,
        "mutual": list(agreement.mutual),
        "fields": list(agreement.fields),
        "statuses": list(dict.fromkeys(words)) if "status" in agreement.fields else [],
        "issuer": agreement.sign_in.issuer if agreement.sign_in else "",
        "domains": list(agreement.sign_in.domains) if agreement.sign_in else [],
        "share_expires": next((place.expires for place in agreement.places if place.kind == "page"), 0.0),
    }


def _logo(name: str) -> tuple[bytes | None, str]:
    """The picture and its media type. One that cannot be read any more, or is none, is not shown."""
    if not name:
        return None, ""
    try:
        content = (Path(settings.CONFIG_DIR) / name).read_bytes()
    except OSError:
        return None, ""
    kind = kind_of(content)
    return (content, kind) if kind else (None, "")


def _contacts(partner: str, addresses: tuple[str, ...]) -> bool:
    wanted = {address.lower() for address in addresses}
    there = set(Contact.objects.filter(partner=partner).values_list("email", flat=True))
    Contact.objects.filter(partner=partner, email__in=there - wanted).delete()
    Contact.objects.bulk_create([Contact(partner_id=partner, email=address) for address in sorted(wanted - there)])
    return wanted != there
