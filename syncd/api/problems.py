"""Errors as ``application/problem+json`` (RFC 9457): the same shape whatever went wrong, and where."""

from collections.abc import Callable, Iterable, Mapping
from http import HTTPStatus
from typing import Any

import orjson
import structlog
from django.core.exceptions import BadRequest, PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.db import DatabaseError
from django.http import Http404, HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError

from syncd.review.verdicts import Overtaken, Refused
from syncd.sharing import deals, exactly

MEDIA_TYPE = "application/problem+json"
Handler = Callable[[HttpRequest, Any], HttpResponse]
log = structlog.get_logger(__name__)


class Problem(Exception):
    """Ends a request: the status, what to tell, and headers that go with it."""

    def __init__(self, status: int, detail: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(detail)
        self.status, self.detail, self.headers = status, detail, headers or {}


TOLD: Mapping[int, str] = {
    400: "The request cannot be understood.",
    401: "Send an API token: “Authorization: Bearer sy_…”.",
    403: "Your role, or the scope of your token, does not reach this.",
    404: "There is nothing of this name, or you may not know of it.",
    405: "This address does not answer that method; Allow names those that it does.",
    413: "The body is larger than 1 MB.",
    500: "Something went wrong here; it is in the log. What you asked for was not done, or was done as a whole.",
    503: "The store does not answer: try again in a moment.",
}
"""What is said where nobody said more."""


def answer(
    request: HttpRequest,
    status: int,
    detail: str = "",
    headers: Mapping[str, str] | None = None,
    errors: Iterable[Mapping[str, str]] = (),
) -> HttpResponse:
    return HttpResponse(body(request, status, detail, errors), MEDIA_TYPE, status, headers=dict(headers or {}))


def body(request: HttpRequest, status: int, detail: str = "", errors: Iterable[Mapping[str, str]] = ()) -> bytes:
    name = title(status)
    told = {"type": "about:blank", "title": name, "status": status, "detail": detail or TOLD.get(status, name)}
    return orjson.dumps(told | {"instance": request.path} | ({"errors": list(errors)} if errors else {}))


def title(status: int) -> str:
    return HTTPStatus(status).phrase


def handle(api: NinjaAPI) -> None:
    """What each exception is answered with; the nearest class counts."""
    plain: Mapping[type[Exception], int] = {
        BadRequest: 400,
        SuspiciousOperation: 400,
        RequestDataTooBig: 413,
        Overtaken: 409,
        Refused: 422,
        exactly.Overtaken: 409,
        deals.Refused: 422,
    }
    for kind, status in plain.items():
        api.add_exception_handler(kind, _with(status, own_words=True))
    for kind, status in {PermissionDenied: 403, Http404: 404}.items():
        api.add_exception_handler(kind, _with(status))
    api.add_exception_handler(AuthenticationError, _unnamed)
    api.add_exception_handler(HttpError, _http)
    api.add_exception_handler(Problem, _told)
    api.add_exception_handler(ValidationError, _invalid)
    api.add_exception_handler(DatabaseError, _no_store)
    api.add_exception_handler(Exception, _unexpected)


def _with(status: int, *, own_words: bool = False) -> Handler:
    """:param own_words: whether the exception's message is for whoever asked"""
    return lambda request, error: answer(request, status, _sentence(error) if own_words else "")


def _unnamed(request: HttpRequest, _error: Any) -> HttpResponse:
    return answer(request, 401, headers={"WWW-Authenticate": "Bearer"})


def _http(request: HttpRequest, error: Any) -> HttpResponse:
    """What ninja refuses by itself."""
    return answer(request, error.status_code)


def _told(request: HttpRequest, error: Any) -> HttpResponse:
    return answer(request, error.status, error.detail, error.headers)


def _sentence(error: object) -> str:
    text = str(error)
    return f"{text[:1].upper()}{text[1:]}" if text else ""


def _invalid(request: HttpRequest, error: Any) -> HttpResponse:
    """Each mistake with its place: ``body.until``, ``query.limit``."""
    errors = [
        {"where": _place(each["loc"]), "what": each["msg"].removeprefix("Value error, ")} for each in error.errors
    ]
    told = "; ".join(f"{each['where']}: {each['what']}" for each in errors[:3])
    return answer(request, 422, told, errors=errors)


def _place(path: Iterable[str | int]) -> str:
    source, *steps = map(str, path)
    # ninja names the argument of the view as well, in an address only of lists: it is no part of what was sent
    inner = source == "body" or (source == "query" and len(steps) > 2)
    return ".".join([source, *(steps[1:] if inner else steps)])


def _no_store(request: HttpRequest, error: Any) -> HttpResponse:
    log.error("api_no_store", path=request.path, reason=" ".join(str(error).split()))
    return answer(request, 503, headers={"Retry-After": "10"})


def _unexpected(request: HttpRequest, error: Any) -> HttpResponse:
    log.error("api_failed", path=request.path, method=request.method, exc_info=error)
    return answer(request, 500)
