"""Agreements point at trackers that exist, and it is clear who owes each commitment."""

import difflib
from collections.abc import Iterator

from config.checks.entries import Trackers, condition, items, tracker, unique
from config.models.partners import Partner, PartnersFile
from config.problems import Fault, KeyPath, quoted
from rules.match.folding import words


def faults(file: PartnersFile, trackers: Trackers) -> Iterator[Fault]:
    yield from unique((("partners", index, "id"), partner.id) for index, partner in enumerate(file.partners))
    yield from _who(file)
    for index, partner in enumerate(file.partners):
        path: KeyPath = ("partners", index)
        yield from condition((*path, "share", "where"), partner.share.where, trackers)
        yield from _never((*path, "share", "never"), partner)
        yield from _roles((*path, "share", "roles"), partner)
        yield from _mirrors((*path, "mirrors"), partner, trackers)
        yield from _commitments((*path, "commitments"), partner, trackers)


def _never(path: KeyPath, partner: Partner) -> Iterator[Fault]:
    """A phrase without words would be looked for in vain."""
    for index, phrase in enumerate(partner.share.never):
        if not words(phrase):
            yield Fault((*path, index), f"{quoted(phrase)} holds no letter or digit to look for", "name a word")


def _roles(path: KeyPath, partner: Partner) -> Iterator[Fault]:
    """Roles are told; who has them is not. An address as a role would tell it."""
    for role in partner.share.roles:
        if "@" in role:
            yield Fault(
                (*path, role), "a role is told to the partner, and an address never is",
                "write the role first: {Engineering: [ana@acme.example]}", at_key=True,
            )  # fmt: skip


def _mirrors(path: KeyPath, partner: Partner, trackers: Trackers) -> Iterator[Fault]:
    for index, mirror in enumerate(partner.mirrors):
        for kind in ("notion", "github", "jira"):
            if place := getattr(mirror, kind):
                yield from tracker((*path, index, kind, "tracker"), place.tracker, trackers, kind=kind)


def _commitments(path: KeyPath, partner: Partner, trackers: Trackers) -> Iterator[Fault]:
    yield from unique(((*path, index, "id"), promise.id) for index, promise in enumerate(partner.commitments))
    for index, promise in enumerate(partner.commitments):
        yield from items((*path, index, "items"), promise.items, trackers)


def _who(file: PartnersFile) -> Iterator[Fault]:
    """Who is ``partner`` or our own company, under one name in the whole file."""
    ours = ""
    for index, partner in enumerate(file.partners):
        for position, promise in enumerate(partner.commitments):
            path = ("partners", index, "commitments", position, "who")
            theirs = ["partner", partner.id]
            if promise.who in theirs:
                continue
            if close := difflib.get_close_matches(promise.who, theirs, n=1, cutoff=0.75):
                yield Fault(path, f"unknown side {quoted(promise.who)}", f'did you mean "{close[0]}"?')
            elif ours and promise.who != ours:
                yield Fault(path, f"your own company is called {quoted(ours)} above", f"write {ours} or partner")
            ours = ours or promise.who
