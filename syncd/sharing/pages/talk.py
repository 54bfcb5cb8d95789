"""What both sides said, by what it is about."""

from collections.abc import Sequence
from dataclasses import dataclass

from syncd.accounts.models import User
from syncd.partners.models import THEIRS, Comment
from syncd.sharing import access
from syncd.sharing.models import Deal
from syncd.sharing.pages.standing import unanswered
from syncd.web import keyset

ORDER = ("-at", "-id")


@dataclass(frozen=True, slots=True)
class Remark:
    """A comment. ``about``: an item's or commitment's words; empty: nothing in particular. ``waits``: for our answer."""

    comment: Comment
    about: str
    theirs: bool
    waits: bool


def talk(person: User, deal: Deal, cursor: str = "", size: int = 20) -> tuple[Sequence[Remark], keyset.Page[Comment]]:
    """A page of what was said, the newest first, in two queries.

    :raises BadCursor: the cursor is no place in this list
    """
    said = access.comments(person).filter(partner=deal.partner)
    page = keyset.page(said, ORDER, cursor, size)
    waiting = set(unanswered(said.filter(pk__in=[row.pk for row in page.rows])).values_list("pk", flat=True))
    return [Remark(row, about(row), row.side == THEIRS, row.pk in waiting) for row in page.rows], page


def about(comment: Comment) -> str:
    """In the words that both sides know."""
    if comment.item:
        return str(comment.item)
    return comment.commitment.what if comment.commitment else ""
