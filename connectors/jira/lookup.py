"""Issues by id: straight from the database, past the search index."""

from collections.abc import Iterator, Sequence

from connectors import reading
from connectors.base import AuthFailed, BadResponse, Fate, Found, Known
from connectors.item import Item
from connectors.jira import parse
from connectors.jira.client import Client, Json, PageSize
from connectors.jira.scope import FROM_THE_START, Scope
from connectors.jira.site import Site

AT_ONCE = 100
"""Limit of ``issue/bulkfetch``."""
RECONCILED_AT_ONCE = 50


def look_up(client: Client, scope: Scope, site: Site, tracker: str, known: Sequence[Known]) -> Found:
    """Jira does not tell a deleted issue from a hidden one: both are ``forbidden``, unless it says 410.
    Where the whole project is hidden, nothing is known of its issues, and nothing is said."""
    items: list[Item] = []
    fates: dict[str, Fate] = {}
    for ids in _batches([each.native_id for each in known], AT_ONCE):
        issues, missing = (_bulk if site.cloud else _searched)(client, site, ids)
        fates |= missing
        read, _ = reading.each(issues, lambda issue: parse.item(issue, tracker, site), scope.name)
        inside = _inside(client, scope, site, read)
        items += [item for item in read if item.native_id in inside]
        fates |= {item.native_id: "moved" for item in read if item.native_id not in inside}
    for native_id in _behind_closed_doors(client, [one for one in known if fates.get(one.native_id) == "forbidden"]):
        del fates[native_id]
    return Found(items, fates)


def _behind_closed_doors(client: Client, missing: Sequence[Known]) -> list[str]:
    """Those whose project cannot be read as a whole; it may have another key than it is configured by."""
    closed = set()
    for key in {one.container for one in missing if one.container}:
        try:
            client.project(key)
        except AuthFailed as error:
            if error.status == 401:
                raise
            closed.add(key)
    return [one.native_id for one in missing if one.container in closed]


def _bulk(client: Client, site: Site, ids: Sequence[str]) -> tuple[list[Json], dict[str, Fate]]:
    """Cloud. What is neither among the issues nor among the errors is not there for us; an error may
    be Jira's own difficulty of the moment, so that issue is asked for by itself."""
    answer = client.bulk_fetch(ids, site.fields)
    issues: list[Json] = answer.get("issues") or []
    failed = {str(error.get("id")) for error in answer.get("issueErrors") or ()}
    absent = set(ids) - {str(issue.get("id")) for issue in issues}
    singly, fates = _one_by_one(client, site, [native_id for native_id in ids if native_id in absent & failed])
    fates |= dict.fromkeys(absent - failed, "forbidden")
    return issues + singly, fates


def _searched(client: Client, site: Site, ids: Sequence[str]) -> tuple[list[Json], dict[str, Fate]]:
    """Data Center has no bulk read. Its search refuses a list with an id that is not there (400); what
    the search does not give is asked for by itself."""
    body = {"jql": f"id in ({', '.join(ids)})", "fields": site.fields}
    try:
        issues = client.search(body, PageSize(len(ids), len(ids)), cloud=False).issues
    except BadResponse as error:
        if error.status != 400:
            raise
        issues = []
    found = {str(issue.get("id")) for issue in issues}
    singly, fates = _one_by_one(client, site, [native_id for native_id in ids if native_id not in found])
    return issues + singly, fates


def _one_by_one(client: Client, site: Site, ids: Sequence[str]) -> tuple[list[Json], dict[str, Fate]]:
    """From the database itself, a request each."""
    issues: list[Json] = []
    fates: dict[str, Fate] = {}
    for native_id in ids:
        try:
            issues.append(client.issue(native_id, site.fields, cloud=site.cloud))
        except AuthFailed as error:
            if error.status == 401:
                raise
            fates[native_id] = "gone" if error.status == 410 else "forbidden"
    return issues, fates


def _inside(client: Client, scope: Scope, site: Site, items: Sequence[Item]) -> set[str]:
    """Ids of the items in scope: by their project where that is enough, else the scope's JQL decides
    (a project may also go by an older key)."""
    inside = {item.native_id for item in items if item.container in scope.projects}
    if elsewhere := [item.native_id for item in items if item.native_id not in inside]:
        scope.ask_again([problem.where for problem in scope.problems()])  # what we could read may be in one of them
        everything = scope.condition(dict.fromkeys(scope.readable(), FROM_THE_START))
        for ids in _batches(elsewhere, RECONCILED_AT_ONCE):
            inside |= _matching(client, site, everything, ids)
    return inside


def _matching(client: Client, site: Site, condition: str, ids: Sequence[str]) -> set[str]:
    """Those of a few ids that meet a condition. Jira may give fewer at once than are asked for.

    :raises BadResponse: it promises more, and gives nothing
    """
    found: set[str] = set()
    while left := [native_id for native_id in ids if native_id not in found]:
        body: Json = {"jql": f"{condition} AND id in ({', '.join(left)})", "fields": ["id"]}
        if site.cloud:
            body["reconcileIssues"] = [int(native_id) for native_id in left]
        hits = client.search(body, PageSize(len(left), len(left)), cloud=site.cloud)
        found |= {str(issue.get("id")) for issue in hits.issues}
        if hits.token is None and (hits.total or 0) <= len(hits.issues):
            break
        if not hits.issues:
            raise BadResponse("a search for a few issues promises more and gives nothing")
    return found


def _batches(ids: Sequence[str], size: int) -> Iterator[Sequence[str]]:
    return (ids[start : start + size] for start in range(0, len(ids), size))
