"""What an edit of an agreement lets a partner see that it did not see before: what waits for approval."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from rules.model.partners import Agreement
from rules.sharing.transforms import FIELDS

GROWTH = 0.1
"""More items than this share, through a filter nobody edited, wait for approval too."""
FEW = 3
"""So many more are never much more."""


@dataclass(frozen=True, slots=True)
class Widening:
    """One thing that needs approval: where it stands in the agreement, and what becomes visible."""

    clause: str
    says: str


def widens(before: Agreement | None, after: Agreement) -> tuple[Widening, ...]:
    """Why ``after`` shows more than ``before`` did; empty where it shows as much or less. None: nothing was shown.

    In doubt it widens: a filter counts as narrower only where that can be read off it.
    """
    if before is None:
        return (Widening("share", "the first publication to this partner"),)
    return (
        *_fields(before, after),
        *_statuses(before, after),
        *_filter(before, after),
        *_people(before, after),
        *_public(before, after),
        *_roles(before, after),
        *_text(before, after),
        *_places(before, after),
        *_commitments(before, after),
    )


def grows(before: int, after: int) -> Widening | None:
    """Whether the same filter matches much more than when it was approved, such as after a label was put on
    hundreds of items."""
    if after - before <= max(FEW, before * GROWTH):
        return None
    return Widening("share.where", f"the filter matches {after} items instead of {before}")


def narrower(before: Any, after: Any) -> bool:
    """Whether a condition certainly holds for nothing for which the former did not: it is the same, or asks for
    more besides. What stands in ``before`` stands unchanged in ``after`` or in what ``after`` asks ``all`` of, or
    allows fewer of the same words."""
    if _same(before, after):
        return True
    if not isinstance(before, Mapping) or not isinstance(after, Mapping):
        return False
    return all(_asked(key, value, after) for key, value in before.items())


def _asked(key: str, value: Any, after: Mapping[str, Any]) -> bool:
    if key in after and (_same(value, after[key]) or _fewer(key, value, after[key])):
        return True
    besides = after.get("all")
    return isinstance(besides, list | tuple) and any(narrower({key: value}, one) for one in besides)


def _fewer(key: str, before: Any, after: Any) -> bool:
    """Fewer words of which one must hold; more conditions of which all or none must."""
    if key in ("all", "none"):
        return _some_of(before, after)
    if key == "any":
        return _some_of(after, before)
    if key in _WORDS:
        one, other = _any_words(before), _any_words(after)
        return one is not None and other is not None and _some_of(other, one)
    return False


_MATCHERS = """
label kind type status status_category component assignee reporter tracker container project repository
data_source milestone version sprint
"""
_WORDS = frozenset(_MATCHERS.split())


def _any_words(value: Any) -> list[Any] | None:
    """The words of which one must hold, whichever way they are written; None where more is asked."""
    if isinstance(value, Mapping):
        return _any_words(value["any"]) if set(value) == {"any"} else None
    return list(value) if isinstance(value, list | tuple) else [value]


def _some_of(part: Any, whole: Any) -> bool:
    lists = isinstance(part, list | tuple) and isinstance(whole, list | tuple)
    return lists and all(any(_same(one, other) for other in whole) for one in part)


def _same(one: Any, other: Any) -> bool:
    return json.dumps(one, sort_keys=True, default=str) == json.dumps(other, sort_keys=True, default=str)


def _fields(before: Agreement, after: Agreement) -> Iterator[Widening]:
    for name, how in after.fields.items():
        was = before.fields.get(name)
        clause = f"share.fields.{name}"
        if was is None:
            yield Widening(clause, f"{name} is shown for the first time, by {how}")
        elif was != how and _fineness(name, how) > _fineness(name, was):
            yield Widening(clause, f"{name} is shown by {how} instead of {was}")


def _fineness(name: str, how: str) -> int:
    """Unknown transforms show nothing."""
    transform = FIELDS.get(name, {}).get(how)
    return transform.fineness if transform else -1


def _statuses(before: Agreement, after: Agreement) -> Iterator[Widening]:
    if "status" not in before.fields or "status" not in after.fields:
        return
    for state, word in after.statuses.items():
        if state not in before.statuses:
            yield Widening(f"share.statuses.{state}", f"work that is {state} is told as “{word}”")
            continue
        others = [other for other in before.statuses if before.statuses[other] == before.statuses[state]]
        if any(after.statuses.get(other) not in (None, word) for other in others):
            yield Widening(f"share.statuses.{state}", f"“{before.statuses[state]}” no longer stands for it and others")


def _filter(before: Agreement, after: Agreement) -> Iterator[Widening]:
    if not narrower(before.where, after.where):
        yield Widening("share.where", "the filter may match items that it did not match before")


def _people(before: Agreement, after: Agreement) -> Iterator[Widening]:
    """Whoever may sign in that could not before."""
    if more := [address for address in after.theirs if address not in before.theirs]:
        yield Widening("contacts.theirs", f"more may sign in: {', '.join(more)}")
    was, now = before.sign_in, after.sign_in
    if now is None:
        return
    if was is None or was.issuer != now.issuer:
        yield Widening("sign_in", f"people may sign in by {now.issuer}")
    elif more := [domain for domain in now.domains if domain not in was.domains]:
        yield Widening("sign_in.domains", f"more may sign in: everybody at {', '.join(more)}")


def _public(before: Agreement, after: Agreement) -> Iterator[Widening]:
    for name in ("title", "notes"):
        was, now = getattr(before.public, name), getattr(after.public, name)
        if name in after.fields and was[: len(now)] != now:
            yield Widening(f"share.public.{name}", f"the public {name} is read from {', '.join(now)}")
        elif name in after.fields and after.public.body and (was != now or not before.public.body):
            yield Widening("share.public.body", f"the public {name} is read from marked lines in the description")


def _roles(before: Agreement, after: Agreement) -> Iterator[Widening]:
    if "owner" not in before.fields or "owner" not in after.fields:
        return
    known = {(role.name, person) for role in before.roles for person in role.people}
    for role in after.roles:
        if more := [person for person in role.people if (role.name, person) not in known]:
            yield Widening(f"share.roles.{role.name}", f"{len(more)} more are told as “{role.name}”")


def _text(before: Agreement, after: Agreement) -> Iterator[Widening]:
    for host in after.links:
        if host not in before.links:
            yield Widening("share.links", f"shared text may name {host} and link to it")
    for word in before.never:
        if word not in after.never:
            yield Widening("share.never", f"“{word}” is no longer taken out")


def _places(before: Agreement, after: Agreement) -> Iterator[Widening]:
    lasting = {(place.kind, place.tracker, place.target): place.expires for place in before.places}
    for index, place in enumerate(after.places):
        expires = lasting.get((place.kind, place.tracker, place.target))
        where = f"{place.kind} {place.target}".strip()
        if expires is None:
            yield Widening(f"mirrors[{index}]", f"the copy is also kept at: {where}")
        elif place.expires > expires:
            yield Widening(f"mirrors[{index}]", "links to the page work for longer")


def _commitments(before: Agreement, after: Agreement) -> Iterator[Widening]:
    told = {one.id: (one.who, one.what, one.by, one.success) for one in before.commitments}
    for one in after.commitments:
        if one.id not in told:
            yield Widening(f"commitments.{one.id}", "the commitment is told for the first time")
        elif told[one.id] != (one.who, one.what, one.by, one.success):
            yield Widening(f"commitments.{one.id}", "the commitment reads otherwise")
