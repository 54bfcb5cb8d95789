"""The addresses of the API, and its reference for people."""

from django.urls import URLPattern, URLResolver, path

from syncd.api.reference import reference
from syncd.api.site import PREFIX, site

urlpatterns: list[URLPattern | URLResolver] = [
    path(f"{PREFIX}docs", reference, name="api_docs"),
    path(PREFIX, site()),
]
