"""The one retry layer: what may be sent, when, and how often."""

import random
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.base import AuthFailed, BadResponse, ConnectorError, RateLimited, Unavailable
from connectors.calls import (
    LONGEST_WAIT,
    Answer,
    Breaker,
    Lane,
    LocalBudget,
    NoAnswer,
    fingerprint,
    host_of,
    metered,
    read_within,
    retry_after,
    standard,
)
from connectors.settings import Pace

OK = Answer(200, {}, b"{}")
NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


class Free:
    """A budget without bounds that remembers how it was blocked."""

    def __init__(self) -> None:
        self.blocked: list[float] = []

    def take(self) -> float:
        return 0.0

    def block(self, seconds: float) -> None:
        self.blocked.append(seconds)


class Tracker:
    """Answers in turn; the last answer for ever. Remembers when it was asked."""

    def __init__(self, *answers: Answer | Exception) -> None:
        self._answers = list(answers)
        self.asked: list[float] = []

    def __call__(self) -> Answer:
        self.asked.append(time.monotonic())
        answer = self._answers.pop(0) if len(self._answers) > 1 else self._answers[0]
        if isinstance(answer, Exception):
            raise answer
        return answer


def limited(after: str, status: int = 429, **headers: str) -> Answer:
    return Answer(status, {"retry-after": after, **headers}, b"")


DOWN = Answer(502, {}, b"<html>bad gateway</html>")


@pytest.fixture
def lane() -> Lane:
    return Lane("acme", Free(), backoff=0.01)


def raised(lane: Lane, send: Callable[[], Answer], **kwargs) -> ConnectorError:
    with pytest.raises(ConnectorError) as caught:
        lane.call(send, op="test", **kwargs)
    return caught.value


class TestMeaning:
    @pytest.mark.parametrize("status", [200, 201, 204, 304])
    def test_a_success_is_handed_on(self, lane, status):
        assert lane.call(Tracker(Answer(status, {}, b"")), op="test").status == status

    @pytest.mark.parametrize(
        ("status", "error", "says"),
        [
            (400, BadResponse, "refused the request"),
            (401, AuthFailed, "renew the token"),
            (403, AuthFailed, "may not see it"),
            (404, AuthFailed, "not there"),
            (410, AuthFailed, "not there"),
            (422, BadResponse, "refused the request"),
            (302, BadResponse, "https://login.acme.example: check the url"),
        ],
    )
    def test_an_answer_that_another_try_would_not_change_is_an_error_at_once(self, lane, status, error, says):
        tracker = Tracker(Answer(status, {"location": "https://login.acme.example/sso?token=x"}, b"no"))
        failed = raised(lane, tracker)
        assert (type(failed), failed.status, len(tracker.asked)) == (error, status, 1)
        assert says in str(failed)
        assert "token=x" not in str(failed)

    @pytest.mark.parametrize("status", [500, 502, 503, 504, 408])
    def test_a_server_that_fails_is_asked_again(self, lane, status):
        tracker = Tracker(Answer(status, {}, b""), Answer(status, {}, b""), OK)
        assert lane.call(tracker, op="test") is OK
        assert len(tracker.asked) == 3

    @pytest.mark.parametrize("body", [b'{"issues": [{"id": "1', b'[{"title": "a', b'{"a": 1,\n'])
    def test_an_answer_that_was_cut_on_the_way_is_asked_for_again(self, lane, body):
        cut = Answer(200, {"content-type": "application/json; charset=utf-8"}, body)
        tracker = Tracker(cut, cut, OK)
        assert lane.call(tracker, op="test") is OK
        assert len(tracker.asked) == 3

    @pytest.mark.parametrize("body", [b'{"a": 1}\n', b"[]", b"null", b"5", b'"[text"', b""])
    def test_an_answer_that_ends_is_not_cut(self, lane, body):
        tracker = Tracker(Answer(200, {"content-type": "application/json"}, body))
        lane.call(tracker, op="test")
        assert len(tracker.asked) == 1

    def test_a_write_whose_answer_was_cut_may_have_taken_effect(self, lane):
        tracker = Tracker(Answer(201, {"content-type": "application/json"}, b'{"id": '))
        assert isinstance(raised(lane, tracker, idempotent=False), Unavailable)
        assert len(tracker.asked) == 1

    def test_tries_end_after_six_with_the_last_error(self):
        lane = Lane("acme", Free(), backoff=0.001, breaker=Breaker(limit=99))
        tracker = Tracker(DOWN)
        assert raised(lane, tracker).status == 502
        assert len(tracker.asked) == 6

    def test_a_vendor_may_tell_what_its_answers_mean(self, lane):
        odd = Answer(403, {}, b"secondary rate limit")
        failed = raised(lane, Tracker(odd), classify=lambda _: RateLimited("slow down", retry_after=900))
        assert isinstance(failed, RateLimited)


