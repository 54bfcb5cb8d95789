"""One HTTP answer: what it says, what it means, and how much of it is read."""

import hashlib
import json
import math
import re
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

import orjson

from connectors.base import LONGEST_WAIT, AuthFailed, BadResponse, ConnectorError, RateLimited, Unavailable
from connectors.redaction import redact_text

CONNECT_TIMEOUT = 5.0
READ_TIMEOUT = 30.0
LONGEST_READ = 60.0
"""Seconds for a whole body, however steadily it comes."""
MAX_BODY = 50 * 1024 * 1024
"""Bytes of a decoded answer; the largest page seen in practice is under 6 MB."""
_NUL = re.compile(rb"(?<!\\)((?:\\\\)*)\\u0000")
"""In JSON, where a backslash before it may itself stand behind one."""


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

    @property
    def as_of(self) -> datetime:
        """A moment, in UTC, that whatever changes at the server after this answer does not lie before: by its clock,
        or by ours where that is behind. A clock that runs ahead must not let what happens meanwhile be passed over."""
        here = datetime.now(UTC)
        return min(self.date or here, here)

    def json(self, shape: type[dict[str, Any]] | type[list[Any]] = dict) -> Any:
        """The parsed body.

        :raises BadResponse: not JSON (HTML with 200, cut in the middle), or another shape
        """
        try:
            value = _loads(self.body)
        except (ValueError, RecursionError):
            hint = " (a sign-in or proxy page? check the url)" if "html" in self.said() else ""
            raise BadResponse(
                f"{self.said()}, which is not JSON{hint}: {excerpt(self.body)}", status=self.status
            ) from None
        if not isinstance(value, shape):
            raise BadResponse(
                f"{self.said()}: a JSON {type(value).__name__} where a {shape.__name__} belongs", status=self.status
            )
        return value

    def said(self) -> str:
        """What came, for error messages."""
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
        return Unavailable(f"{answer.said()}, which ends in the middle", status=status) if _is_cut(answer) else None
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


def _is_cut(answer: Answer) -> bool:
    """Whether a JSON object or list has no end: a server or proxy that gave no length closed the connection early."""
    body = answer.body.strip()
    return (
        "json" in answer.headers.get("content-type", "") and body[:1] in (b"{", b"[") and body[-1:] not in (b"}", b"]")
    )


def _loads(body: bytes) -> Any:
    """Parsed JSON, fit to be stored. Half surrogate pairs, which JavaScript lets people store and orjson refuses, and
    NUL, which PostgreSQL has not in text, become U+FFFD; a number that is none or too large becomes null."""
    if b"\\u0000" in body:
        body = _NUL.sub(rb"\1\\ufffd", body)
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError:
        read = json.loads(body, parse_constant=lambda _: None, parse_float=_finite)
        lenient = json.dumps(read, ensure_ascii=False)
        return orjson.loads(lenient.encode("utf-16", "surrogatepass").decode("utf-16", "replace"))


def _finite(digits: str) -> float | None:
    return number if math.isfinite(number := float(digits)) else None


def retry_after(answer: Answer) -> float | None:
    """Seconds a tracker asks us to wait: ``Retry-After`` as seconds or as a date against the server's
    own clock, at most :data:`LONGEST_WAIT`. None where it does not say or says nonsense."""
    value = answer.headers.get("retry-after", "").strip()
    if re.fullmatch(r"[0-9]+(\.[0-9]+)?", value):
        return min(float(value), LONGEST_WAIT)
    if (until := _http_date(value)) is None:
        return None
    return min(max(0.0, (until - (answer.date or datetime.now(UTC))).total_seconds()), LONGEST_WAIT)


def read_within(chunks: Iterable[bytes], seconds: float = LONGEST_READ, limit: int = MAX_BODY) -> bytes:
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
