"""What an accepted proposal does to what was agreed."""

from dataclasses import replace
from datetime import date, datetime

from rules.sharing import as_json
from rules.sharing.commitments import Agreed, Stake, agree
from syncd.sharing.models import Offer, Promise
from syncd.sharing.promises import work


def apply(promise: Promise, offer: Offer, now: datetime) -> None:
    """From now on it is agreed as the proposal says. What the work behind it says by now is agreed with it. The
    caller saves."""
    if offer.subject == "dropped":
        promise.removed_at, promise.state, promise.current = now, "", {}
        promise.reason = promise.reason or offer.says
        return
    before = as_json.agreed(promise.agreed) if promise.agreed else Agreed(as_json.commitment(promise.offered))
    words = before.commitment
    if offer.subject == "date":
        words = replace(words, by=date.fromisoformat(offer.becomes))
    elif offer.subject == "scope" and offer.becomes:
        words = replace(words, what=offer.becomes)
    elif offer.subject == "success":
        words = replace(words, success=offer.becomes)
    items = work.behind(promise)
    if not promise.agreed:
        promise.ours_at, promise.theirs_at = promise.ours_at or now, promise.theirs_at or now
        promise.agreed = as_json.to_json(agree(words, items))
        return
    there = {item.id: item for item in items if item.status_category != "cancelled"}
    kept = [stake for stake in before.stakes if stake.item in there or offer.subject != "scope"]
    stakes = tuple(Stake(one.item, one.key, there[one.item].due if one.item in there else one.due) for one in kept)
    promise.agreed = as_json.to_json(Agreed(words, stakes))