class TestRetryAfter:
    @pytest.mark.parametrize("status", [429, 529, 503])
    def test_nothing_is_sent_before_the_time_the_tracker_named(self, lane, status):
        tracker = Tracker(limited("0.2", status), limited("0.2", status), OK)
        lane.call(tracker, op="test")
        gaps = [later - earlier for earlier, later in zip(tracker.asked, tracker.asked[1:], strict=False)]
        assert len(gaps) == 2
        assert all(0.2 <= gap < 0.5 for gap in gaps)

    def test_all_who_use_the_credential_are_held_back(self, lane):
        lane.call(Tracker(limited("0.1"), OK), op="test")
        assert lane.budget.blocked == [0.1]

    def test_a_wait_past_the_deadline_is_an_error_at_once_after_one_request(self, lane):
        tracker, began = Tracker(limited("1800")), time.monotonic()
        failed = raised(lane, tracker, deadline=60)
        assert (type(failed), failed.retry_after, len(tracker.asked)) == (RateLimited, 1800, 1)
        assert time.monotonic() - began < 0.5
        assert lane.budget.blocked == [1800]

    def test_a_wait_that_only_the_jitter_takes_past_the_deadline_is_not_slept_either(self):
        lane = Lane("acme", Free(), backoff=100)
        began = time.monotonic()
        assert isinstance(raised(lane, Tracker(limited("0.9")), deadline=1), RateLimited)
        assert time.monotonic() - began < 0.5

    @pytest.mark.parametrize(
        ("value", "seconds"),
        [
            ("120", 120),
            ("1.5", 1.5),
            ("0", 0),
            (" 7 ", 7),
            ("Mon, 23 Nov 2026 12:02:00 GMT", 120),
            ("Monday, 23-Nov-26 12:02:00 GMT", 120),
            ("Mon Nov 23 12:02:00 2026", 120),
            ("Mon, 23 Nov 2026 11:00:00 GMT", 0),
            ("99999999999", LONGEST_WAIT),
            ("Fri, 31 Dec 2100 23:59:59 GMT", LONGEST_WAIT),
        ],
    )
    def test_seconds_and_dates_are_understood_against_the_servers_own_clock(self, value, seconds):
        assert retry_after(limited(value, date=format_datetime(NOON, usegmt=True))) == seconds

    def test_without_the_servers_clock_our_own_must_do(self):
        soon = format_datetime(datetime.now(UTC) + timedelta(seconds=90), usegmt=True)
        assert retry_after(limited(soon)) == pytest.approx(90, abs=3)

    @pytest.mark.parametrize(
        "value", ["", "soon", "-5", "inf", "nan", "1e400", "1_000", "Fri, 31 Dec 9999 23:59:59 -1200", "Mon, 99 Foo"]
    )
    def test_nonsense_is_no_time(self, value):
        assert retry_after(limited(value)) is None

    def test_where_the_tracker_names_no_time_half_a_minute_is_assumed(self, lane):
        failed = raised(lane, Tracker(Answer(429, {}, b"")), deadline=10)
        assert failed.retry_after == 30

    @given(st.text() | st.from_regex(r"[A-Z][a-z]{2}, \d{1,2} [A-Z][a-z]{2} \d{1,5} \d\d:\d\d:\d\d [A-Z+-]\w{0,5}"))
    def test_no_value_breaks_it(self, value):
        for seconds in (retry_after(limited(value)), retry_after(limited("5", date=value))):
            assert seconds is None or 0 <= seconds <= LONGEST_WAIT

    def test_jitter_only_adds(self, lane, monkeypatch):
        asked = []
        monkeypatch.setattr(random, "uniform", lambda low, high: asked.append((low, high)) or low)
        lane.call(Tracker(DOWN, DOWN, limited("0.05"), OK), op="test")
        assert [low for low, _ in asked] == [0, 0, 0]
        assert [high for _, high in asked] == sorted(high for _, high in asked)


