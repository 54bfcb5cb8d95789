"""The redactor of one partner: what its agreement keeps out, and all that must not leave the house."""

from functools import lru_cache

from rules.model.partners import Agreement, Inside
from rules.sharing.redactor import Redactor
from syncd.sharing import deals
from syncd.sharing.models import Deal, Name
from syncd.trackers import bulk

KEPT = 32
"""Redactors that are kept made: with ten thousand names one takes a while."""


def remember_names() -> None:
    """Names that the trackers know by now, without those of bots."""
    if bulk.fetch(
        """SELECT 1 FROM trackers_person person WHERE NOT bot AND NOT (name = '')
           AND NOT EXISTS (SELECT 1 FROM sharing_name known WHERE known.name = person.name) LIMIT 1"""
    ):
        bulk.execute(
            """INSERT INTO sharing_name (name) SELECT DISTINCT name FROM trackers_person
               WHERE NOT bot AND NOT (name = '') ORDER BY name ON CONFLICT DO NOTHING"""
        )


def names() -> tuple[str, ...]:
    """Every name that a tracker knows or knew, in the order in which we learned them."""
    return tuple(name for (name,) in bulk.fetch("SELECT name FROM sharing_name ORDER BY id"))


def names_after(last: int) -> list[tuple[int, str]]:
    """The names that we learned after the one with this id, with their ids."""
    return list(Name.objects.filter(id__gt=last).order_by("id").values_list("id", "name"))


def redactor(deal: Deal, agreement: Agreement, people: tuple[str, ...] | None = None) -> Redactor:
    """What is taken out of text for a partner.

    :param people: ``names()``, where the caller has them already
    """
    known = names() if people is None else people
    return _made(deals.inside(deal, known), agreement.links, agreement.never)


def clean(deal: Deal, text: str) -> str:
    """What somebody of ours wrote for the partner to read, without what must not leave the house.

    :raises Refused: nothing of it would be left
    """
    terms = deals.effective(deal) or deals.approved(deal)
    links, never = (terms.links, terms.never) if terms else ((), ())
    made = _made(deals.inside(deal, names()), links, never).redact(text.strip())
    if made.blank and text.strip():
        raise deals.Refused("all of it would be taken out")
    return made.text


@lru_cache(KEPT)
def _made(inside: Inside, links: tuple[str, ...], never: tuple[str, ...]) -> Redactor:
    return Redactor(inside, links, never)
