"""What there is to know of a site before its first poll: three requests."""

from datetime import UTC, datetime, timedelta
from typing import Literal

from connectors.base import AuthFailed, BadResponse, Discovery, Stream
from connectors.jira import fields, parse
from connectors.jira.client import Client, PageSize
from connectors.jira.scope import FROM_THE_START, Scope, millis
from connectors.jira.settings import Settings
from connectors.jira.site import Site

Deployment = Literal["cloud", "datacenter"]


def discover(settings: Settings, client: Client, scope: Scope) -> Discovery:
    """The one stream, with what its pulls need to know.

    :raises BadResponse: a configured field is not there, or the site reads times in its own way
    """
    site, now = learn(settings, client)
    projects = _verified(client, scope, site, now)
    meta = site.to_meta() | {"projects": projects}
    return Discovery((Stream("site", scope.name, meta),), scope.problems())


def learn(settings: Settings, client: Client) -> tuple[Site, datetime]:
    """The site and its clock: two requests."""
    info, date = client.server_info()
    cloud = str(info.get("deploymentType")).lower() == "cloud"
    deployment: Deployment = settings.deployment or ("cloud" if cloud else "datacenter")
    base_url = str(info.get("baseUrl") or settings.root).rstrip("/")  # the API may be reached by another name
    definitions = client.fields()
    custom, more = fields.find(definitions, settings.fields), fields.more(definitions, settings.fields)
    return Site(deployment, base_url, **custom, more=more), date or datetime.now(UTC)


def _verified(client: Client, scope: Scope, site: Site, now: datetime) -> list[str]:
    """The readable parts of the scope, after making sure that the site reads times in JQL as they are
    meant: what it finds among the issues updated an hour from now says so itself. (Some do: imports
    and clocks that were wrong once leave such stamps, which harm nothing.) A site that reads times
    in the account's time zone would let polls miss hours of changes."""
    while True:
        parts = scope.readable()
        everything = scope.condition(dict.fromkeys(parts, FROM_THE_START))
        body = {"jql": f"{everything} AND updated >= {millis(now + _HOUR)}", "fields": ["updated"]}
        try:
            found = client.search(body, PageSize(_FEW, _FEW), cloud=site.cloud).issues
        except (AuthFailed, BadResponse) as error:
            if error.status not in (400, 403, 404) or not scope.ask_again(parts):
                raise
            continue
        for issue in found:
            at = parse.updated(issue)
            if at is None or at < now:
                raise BadResponse(
                    f"finds {issue.get('key') or issue.get('id')}, updated {at or 'at no time that it tells'}, among "
                    "the issues updated an hour from now: it does not read epoch milliseconds in JQL"
                )
        return list(parts)


_HOUR = timedelta(hours=1)
_FEW = 20
