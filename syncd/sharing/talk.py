"""What our side says to a partner, here or elsewhere."""

from datetime import datetime
from typing import TypeVar

from rules.sharing.markdown import safe_html
from syncd.accounts import audit
from syncd.partners.models import OURS, Comment, Commitment, Item, public_id
from syncd.sharing import deals, ledger, redaction
from syncd.sharing.deals import Refused
from syncd.sharing.models import Deal, Disclosure
from syncd.sharing.reminders import word_given
from syncd.trackers.writing import writing

Row = TypeVar("Row", Item, Commitment)

LONGEST = 10_000
"""Characters of a comment."""


def say(
    deal: Deal,
    text: str,
    by: str,
    now: datetime,
    *,
    item: Item | str | None = None,
    commitment: Commitment | str | None = None,
) -> Comment:
    """A comment of ours, which the partner reads at once. It passes the redactor like all text.

    :param item: what it is about, as the copy's row or its public id; so ``commitment``
    :raises Refused: there is nothing to say, too much, or nobody who reads it
    """
    agreement = deals.effective(deal)
    if agreement is None:
        raise Refused(f"{deal.name} sees nothing now: there is nobody to read it")
    redactor = redaction.redactor(deal, agreement)
    clean = redactor.redact(text.strip())
    if not text.strip() or clean.blank:
        raise Refused("there is nothing to say" if not text.strip() else "all of it would be taken out")
    if len(text) > LONGEST:
        raise Refused(f"it is longer than {LONGEST:,} characters")
    public = public_id()
    with writing():
        about = {"item": _there(Item, item, deal), "commitment": _there(Commitment, commitment, deal)}
        entry = ledger.Entry(
            deal.partner, Disclosure.SHOWN, public, "comment", "text", clean.text, ledger.PAGE, deal.approved_digest, by
        )
        ledger.record([entry], now)
        word_given(deal.partner, now)
        audit.record(by, "partner_told", deal.name, partner=deal.partner, comment=public)
        # the copy is another database: last, so that nothing is read there that is not on record
        return Comment.objects.create(
            id=public, partner_id=deal.partner, side=OURS, text=clean.text, html=safe_html(clean.text, redactor), at=now,
            **about,
        )  # fmt: skip


def told(deal: Deal, by: str, text: str, now: datetime) -> None:
    """Word was given in another way, such as a meeting or a letter: the cadence counts from here."""
    with writing():
        word_given(deal.partner, now)
        audit.record(by, "partner_told", deal.name, partner=deal.partner, text=text)
    deal.told_at = now


def _there(model: type[Row], about: Row | str | None, deal: Deal) -> Row | None:
    """The row, where it is this partner's."""
    if about is None:
        return None
    row = model.objects.filter(pk=about if isinstance(about, str) else about.pk, partner=deal.partner).first()
    if row is None:
        raise Refused("the partner does not see that any more")
    return row
