"""What every request to a tracker is good for besides its answer: metrics, and boundaries to be killed at."""

from prometheus_client import Counter, Histogram

from syncd.worker import faults

REQUESTS = Counter(
    "syncd_http_requests_total", "Requests to trackers; status 0 where no answer came.", ["tracker", "op", "status"]
)
SECONDS = Histogram("syncd_http_request_duration_seconds", "Time until the whole answer was there.", ["tracker"])


class Requests:
    """A :class:`connectors.calls.Observer`."""

    def sending(self, lane: str, op: str) -> None:  # noqa: ARG002 - as the interface names them
        faults.point("before-request")

    def answered(self, lane: str, op: str, status: int, seconds: float) -> None:
        REQUESTS.labels(lane, op, status).inc()
        SECONDS.labels(lane).observe(seconds)
        faults.point("after-request")