class TestWrites:
    def test_a_write_that_was_certainly_not_sent_is_sent_again(self, lane):
        tracker = Tracker(NoAnswer("refused", sent=False), OK)
        assert lane.call(tracker, op="test", idempotent=False) is OK

    @pytest.mark.parametrize("failure", [NoAnswer("reset"), DOWN])
    def test_a_write_in_doubt_is_not_sent_again(self, lane, failure):
        tracker = Tracker(failure, OK)
        failed = raised(lane, tracker, idempotent=False)
        assert (type(failed), failed.sent, len(tracker.asked)) == (Unavailable, True, 1)

    def test_a_write_in_doubt_that_is_found_there_is_answered_without_a_second_one(self, lane):
        tracker, found = Tracker(NoAnswer("reset"), OK), Answer(200, {}, b'{"id": 7}')
        assert lane.call(tracker, op="test", idempotent=False, confirm=lambda: found) is found
        assert len(tracker.asked) == 1

    def test_a_write_in_doubt_that_is_not_there_is_sent_again(self, lane):
        tracker, looked = Tracker(NoAnswer("reset"), OK), []
        lane.call(tracker, op="test", idempotent=False, confirm=lambda: looked.append(1))
        assert (len(tracker.asked), len(looked)) == (2, 1)

    def test_it_is_looked_for_again_before_every_further_try(self, lane):
        tracker, looked = Tracker(NoAnswer("reset"), NoAnswer("refused", sent=False), OK), []
        lane.call(tracker, op="test", idempotent=False, confirm=lambda: looked.append(1))
        assert (len(tracker.asked), len(looked)) == (3, 2)

    def test_a_write_that_was_rate_limited_was_not_done(self, lane):
        tracker, looked = Tracker(limited("0.01"), OK), []
        lane.call(tracker, op="test", idempotent=False, confirm=lambda: looked.append(1))
        assert (len(tracker.asked), len(looked)) == (2, 0)

    def test_a_doubt_stays_a_doubt_when_looking_fails_without_reaching_the_tracker(self):
        lane = Lane("acme", Free(), backoff=0.001, breaker=Breaker(limit=99))

        def confirm() -> Answer | None:
            raise Unavailable("refused", sent=False)

        failed = raised(lane, Tracker(NoAnswer("reset"), OK), idempotent=False, confirm=confirm)
        assert failed.sent

    def test_a_doubt_stays_a_doubt_when_the_breaker_opens(self):
        lane = Lane("acme", Free(), backoff=0.001, breaker=Breaker(limit=2))
        tracker = Tracker(NoAnswer("reset"), NoAnswer("refused", sent=False))
        assert raised(lane, tracker, idempotent=False, confirm=lambda: None).sent


