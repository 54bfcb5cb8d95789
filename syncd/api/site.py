"""The API as a whole, and its place in the site map."""

from typing import Any

import orjson
from django.http import HttpRequest
from django.urls import URLPattern, URLResolver
from ninja import NinjaAPI
from ninja.operation import Operation
from ninja.parser import Parser
from ninja.renderers import BaseRenderer

from syncd import __version__
from syncd.api import describing, door, once, problems
from syncd.api.conditions import dumps
from syncd.api.routes import changes, flags, items, messages, partners, people, questions, relations, strategy, trackers
from syncd.api.routing import Routes

PREFIX = "api/v1/"


class Strict(Parser):
    """JSON as RFC 8259 has it: no NaN, no half characters, no nesting without end."""

    def parse_body(self, request: HttpRequest) -> Any:
        return orjson.loads(request.body)


class Json(BaseRenderer):
    media_type = "application/json"

    def render(self, _request: HttpRequest, data: Any, *, response_status: int) -> bytes:
        return b"" if response_status == 204 else dumps(data)


class Api(NinjaAPI):
    """Operations go by the names of their functions."""

    def get_openapi_operation_id(self, operation: Operation) -> str:
        return operation.view_func.__name__


api = Api(
    title="syncd",
    version=__version__,
    description="Everything that the pages can do, for programs.",
    openapi_url=None,
    docs_url=None,
    urls_namespace="api",
    auth=door.needing(None),
    renderer=Json(),
    parser=Strict(),
)
problems.handle(api)
api.add_exception_handler(once.Replayed, once.replayed)

about = Routes("About")


@about.look("/openapi.json", dict[str, Any], in_schema=False)
def openapi(request: HttpRequest) -> dict[str, Any]:  # noqa: ARG001  ninja gives it
    """This description."""
    return describing.describe(api, PREFIX)


for router in (
    flags.routes,
    questions.routes,
    items.routes,
    trackers.routes,
    strategy.routes,
    changes.routes,
    messages.routes,
    partners.routes,
    relations.routes,
    people.routes,
    about,
):
    api.add_router("", router)


def site() -> tuple[list[URLPattern | URLResolver], str, str]:
    """Its addresses, each once, by the name of its first operation; without the one that leads nowhere."""
    patterns, app, namespace = api.urls
    by_route = {str(each.pattern): each for each in reversed(patterns) if getattr(each, "name", "") != "api-root"}
    return list(reversed(by_route.values())), app, namespace
