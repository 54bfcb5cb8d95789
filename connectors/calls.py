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

import hashlib
import json
import random
import re
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, Protocol

import orjson
import structlog
from tenacity import RetryCallState, Retrying, retry_if_exception, stop_after_attempt, stop_any
from tenacity.nap import sleep_using_event
from tenacity.stop import stop_before_delay, stop_when_event_set

from connectors.base import AuthFailed, BadResponse, ConnectorError, RateLimited, Unavailable
from connectors.redaction import redact_text
from connectors.settings import Pace

log = structlog.get_logger(__name__)

DEADLINE = 60.0
"""Seconds that one call may take with all its tries and waits."""
ATTEMPTS = 6
MAX_BODY = 50 * 1024 * 1024
"""Bytes of a decoded answer; the largest page seen in practice is under 6 MB."""
LONGEST_WAIT = 86400.0
"""Seconds: no tracker is believed that asks for more patience than a day."""
CONNECT_TIMEOUT = 5.0
READ_TIMEOUT = 30.0


@dataclass(frozen=True, slots=True)
class Answer:
    """One HTTP answer. Header names are lower case; ``body`` is decoded from its transfer encoding."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    url: str = ""

    @property
    def date(self) -> datetime | None:
        """The server's clock when it answered, in UTC; None where the answer does not tell."""
        return _http_date(self.headers.get("date", ""))

    def json(self, shape: type[dict[str, Any]] | type[list[Any]] = dict) -> Any:
        """The parsed body.

        :raises BadResponse: not JSON (HTML with 200, cut in the middle), or another shape
        """
        try:
            value = _loads(self.body)
        except (ValueError, RecursionError):
            raise BadResponse(f"{self._said()}, which is not JSON: {excerpt(self.body)}", status=self.status) from None
        if not isinstance(value, shape):
            raise BadResponse(
                f"{self._said()}: a JSON {type(value).__name__} where a {shape.__name__} belongs", status=self.status
            )
        return value

    def _said(self) -> str:
        kind = self.headers.get("content-type", "no content type").partition(";")[0]
        return f"answered {self.status} with {len(self.body)} bytes of {kind}"


class NoAnswer(Exception):
    """Raised by a ``send`` function when no whole answer arrived.

    :param sent: False only if it is certain that the request never reached the server
    """

    def __init__(self, what: str, *, sent: bool = True) -> None:
        super().__init__(what)
        self.sent = sent


Classify = Callable[[Answer], ConnectorError | None]


def standard(answer: Answer) -> ConnectorError | None:
    """What an answer means where the vendor adds nothing of its own; None if it is a success."""
    status = answer.status
    if 200 <= status < 300 or status == 304:
        return None
    if status in (429, 529) or (status == 503 and "retry-after" in answer.headers):
        wait = retry_after(answer)
        return RateLimited(
            f"answered {status}: too many requests", retry_after=30.0 if wait is None else wait, status=status
        )
    if status == 401:
        return AuthFailed("the credential is refused (401): renew the token", status=status)
    if status in (403, 404, 410):
        return AuthFailed(f"answered {status}: not there, or the credential may not see it", status=status)
    if status >= 500 or status == 408:
        return Unavailable(f"answered {status}: {excerpt(answer.body)}", status=status)
    if 300 <= status < 400:
        return BadResponse(f"redirects to {host_of(answer.headers.get('location', ''))}: check the url", status=status)
    return BadResponse(f"refused the request ({status}): {excerpt(answer.body)}", status=status)


class Budget(Protocol):
    """Who may send when, shared by everybody who uses the credential."""

    def take(self) -> float:
        """Ask for one request: 0.0 if it may go out now (and is counted), else the seconds to wait
        before asking again."""
        ...

    def block(self, seconds: float) -> None:
        """Nobody sends for so long."""
        ...


class LocalBudget:
    """A token bucket within this process."""

    def __init__(self, pace: Pace, clock: Callable[[], float] = time.monotonic) -> None:
        self._pace, self._clock, self._lock = pace, clock, threading.Lock()
        self._tokens, self._at, self._blocked_until = float(pace.burst), clock(), 0.0

    def take(self) -> float:
        with self._lock:
            now = self._clock()
            if now < self._blocked_until:
                return self._blocked_until - now
            self._tokens = min(self._pace.burst, self._tokens + (now - self._at) * self._pace.per_second)
            self._at = now
            if self._tokens >= 1:
                self._tokens -= 1
                return 0.0
            return (1 - self._tokens) / self._pace.per_second

    def block(self, seconds: float) -> None:
        with self._lock:
            self._blocked_until = max(self._blocked_until, self._clock() + seconds)