class TestBreaker:
    def test_it_opens_after_failures_in_a_row_and_then_costs_no_request(self):
        lane = Lane("acme", Free(), backoff=0.001, breaker=Breaker(limit=3, rest=30))
        tracker = Tracker(DOWN)
        raised(lane, tracker)
        assert len(tracker.asked) == 3
        failed = raised(lane, tracker)
        assert (len(tracker.asked), failed.sent) == (3, False)
        assert "several times in a row (answered 502" in str(failed), "what it failed with is not lost"
        assert "next try in 30 s" in str(failed)

    def test_after_its_rest_one_call_tries_and_the_others_stay_out(self):
        clock = Clock()
        breaker = Breaker(limit=1, rest=30, clock=clock)
        breaker.record(ok=False)
        assert breaker.wait() == 30
        clock.now = 30
        assert [breaker.wait(), breaker.wait()] == [0, 30]

    def test_a_success_closes_it_and_a_failure_starts_the_rest_anew(self):
        clock = Clock()
        breaker = Breaker(limit=2, rest=30, clock=clock)
        for _ in range(2):
            breaker.record(ok=False)
        clock.now = 31
        assert breaker.wait() == 0
        breaker.record(ok=False)
        assert breaker.wait() == 30
        clock.now = 62
        assert breaker.wait() == 0
        breaker.record(ok=True)
        assert (breaker.closed, breaker.wait(), breaker.wait()) == (True, 0, 0)

    @pytest.mark.parametrize("answer", [Answer(404, {}, b""), Answer(400, {}, b""), limited("900")])
    def test_an_answer_that_says_no_is_an_answer(self, answer):
        breaker = Breaker(limit=2)
        lane = Lane("acme", Free(), breaker=breaker)
        breaker.record(ok=False)
        raised(lane, Tracker(answer))
        breaker.record(ok=False)
        assert breaker.closed

    def test_an_answer_too_large_to_read_is_an_answer(self):
        breaker = Breaker(limit=2)
        lane = Lane("acme", Free(), breaker=breaker)
        breaker.record(ok=False)
        assert isinstance(raised(lane, Tracker(BadResponse("larger than 50 MB"))), BadResponse)
        breaker.record(ok=False)
        assert breaker.closed


class TestBudget:
    def test_a_burst_goes_out_at_once_the_rest_at_its_pace(self):
        clock = Clock()
        budget = LocalBudget(Pace(per_second=2, burst=3), clock)
        assert [budget.take() for _ in range(3)] == [0, 0, 0]
        assert budget.take() == pytest.approx(0.5)
        clock.now = 0.5
        assert budget.take() == 0
        assert budget.take() > 0

    def test_a_rest_fills_it_no_further_than_its_burst(self):
        clock = Clock()
        budget = LocalBudget(Pace(per_second=2, burst=3), clock)
        clock.now = 1000
        assert [budget.take() > 0 for _ in range(4)] == [False, False, False, True]

    def test_while_it_is_blocked_nobody_sends(self):
        clock = Clock()
        budget = LocalBudget(Pace(per_second=2, burst=3), clock)
        budget.block(60)
        budget.block(10)  # a shorter block does not shorten a longer one
        assert budget.take() == 60
        clock.now = 60
        assert budget.take() == 0

    def test_a_call_waits_for_it_within_the_deadline(self):
        lane = Lane("acme", LocalBudget(Pace(per_second=10, burst=1)))
        tracker = Tracker(OK)
        for _ in range(3):
            lane.call(tracker, op="test")
        assert tracker.asked[2] - tracker.asked[0] >= 0.19

    def test_a_call_does_not_wait_past_the_deadline(self):
        lane = Lane("acme", LocalBudget(Pace(per_second=0.01, burst=1)))
        tracker, began = Tracker(OK), time.monotonic()
        lane.call(tracker, op="test")
        failed = raised(lane, tracker, deadline=5)
        assert isinstance(failed, RateLimited)
        assert failed.retry_after == pytest.approx(100, abs=1)
        assert (len(tracker.asked), time.monotonic() - began < 1) == (1, True)

    def test_two_lanes_share_one_budget(self):
        budget = LocalBudget(Pace(per_second=0.01, burst=4))
        lanes, tracker = [Lane("one", budget), Lane("other", budget)], Tracker(OK)
        for _ in range(2):
            for lane in lanes:
                lane.call(tracker, op="test")
        for lane in lanes:
            raised(lane, tracker, deadline=1)
        assert len(tracker.asked) == 4

    def test_threads_together_send_no_more_than_it_allows(self):
        lane, tracker = Lane("acme", LocalBudget(Pace(per_second=50, burst=10))), Tracker(OK)
        with ThreadPoolExecutor(8) as pool:
            list(pool.map(lambda _: lane.call(tracker, op="test"), range(30)))
        asked = sorted(tracker.asked)
        assert len(asked) == 30
        for first in range(len(asked)):
            within = sum(asked[first] <= at < asked[first] + 0.2 for at in asked)
            assert within <= 10 + 50 * 0.2 + 1


