"""The way out for one credential: admit, send, judge the answer, try again."""

import random
import threading
import time
from collections.abc import Callable

import structlog
from tenacity import RetryCallState, Retrying, retry_if_exception, stop_after_attempt, stop_any
from tenacity.nap import sleep_using_event
from tenacity.stop import stop_before_delay, stop_when_event_set

from connectors.base import ConnectorError, RateLimited, Unavailable
from connectors.calls import meter
from connectors.calls.answer import Answer, Classify, NoAnswer, standard
from connectors.calls.budget import Breaker, Budget
from connectors.calls.meter import Observer

log = structlog.get_logger(__name__)

DEADLINE = 60.0
"""Seconds that one call may take with all its tries and waits."""
ATTEMPTS = 6


class Lane:
    """The way out for one credential. Thread-safe.

    :param name: the tracker's name, for logs
    :param budget: shared pacing; see :class:`LocalBudget`
    :param stop: set at shutdown: no wait outlives it and no further attempt starts
    :param patience: seconds that any call may take with all its tries and waits
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
        patience: float = DEADLINE,
    ) -> None:
        self.name = name
        self.budget = budget
        self.stop = stop or threading.Event()
        self._breaker = breaker or Breaker()
        self._failed = ""
        """What the tracker last failed with, in words."""
        self._observer = observer
        self._attempts = attempts
        self._patience = patience
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
        deadline = min(deadline, self._patience)
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
        if counting := meter.current.get():
            counting.add()
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
        if isinstance(failure, Unavailable):
            self._failed = failure.what
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
                f"{op}: not asked, the tracker failed several times in a row ({self._failed}); next try in {rest:.0f} s",
                sent=False,
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