class Breaker:
    """Stops asking a tracker that does not answer: after ``limit`` failures in a row nothing is sent
    for ``rest`` seconds, then one call tries."""

    def __init__(self, limit: int = 5, rest: float = 30.0, clock: Callable[[], float] = time.monotonic) -> None:
        self._limit, self._rest, self._clock, self._lock = limit, rest, clock, threading.Lock()
        self._failures, self._open_until = 0, 0.0

    @property
    def closed(self) -> bool:
        return self._failures < self._limit

    def wait(self) -> float:
        """Seconds until the next call may try; 0.0 while closed. Letting one through keeps the rest out."""
        with self._lock:
            now = self._clock()
            if self._failures < self._limit:
                return 0.0
            if now < self._open_until:
                return self._open_until - now
            self._open_until = now + self._rest
            return 0.0

    def record(self, ok: bool) -> None:
        with self._lock:
            self._failures = 0 if ok else self._failures + 1
            if self._failures >= self._limit:
                self._open_until = self._clock() + self._rest


class Observer(Protocol):
    """Told about every request, before and after."""

    def sending(self, lane: str, op: str) -> None: ...

    def answered(self, lane: str, op: str, status: int, seconds: float) -> None:
        """``status`` is 0 where no answer came."""
        ...


@dataclass
class Meter:
    """Counts the requests of one pass, over all its threads."""

    requests: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def add(self) -> None:
        with self._lock:
            self.requests += 1


_meter: ContextVar[Meter | None] = ContextVar("meter", default=None)


@contextmanager
def metered() -> Iterator[Meter]:
    """Counts the requests sent in this context and in threads that run in a copy of it."""
    meter = Meter()
    token = _meter.set(meter)
    try:
        yield meter
    finally:
        _meter.reset(token)


class Lane:
    """The way out for one credential. Thread-safe.

    :param name: the tracker's name, for logs
    :param budget: shared pacing; see :class:`LocalBudget`
    :param stop: set at shutdown: no wait outlives it and no further attempt starts
    """

    def __init__(
        self,
        name: str,
        budget: Budget,
        *,
        breaker: Breaker | None = None,
        stop: threading.Event | None = None,
        observer: Observer | None = None,
        attempts: int = ATTEMPTS,
        backoff: float = 0.5,
    ) -> None:
        self.name = name
        self.budget = budget
        self.stop = stop or threading.Event()
        self._breaker = breaker or Breaker()
        self._observer = observer
        self._attempts = attempts
        self._backoff = backoff

    def call(
        self,
        send: Callable[[], Answer],
        *,
        op: str,
        classify: Classify = standard,
        idempotent: bool = True,
        confirm: Callable[[], Answer | None] | None = None,
        deadline: float = DEADLINE,
    ) -> Answer:
        """Send until there is a usable answer, within ``deadline`` seconds.

        :param send: one attempt; raises :class:`NoAnswer` when none arrived
        :param op: what is being done, for logs and metrics: ``jira.search``
        :param idempotent: False for a write that must not happen twice
        :param confirm: for such a write: look whether it took effect, and answer as it would have
        :raises ConnectorError: one of the four errors
        """
        ends = time.monotonic() + deadline
        doubt = False  # whether an earlier attempt may have taken effect

        def attempt() -> Answer:
            nonlocal doubt
            try:
                if doubt and confirm is not None and (answer := confirm()) is not None:
                    return answer
                self._admit(op, ends)
                return self._once(send, op, classify)
            except Unavailable as error:
                doubt = error.sent = doubt or error.sent
                raise

        return Retrying(
            retry=retry_if_exception(lambda error: self._again(error, ends, idempotent or confirm is not None, doubt)),
            wait=self._pause,
            stop=stop_any(
                stop_after_attempt(self._attempts), stop_before_delay(deadline), stop_when_event_set(self.stop)
            ),
            sleep=sleep_using_event(self.stop),
            before_sleep=lambda state: self._note(op, state),
            reraise=True,
        )(attempt)

    def _once(self, send: Callable[[], Answer], op: str, classify: Classify) -> Answer:
        if meter := _meter.get():
            meter.add()
        if self._observer:
            self._observer.sending(self.name, op)
        began, status = time.monotonic(), 0
        failure: ConnectorError | None = None
        try:
            answer = send()
            status = answer.status
            failure = classify(answer)
        except NoAnswer as error:
            failure = Unavailable(f"no answer: {error}", sent=error.sent)
        except ConnectorError as error:  # an answer that could not be read
            failure = error
        finally:
            if self._observer:
                self._observer.answered(self.name, op, status, time.monotonic() - began)
        self._breaker.record(ok=not isinstance(failure, Unavailable))
        if isinstance(failure, RateLimited):
            self.budget.block(failure.retry_after)
        if failure is not None:
            raise failure
        return answer

    def _admit(self, op: str, ends: float) -> None:
        """Wait for the breaker and the budget, unless that takes us past the deadline."""
        if self.stop.is_set():
            raise Unavailable(f"{op}: shutting down", sent=False)
        if (rest := self._breaker.wait()) > 0:
            raise Unavailable(
                f"{op}: not asked, the tracker failed several times in a row; next try in {rest:.0f} s", sent=False
            )
        while (wait := self.budget.take()) > 0:
            if time.monotonic() + wait > ends:
                raise RateLimited(f"{op}: the request budget is used up for {wait:.0f} s", retry_after=wait)
            if self.stop.wait(wait):
                raise Unavailable(f"{op}: shutting down", sent=False)

    def _again(self, error: BaseException, ends: float, repeatable: bool, doubt: bool) -> bool:
        if self.stop.is_set():
            return False
        if isinstance(error, RateLimited):
            return time.monotonic() + error.retry_after < ends
        if isinstance(error, Unavailable):
            return (repeatable or not doubt) and self._breaker.closed
        return False

    def _pause(self, state: RetryCallState) -> float:
        error = state.outcome.exception() if state.outcome else None
        least = error.retry_after if isinstance(error, RateLimited) else 0.0
        return least + random.uniform(0, self._backoff * 2**state.attempt_number)  # noqa: S311 - jitter, not a secret

    def _note(self, op: str, state: RetryCallState) -> None:
        error = state.outcome.exception() if state.outcome else None
        log.debug("request_retried", tracker=self.name, op=op, attempt=state.attempt_number, reason=str(error))