class TestStop:
    def stopping(self, after: float, **kwargs) -> tuple[Lane, threading.Timer]:
        stop = threading.Event()
        timer = threading.Timer(after, stop.set)
        timer.start()
        return Lane("acme", stop=stop, **({"budget": Free()} | kwargs)), timer

    def test_no_wait_outlives_it_and_no_further_try_starts(self):
        lane, timer = self.stopping(0.1)
        tracker, began = Tracker(limited("30"), OK), time.monotonic()
        raised(lane, tracker)
        assert (len(tracker.asked), time.monotonic() - began < 1) == (1, True)
        timer.join()

    def test_a_wait_for_the_budget_ends_with_it(self):
        lane, timer = self.stopping(0.1, budget=LocalBudget(Pace(per_second=0.1, burst=1)))
        tracker, began = Tracker(OK), time.monotonic()
        lane.call(tracker, op="test")
        assert "shutting down" in str(raised(lane, tracker))
        assert (len(tracker.asked), time.monotonic() - began < 1) == (1, True)
        timer.join()

    def test_after_it_nothing_is_sent_at_all(self):
        lane, timer = self.stopping(0)
        timer.join()
        tracker = Tracker(OK)
        failed = raised(lane, tracker)
        assert (len(tracker.asked), failed.sent) == (0, False)

    def test_a_write_in_doubt_stays_in_doubt(self):
        lane, timer = self.stopping(0.1, backoff=30)
        assert raised(lane, Tracker(NoAnswer("reset"), OK), idempotent=False, confirm=lambda: None).sent
        timer.join()


class TestCounting:
    def test_every_request_is_counted_in_its_context_and_no_other(self, lane):
        lane.call(Tracker(OK), op="test")
        with metered() as outer:
            lane.call(Tracker(DOWN, OK), op="test")
            with metered() as inner:
                lane.call(Tracker(OK), op="test")
        assert (outer.requests, inner.requests) == (2, 1)

    def test_threads_that_carry_the_context_count_together(self, lane):
        with metered() as meter, ThreadPoolExecutor(4) as pool:
            for call in [pool.submit(copy_context().run, lane.call, Tracker(OK), op="test") for _ in range(20)]:
                call.result()
        assert meter.requests == 20

    def test_an_observer_hears_of_every_try_and_of_answers_that_never_came(self):
        heard: list[tuple] = []

        class Observer:
            def sending(self, lane, op):
                heard.append((lane, op))

            def answered(self, lane, op, status, seconds):
                heard.append((lane, op, status))
                assert seconds >= 0

        lane = Lane("acme", Free(), backoff=0.001, observer=Observer())
        lane.call(Tracker(NoAnswer("reset"), DOWN, OK), op="jira.search")
        pair = ("acme", "jira.search")
        assert heard == [pair, (*pair, 0), pair, (*pair, 502), pair, (*pair, 200)]


