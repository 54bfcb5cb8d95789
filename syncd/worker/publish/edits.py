"""An agreement that is another than the one by which the copy was made."""

from rules.sharing import as_json
from rules.sharing.rewording import cleaned_more, coarsened, reworded
from syncd.sharing import deals, pending, redaction
from syncd.sharing.copying import items
from syncd.sharing.models import Deal
from syncd.trackers.writing import writing
from syncd.worker import faults


def follow(deal: Deal) -> None:
    """Have all that is shown looked at again, and take out of its history what is no longer told so exactly."""
    with writing():
        row = Deal.objects.get(pk=deal.pk)
        now = deals.effective(row)
        wanted = as_json.to_json(now) if now else None
        if wanted == row.published:
            return
        before = as_json.agreement(row.published) if row.published else None
        if before and now:
            items.scrub(row.partner, coarsened(before, now))
            if cleaned_more(before, now):
                items.scrub_text(row.partner, items.taken_out_by(redaction.redactor(row, now)))
            row.quiet = sorted({*row.quiet, *reworded(before, now)})
        faults.point("in-edit")
        row.published = wanted
        row.save(update_fields=["published", "quiet"])
        pending.mark_shown(row)
