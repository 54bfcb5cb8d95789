"""The one retry layer: every request of every connector goes through a :class:`Lane`.

The vendors' libraries build and send the request, with their own retries off; a lane decides whether
it may go out now, what its answer means and whether it is worth another try. There is one lane per
credential, because limits hang on credentials.

What the lane guarantees:

* no request before the time a tracker named in ``Retry-After`` (seconds or HTTP date, RFC 9110 §10.2.3);
* jitter only ever adds to a wait;
* no sleep that would pass the deadline: :class:`RateLimited` is raised at once instead, and the
  caller parks the stream;
* a write whose fate is unknown is never sent again unless ``confirm`` found out that it is not there.
"""

from connectors.base import LONGEST_WAIT
from connectors.calls.answer import (
    CONNECT_TIMEOUT,
    READ_TIMEOUT,
    Answer,
    Classify,
    NoAnswer,
    excerpt,
    fingerprint,
    host_of,
    read_within,
    retry_after,
    standard,
)
from connectors.calls.budget import Breaker, Budget, LocalBudget
from connectors.calls.lane import DEADLINE, Lane
from connectors.calls.meter import Meter, Observer, metered

__all__ = [
    "CONNECT_TIMEOUT",
    "DEADLINE",
    "LONGEST_WAIT",
    "READ_TIMEOUT",
    "Answer",
    "Breaker",
    "Budget",
    "Classify",
    "Lane",
    "LocalBudget",
    "Meter",
    "NoAnswer",
    "Observer",
    "excerpt",
    "fingerprint",
    "host_of",
    "metered",
    "read_within",
    "retry_after",
    "standard",
]