class TestAnswer:
    def test_json_of_the_expected_shape_is_given(self):
        assert Answer(200, {}, b'{"a": [1]}').json() == {"a": [1]}
        assert Answer(200, {}, b"[1]").json(list) == [1]

    @pytest.mark.parametrize(
        ("body", "says"),
        [
            (
                b"<html>\n <title>Sign in</title>",
                "which is not JSON (a sign-in or proxy page? check the url): <html> <title>Sign in",
            ),
            (b'{"issues": [', "which is not JSON"),
            (b"", "0 bytes"),
            (b"[1]", "a JSON list where a dict belongs"),
            (b'"text"', "a JSON str where a dict belongs"),
            (b"[" * 100_000, "which is not JSON"),
            (b'{"a": "\xff\xfe"}', "which is not JSON"),
        ],
    )
    def test_what_is_not_what_it_says_is_refused_in_words(self, body, says):
        with pytest.raises(BadResponse, match="answered 200 with") as refused:
            Answer(200, {"content-type": "text/html; charset=utf-8"}, body).json()
        assert says in str(refused.value)
        assert "bytes of text/html" in str(refused.value)

    def test_a_number_that_is_none_does_not_spoil_the_rest(self):
        body = b'{"a": NaN, "b": -Infinity, "c": 1e999, "d": 1.5, "e": 123456789012345678901234567890}'
        assert Answer(200, {}, body).json() == {"a": None, "b": None, "c": None, "d": 1.5, "e": 1.2345678901234568e29}

    @pytest.mark.parametrize(
        ("body", "read"),
        [
            (rb'{"a\u0000": ["\u0000\u0000b"]}', {"a\ufffd": ["\ufffd\ufffdb"]}),
            (rb'["\\u0000", "\\\u0000", "\ud83d\u0000"]', ["\\u0000", "\\\ufffd", "\ufffd\ufffd"]),
        ],
    )
    def test_no_text_holds_nul_which_a_database_may_not_have(self, body, read):
        assert Answer(200, {}, body).json(type(read)) == read

    def test_half_a_surrogate_pair_does_not_spoil_the_rest(self):
        assert Answer(200, {}, b'{"a": "x\\ud83d", "b": "\\ud83d\\ude00"}').json() == {"a": "x\ufffd", "b": "😀"}

    def test_the_servers_clock_is_in_utc(self):
        assert Answer(200, {"date": "Mon, 23 Nov 2026 13:00:00 +0100"}, b"").date == NOON
        assert Answer(200, {}, b"").date is None

    @pytest.mark.parametrize(("ahead", "is_theirs"), [(3600, False), (-3600, True)])
    def test_what_an_answer_says_is_as_of_the_clock_that_is_behind(self, ahead, is_theirs):
        before = datetime.now(UTC)
        theirs = (before + timedelta(seconds=ahead)).replace(microsecond=0)
        as_of = Answer(200, {"date": format_datetime(theirs, usegmt=True)}, b"").as_of
        assert as_of == theirs if is_theirs else before <= as_of <= datetime.now(UTC)

    def test_without_a_clock_of_theirs_ours_counts(self):
        before = datetime.now(UTC)
        assert before <= Answer(200, {}, b"").as_of <= datetime.now(UTC)


class TestReading:
    def test_a_body_within_bounds_comes_whole(self):
        assert read_within([b"a", b"b"], 1, 2) == b"ab"

    def test_a_body_out_of_bounds_does_not(self):
        with pytest.raises(BadResponse, match="larger than"):
            read_within([b"abc"], 1, 2)

        def slowly():
            for _ in range(20):
                time.sleep(0.02)
                yield b"a"

        with pytest.raises(NoAnswer, match="took longer"):
            read_within(slowly(), 0.1)


def test_a_fingerprint_is_stable_and_tells_its_parts_apart():
    assert fingerprint("a", "b") == fingerprint("a", "b") != fingerprint("ab", "")
    assert "secret" not in fingerprint("secret")


def test_a_redirect_is_named_without_what_it_carries():
    assert host_of("https://login.acme.example/sso?token=x") == "https://login.acme.example"
    assert host_of("") == "nowhere"


def test_standard_reads_no_rate_limit_into_a_plain_503():
    assert isinstance(standard(Answer(503, {}, b"")), Unavailable)
