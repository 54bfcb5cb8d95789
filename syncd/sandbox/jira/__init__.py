"""A Jira site on loopback: Cloud or Data Center, driven by the real ``jira`` library."""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, tzinfo
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from syncd.sandbox.base import Event, Request, Response, Work
from syncd.sandbox.jira import issues, notes, search, site
from syncd.sandbox.jira.acts import Acts
from syncd.sandbox.jira.api import Call, admit, find
from syncd.sandbox.jira.fields import Deployment, Site
from syncd.sandbox.jira.limits import Burst
from syncd.sandbox.jira.model import Change, Issue
from syncd.sandbox.jira.planting import plant
from syncd.sandbox.jira.render import Renderer
from syncd.sandbox.jira.state import State
from syncd.sandbox.jira.truth import truth

ZONE = "Europe/Zurich"
ANONYMOUS = ("/serverInfo",)


class JiraService:
    """One site and the one account that reads it.

    :param zone: the account's time zone: JQL dates without a zone are read in it, times are given in it
    """

    def __init__(
        self,
        deployment: Deployment = "cloud",
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        seed: int = 0,
        zone: str = ZONE,
    ) -> None:
        self.deployment = deployment
        self.prefix = "jira" if deployment == "cloud" else "jira-dc"
        self.token = f"sandbox-{self.prefix}-{seed}"
        self.email = "planning.bot@acme.example"
        self.root = ""
        self.events: list[Event] = []
        self._state = State()
        self._state.tick(clock())
        self._site = Site(self._state, deployment, _zone(zone), "Planning Bot")
        self._state.person(self._site.me)
        self._burst = Burst()
        self._acts = Acts(self._state, self._burst)
        self._routes = (*site.ROUTES, *search.routes(), *issues.ROUTES, *notes.ROUTES)
        self._renderers: dict[str, Renderer] = {}

    @property
    def ACTS(self) -> tuple[str, ...]:  # noqa: N802 - named by the protocol
        """What :meth:`act` knows."""
        return tuple(self._acts.by_name)

    def handle(self, request: Request) -> Response:
        """Answer a request below ``/rest/api``."""
        if request.path.startswith("/browse/"):
            return Response(200, b"<!doctype html><title>Jira</title>", {"Content-Type": "text/html"})
        route, version, parts = find(self._routes, self._site, request.method, request.path)
        if route.path not in ANONYMOUS:
            admit(request, self._site.deployment, self.email, self.token)
        endpoint = f"{request.method} {route.path}"
        self._burst.spend(endpoint, self._state.now)
        answer = route.handler(Call(request, self._site, self._renderer(version), parts))
        self._report()
        return self._burst.describe(endpoint, answer)

    def plant(self, works: Sequence[Work], addresses: Mapping[str, str]) -> dict[str, str]:
        """Create the works; tells the key of each."""
        return plant(self._state, works, addresses)

    def truth(self) -> list[dict[str, Any]]:
        """Every issue that the account may see."""
        return truth(self._state, self.root)

    def act(self, name: str, arguments: Mapping[str, Any]) -> Any:
        """See :class:`Acts`."""
        result = self._acts.by_name[name](**arguments)
        self._report()
        return result

    def tick(self, now: datetime) -> None:
        """What was edited long enough ago becomes visible to searches."""
        self._state.tick(now)

    def _renderer(self, version: str) -> Renderer:
        if version not in self._renderers:
            self._renderers[version] = Renderer(self._site, self.root, version)
        return self._renderers[version]

    def _report(self) -> None:
        """Turn what happened into webhook events."""
        happened, self._state.happened = self._state.happened, []
        self.events += [self._event(*entry) for entry in happened]

    def _event(self, verb: str, issue: Issue, change: Change | None) -> Event:
        name = f"jira:issue_{verb}"
        render = self._renderer("2")
        payload: dict[str, Any] = {
            "timestamp": self._state.now_ms,
            "webhookEvent": name,
            "user": render.values.person(change.author if change else self._site.me),
            "issue": render.issue(issue, render.select((), default="*navigable")),
        }
        if change:
            payload["changelog"] = {"id": str(change.id), "items": render.change(change)["items"]}
        return Event(name, payload)


def _zone(name: str) -> tzinfo:
    """UTC on machines that carry no time zone database."""
    try:
        return ZoneInfo(name)
    except ZoneInfoNotFoundError:
        return UTC
