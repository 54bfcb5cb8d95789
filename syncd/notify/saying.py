"""A subscription in words."""

from syncd.notify import digests
from syncd.notify.forms import DAYS, WORKDAYS
from syncd.notify.models import Subscription
from syncd.web.filters import BadFilter


def when(subscription: Subscription) -> str:
    """``Monday to Friday at 09:00``"""
    days = tuple(subscription.days)
    named = {WORKDAYS: "Monday to Friday", tuple(range(7)): "Every day"}.get(days) or " and ".join(
        part for part in (", ".join(DAYS[day] for day in days[:-1]), DAYS[days[-1]]) if part
    )
    return f"{named} at {subscription.hour:02}:00"


def about(subscription: Subscription) -> str:
    """Which part of the queue."""
    if subscription.view:
        return f"the view “{subscription.view.name}”"
    try:
        narrowing = digests.filters_of(subscription).narrowing
    except BadFilter as error:
        return f"a filter that is not understood any more: {error}"
    return ", ".join(f"{name} {value}" for name, value in narrowing) or "every flag"
