"""The partner side's own entrance: everything below ``/p/`` is answered here, by middleware, addresses and templates
of its own. It stands before all other middleware, so that no session, person or page of ours is ever looked at.
"""

import re
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.handlers.base import BaseHandler
from django.core.handlers.exception import convert_exception_to_response
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.urls import set_urlconf
from django.utils.module_loading import import_string

from syncd.partners.databases import partner_side

PREFIX = "/p/"
URLS = "syncd.partners.urls"
_SECRET = re.compile(r"^(/p/(?:enter|with|feed|quiet)/)[^/]+")
"""Addresses that open something by themselves."""


class PartnerSide:
    """Answers for partners; what is not theirs goes on to the rest, or, in a process that serves partners alone,
    to nothing."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response
        self._handler = Handler()
        self._handler.load_middleware()

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.path_info == PREFIX.rstrip("/"):
            return HttpResponseRedirect(PREFIX)
        if not request.path_info.startswith(PREFIX):
            return self._get_response(request)
        request.urlconf = URLS
        request.path = _SECRET.sub(r"\1***", request.path)  # this is what is logged; views are found by path_info
        with partner_side():
            try:
                return self._handler.get_response(request)
            finally:
                set_urlconf(settings.ROOT_URLCONF)


class Handler(BaseHandler):
    """Django's request handling with the middleware in ``PARTNER_MIDDLEWARE`` and no other."""

    def load_middleware(self, is_async: bool = False) -> None:  # noqa: ARG002 - Django's signature
        self._view_middleware: list[Any] = []
        self._template_response_middleware: list[Any] = []
        self._exception_middleware: list[Any] = []
        handler: Any = convert_exception_to_response(self._get_response)  # type: ignore[attr-defined]  # Django's, of which the types do not know
        for path in reversed(settings.PARTNER_MIDDLEWARE):
            made = import_string(path)(handler)
            if hasattr(made, "process_view"):
                self._view_middleware.insert(0, self.adapt_method_mode(False, made.process_view))
            handler = convert_exception_to_response(made)
        self._middleware_chain = handler

    def get_response(self, request: HttpRequest) -> HttpResponseBase:
        set_urlconf(URLS)
        response: HttpResponseBase = self._middleware_chain(request)
        return response
