"""What surrounds every answer of the API: problems in one shape, ETags, keys of requests, and HEAD as GET without a body."""

import hashlib
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response

from syncd.api import once, problems

ROOT = "/api/"


class Around:
    """Middleware. Pages pass through untouched."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path.startswith(ROOT):
            return self._get_response(request)
        asked, request.method = request.method, "GET" if request.method == "HEAD" else request.method
        response = self._get_response(request)
        if _is_page(request):
            request.method = asked
            return response
        if response.status_code >= 400:
            _as_problem(request, response)
        once.end(request, response, secret=bool(getattr(request, "secret", False)))
        if request.method == "GET" and response.status_code == 200:
            response = _conditional(request, response)
        request.method = asked
        return response


def etag(content: bytes) -> str:
    return f'"{hashlib.blake2b(content, digest_size=12).hexdigest()}"'


def _is_page(request: HttpRequest) -> bool:
    """The reference is a page among the API's addresses."""
    match = request.resolver_match
    return match is not None and "ninja" not in match.app_names


def _as_problem(request: HttpRequest, response: HttpResponse) -> None:
    """What Django, a middleware or ninja said in its own words, said in ours; its headers stay."""
    if response.headers.get("Content-Type", "").startswith(problems.MEDIA_TYPE):
        return
    response.content = problems.body(request, response.status_code)
    response.headers["Content-Type"] = problems.MEDIA_TYPE
    response.headers["Content-Length"] = str(len(response.content))
    if "GET" in (allowed := response.headers.get("Allow", "").split(", ")):
        response.headers["Allow"] = ", ".join(sorted({*allowed, "HEAD"}))


def _conditional(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """The answer with its ETag, or that nothing changed."""
    response.headers["ETag"] = etag(response.content)
    answer = get_conditional_response(request, etag=response.headers["ETag"], response=response)
    if answer is None or answer.status_code != 412:
        return answer or response
    return problems.answer(request, 412, "It is not as you expected.")