def _loads(body: bytes) -> Any:
    """Parsed JSON. Half surrogate pairs, which JavaScript lets people store and orjson refuses, become U+FFFD."""
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError:
        lenient = json.dumps(json.loads(body), ensure_ascii=False)
        return orjson.loads(lenient.encode("utf-16", "surrogatepass").decode("utf-16", "replace"))


def retry_after(answer: Answer) -> float | None:
    """Seconds a tracker asks us to wait: ``Retry-After`` as seconds or as a date against the server's
    own clock, at most :data:`LONGEST_WAIT`. None where it does not say or says nonsense."""
    value = answer.headers.get("retry-after", "").strip()
    if re.fullmatch(r"[0-9]+(\.[0-9]+)?", value):
        return min(float(value), LONGEST_WAIT)
    if (until := _http_date(value)) is None:
        return None
    return min(max(0.0, (until - (answer.date or datetime.now(UTC))).total_seconds()), LONGEST_WAIT)


def read_within(chunks: Iterable[bytes], seconds: float = DEADLINE, limit: int = MAX_BODY) -> bytes:
    """A body, read while the total time and size stay in bounds (a byte a second never ends by itself).

    :raises NoAnswer: too slow; :raises BadResponse: too large
    """
    ends, parts, size = time.monotonic() + seconds, [], 0
    for chunk in chunks:
        parts.append(chunk)
        size += len(chunk)
        if size > limit:
            raise BadResponse(f"the answer is larger than {limit // 1024 // 1024} MB")
        if time.monotonic() > ends:
            raise NoAnswer(f"the answer took longer than {seconds:.0f} s")
    return b"".join(parts)


def fingerprint(*parts: str) -> str:
    """A short stable name for something that must not be stored or logged itself."""
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:16]


def excerpt(body: bytes, length: int = 200) -> str:
    """The beginning of a body on one line, for error messages. Redacted before it is cut: no pattern
    knows the half of a secret."""
    return " ".join(redact_text(body[: length * 20].decode("utf-8", "replace")).split())[:length]


def host_of(url: str) -> str:
    """Where a redirect leads, without path and query, which may carry secrets."""
    return "/".join(url.split("/", 3)[:3]) or "nowhere"


def _http_date(value: str) -> datetime | None:
    try:
        parsed = parsedate_to_datetime(value)
        return parsed.astimezone(UTC) if parsed.tzinfo else parsed.replace(tzinfo=UTC)
    except (TypeError, ValueError, IndexError, OverflowError):
        return None
