"""What two agreements allow both: what holds while an edit waits for approval.

What the edit withdraws is gone at once; what it adds is not there yet. So the result is never wider than either, by
the same measure by which an edit counts as a widening.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from connectors.item import STATUS_CATEGORIES, StatusCategory
from rules.model.partners import Agreement, Commitment, Place, Public, Role, SignIn
from rules.sharing.transforms import FIELDS
from rules.sharing.widening import narrower


def meet(approved: Agreement, draft: Agreement) -> Agreement:
    """The most that neither of the two withholds. What is nobody's to approve, such as names, is the draft's."""
    return replace(
        draft,
        theirs=tuple(address for address in draft.theirs if address in approved.theirs),
        sign_in=_sign_in(approved.sign_in, draft.sign_in),
        where=_filter(approved.where, draft.where),
        fields=dict(_fields(approved, draft)),
        statuses=dict(_statuses(approved.statuses, draft.statuses)),
        public=_public(approved.public, draft.public),
        roles=tuple(_roles(approved, draft)),
        links=tuple(host for host in draft.links if host in approved.links),
        never=tuple(dict.fromkeys((*draft.never, *approved.never))),
        places=tuple(_places(approved, draft)),
        commitments=tuple(_commitments(approved, draft)),
    )


def _sign_in(approved: SignIn | None, draft: SignIn | None) -> SignIn | None:
    if approved is None or draft is None or approved.issuer != draft.issuer:
        return None
    return replace(draft, domains=tuple(domain for domain in draft.domains if domain in approved.domains))


def _filter(approved: Mapping[str, Any], draft: Mapping[str, Any]) -> Mapping[str, Any]:
    if narrower(approved, draft):
        return draft
    return approved if narrower(draft, approved) else {"all": [approved, draft]}


def _fields(approved: Agreement, draft: Agreement) -> Iterator[tuple[str, str]]:
    """The coarser transform of each; one that nobody here knows shows nothing."""
    for name, how in draft.fields.items():
        known, was = FIELDS.get(name, {}), approved.fields.get(name, "")
        if how in known and was in known:
            yield name, min(how, was, key=lambda one: known[one].fineness)


def _statuses(
    approved: Mapping[StatusCategory, str], draft: Mapping[StatusCategory, str]
) -> Iterator[tuple[StatusCategory, str]]:
    """States that either tells as one are told as one; under the draft's word, unless the draft has several."""
    both = [state for state in STATUS_CATEGORIES if state in approved and state in draft]
    for state in both:
        group = _told_as_one(state, both, (approved, draft))
        for words in (draft, approved):
            if len({words[one] for one in group}) == 1:
                yield state, words[state]
                break


def _told_as_one(
    state: StatusCategory, states: list[StatusCategory], sides: tuple[Mapping[StatusCategory, str], ...]
) -> set[StatusCategory]:
    """The states that have a word in common with ``state`` on one side, and those with these, and so on."""
    group, grown = {state}, True
    while grown:
        more = {one for one in states for other in group for words in sides if words[one] == words[other]}
        grown, group = not more <= group, group | more
    return group


def _public(approved: Public, draft: Public) -> Public:
    """What both read first. The description counts where no field holds text: after fewer fields it would more often."""
    titles, notes = _beginning(approved.title, draft.title), _beginning(approved.notes, draft.notes)
    same = titles == approved.title == draft.title and notes == approved.notes == draft.notes
    return Public(titles, notes, approved.body and draft.body and same)


def _beginning(one: tuple[str, ...], other: tuple[str, ...]) -> tuple[str, ...]:
    """What two lists have in common from their beginning."""
    length = next(
        (index for index, pair in enumerate(zip(one, other, strict=False)) if pair[0] != pair[1]),
        min(len(one), len(other)),
    )
    return one[:length]


def _roles(approved: Agreement, draft: Agreement) -> Iterator[Role]:
    known = {(role.name, person) for role in approved.roles for person in role.people}
    for role in draft.roles:
        if people := tuple(person for person in role.people if (role.name, person) in known):
            yield Role(role.name, people)


def _places(approved: Agreement, draft: Agreement) -> Iterator[Place]:
    lasting = {(place.kind, place.tracker, place.target): place.expires for place in approved.places}
    for place in draft.places:
        expires = lasting.get((place.kind, place.tracker, place.target))
        if expires is not None:
            yield replace(place, expires=min(place.expires, expires))


def _commitments(approved: Agreement, draft: Agreement) -> Iterator[Commitment]:
    """In the words that were approved; the work behind them is the draft's, since nobody outside sees it."""
    told = {one.id: one for one in approved.commitments}
    for one in draft.commitments:
        if one.id in told:
            yield replace(told[one.id], items=one.items)
