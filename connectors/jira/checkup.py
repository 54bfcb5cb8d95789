"""``syncd check`` for a Jira: one question after the other, none of them writes."""

from collections.abc import Iterator
from datetime import UTC, datetime

from connectors import reading
from connectors.base import ConnectorError, Finding
from connectors.calls import Answer
from connectors.jira import discovery, parse
from connectors.jira.client import Client, PageSize
from connectors.jira.query import ORDER
from connectors.jira.scope import FROM_THE_START, Scope
from connectors.jira.settings import Settings
from connectors.jira.site import Site

SKEW = 120.0
"""Seconds that the clocks may differ; times are always the server's, so this is a hint only."""
RIGHTS = ("EDIT_ISSUES", "ADD_COMMENTS")


def check(settings: Settings, client: Client, scope: Scope) -> Iterator[Finding]:
    """Ends early where the rest cannot be told."""
    try:
        account = client.myself()
        yield Finding("sign-in", True, f"signed in as {_who(account)}")
        yield _limit(account)
        yield _clock(account.date)
        site, _ = discovery.learn(settings, client)
    except ConnectorError as error:
        yield Finding("connection", False, str(error), error)
        return
    yield Finding("site", True, f"{'Cloud' if site.cloud else 'Data Center'} at {site.base_url}")
    yield from _fields(site)
    yield from _projects(client, scope)
    yield _sample(settings, client, scope, site)
    yield from _writing(client, scope)


def _who(account: Answer) -> str:
    user = account.json()
    return str(user.get("displayName") or user.get("name") or user.get("accountId"))


def _limit(answer: Answer) -> Finding:
    left, limit = (answer.headers.get(f"x-ratelimit-{part}") for part in ("remaining", "limit"))
    if left is None:
        return Finding("rate limit", None, "the site does not tell")
    return Finding("rate limit", left != "0", f"{left} of {limit or 'an unknown number'} left")


def _clock(theirs: datetime | None) -> Finding:
    if theirs is None:
        return Finding("clock", None, "the site does not tell its time")
    skew = (datetime.now(UTC) - theirs).total_seconds()
    return Finding("clock", abs(skew) < SKEW, f"{abs(skew):.0f} s {'ahead of' if skew > 0 else 'behind'} the site's")


def _fields(site: Site) -> Iterator[Finding]:
    for part, ids in (("goal", site.goal), ("epic link", site.epic), ("sprint", site.sprint), ("points", site.points)):
        yield Finding(f"field {part}", True if ids else None, ", ".join(ids) or "none found")


def _projects(client: Client, scope: Scope) -> Iterator[Finding]:
    for key in scope.projects:
        try:
            project = client.project(key)
            yield Finding(f"project {key}", True, str(project.get("name")))
        except ConnectorError as error:
            yield Finding(f"project {key}", False, str(error), error)


def _sample(settings: Settings, client: Client, scope: Scope, site: Site) -> Finding:
    jql = scope.condition(dict.fromkeys(scope.parts, FROM_THE_START)) + ORDER
    try:
        hits = client.search({"jql": jql, "fields": site.fields}, PageSize(1, 1), cloud=site.cloud)
        items, problems = reading.each(
            hits.issues[:1], lambda issue: parse.item(issue, settings.name, site), scope.name
        )
    except ConnectorError as error:
        return Finding("sample", False, str(error), error)
    if problems:
        return Finding("sample", False, problems[0].error.what)
    if not items:
        return Finding("sample", None, "there is no issue in scope yet")
    return Finding("sample", True, f"{items[0].key} {items[0].type}: {items[0].title}")


def _writing(client: Client, scope: Scope) -> Iterator[Finding]:
    """Rights are a question, not an attempt. Their absence is no failure: reading goes on without."""
    for key in scope.projects or (None,):
        where = f"writing in {key}" if key else "writing"
        try:
            rights = client.permissions(key, RIGHTS)
        except ConnectorError as error:
            yield Finding(where, None, str(error))
            continue
        missing = [name for name, has in rights.items() if not has]
        yield Finding(
            where, None if missing else True, f"needs {', '.join(missing)}" if missing else "would be allowed"
        )
