"""What an edit of an agreement makes of the values that a partner has seen: read otherwise, or told less exactly."""

from rules.model.partners import Agreement
from rules.sharing.transforms import FIELDS
from rules.sharing.widening import widens

_TEXTS = frozenset(name for name, known in FIELDS.items() if any(how.text for how in known.values()))


def reworded(before: Agreement, after: Agreement) -> frozenset[str]:
    """Fields whose values may read otherwise though no item has changed."""
    found = {name for name in FIELDS if before.fields.get(name) != after.fields.get(name)}
    if before.statuses != after.statuses:
        found.add("status")
    if before.roles != after.roles:
        found.add("owner")
    if before.public != after.public:
        found |= {"title", "notes"}
    if (before.links, before.never) != (after.links, after.never):
        found |= _TEXTS
    return frozenset(found)


def coarsened(before: Agreement, after: Agreement) -> frozenset[str]:
    """Fields that are told less exactly now, or not at all: what was told of them before goes too."""
    found = set()
    for one in widens(after, before):
        kind, _, name = one.clause.removeprefix("share.").partition(".")
        if kind == "fields":
            found.add(name)
        elif kind in ("statuses", "roles"):
            found.add("status" if kind == "statuses" else "owner")
        elif kind == "public":
            found |= {"title", "notes"}
    return frozenset(found)


def cleaned_more(before: Agreement, after: Agreement) -> bool:
    """Whether more is taken out of shared text now."""
    return any(one.clause in ("share.links", "share.never") for one in widens(after, before))
