"""What is answered where there is no page to show. Each answer is the same, byte for byte, for everybody: whether an id is
another partner's, is hidden or was never one cannot be told from it."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from syncd.partners.answers import show


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001  Django's signature
    return _page(
        request, 400, "This cannot be asked for", "The address or the form holds something that makes no sense."
    )


def forged(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001
    says = "The form is too old, or it was not sent from this site. Nothing was changed: open the page again."
    return _page(request, 403, "This form is not taken", says)


def missing(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001
    says = "The address may be mistyped, or what it led to is no longer shared."
    return _page(request, 404, "There is no such page", says)


def closed_link(request: HttpRequest) -> HttpResponse:
    """Of a link that is wrong, used, out of date, taken back or somebody else's."""
    says = "It was used already, is too old, or was taken back. Ask for a new one below, or ask whoever gave it to you."
    return _page(request, 404, "This link does not open anything", says)


def not_let_in(request: HttpRequest) -> HttpResponse:
    """Of whatever an identity provider says that is not enough."""
    says = "The sign-in was broken off, or your address is not among those agreed. Try again, or ask your contact."
    return _page(request, 403, "Not let in", says)


def wrong_method(request: HttpRequest) -> HttpResponse:
    return _page(request, 405, "This page cannot do that", "It was asked for in a way that it does not answer.")


def too_many(request: HttpRequest) -> HttpResponse:
    """Somebody guesses, or seems to."""
    answer = _page(request, 429, "Too many tries", "Wait a quarter of an hour, then try again.")
    answer.headers["Retry-After"] = "900"
    return answer


def broken(request: HttpRequest) -> HttpResponse:
    return _page(request, 500, "Something went wrong", "It is our fault, and it was noted. Nothing was half done.")


def away(request: HttpRequest) -> HttpResponse:
    answer = _page(request, 503, "Not available just now", "Try again in a minute.")
    answer.headers["Retry-After"] = "60"
    return answer


def again(request: HttpRequest) -> HttpResponse:
    """Has the browser ask once more, from here: what it holds for this site it does not send along from another one."""
    answer = show(request, "again.html", {})
    answer.headers["Refresh"] = "0"
    return answer


class Plain:
    """Gives the answers that come without a page one."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self._get_response(request)
        if response.status_code == 405 and not response.content:
            page = wrong_method(request)
            page.headers["Allow"] = response.headers["Allow"]
            return page
        return response


def _page(request: HttpRequest, status: int, title: str, says: str) -> HttpResponse:
    return show(request, "fault.html", {"title": title, "says": says}, status)
