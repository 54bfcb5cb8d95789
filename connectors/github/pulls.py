"""What the issue lists do not say about pull requests: their branch, and which issues they close.

Asked in bulk by GraphQL. A server without it is asked for a sheet or two of its latest pull requests
instead, and what is not on them stays unknown. Nothing here stops a sync.

Source: docs.github.com/graphql/reference (Query.nodes, PullRequest).
"""

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import structlog

from connectors.base import AuthFailed, BadResponse, ConnectorError, RateLimited, Unavailable
from connectors.calls import Answer
from connectors.github.classify import reset
from connectors.github.client import Client
from connectors.github.lists import Row
from connectors.github.repository import Repository
from connectors.item import Item, Ref
from connectors.refs import in_branch, merge

log = structlog.get_logger(__name__)

MOST = 4000
"""Pull requests asked for at once at most. Fewer, where a server cannot answer that within its time."""
FEWEST = 100
IDS = 100
"""Ids that GitHub takes in one ``nodes``."""
ASKED_BY = ("node_id", "number")
"""What of a row tells which pull request it is."""
PATIENCE = 10.0
"""Seconds after which a failing query is not sent again: GitHub itself gives up on a query then."""

_FRAGMENT = (
    "fragment pull on PullRequest{headRefName closingIssuesReferences(first:10)"
    "{nodes{number repository{nameWithOwner}}}}"
)
_NO_GRAPHQL = (404, 405, 501)
_NOT_FOR_US = ("NOT_FOUND", "FORBIDDEN")


@dataclass(frozen=True, slots=True)
class Facts:
    """What is told about one pull request."""

    branch: str
    closes: tuple[str, ...] = ()
    """Addresses of the issues it closes."""


class PullFacts:
    """Facts by GraphQL. Remembers for the life of the process whether the server has it, and how
    much it can answer at once. Thread-safe."""

    def __init__(self, client: Client) -> None:
        self._client, self._lock = client, threading.Lock()
        self._size = MOST
        self.absent = False

    def of(self, node_ids: Sequence[str]) -> tuple[dict[str, Facts], ConnectorError | None]:
        """Facts by node id, as many as could be had, and what went wrong if anything did."""
        found: dict[str, Facts] = {}
        at = 0
        while at < len(node_ids) and not self.absent:
            size = self._size
            try:
                found |= self._ask(node_ids[at : at + size])
                at += size
            except Unavailable as error:
                self._shrink(size)
                if size <= FEWEST:
                    return found, error
            except ConnectorError as error:
                return found, error
        return found, None

    def _shrink(self, size: int) -> None:
        """Ask for less; a server that cannot even answer the fewest has another trouble than their number."""
        with self._lock:
            self._size = MOST if size <= FEWEST else min(self._size, max(size // 8, FEWEST))
        log.info("graphql_did_not_answer", asked_for=size, next=self._size)

    def _ask(self, node_ids: Sequence[str]) -> dict[str, Facts]:
        groups = {f"p{start}": node_ids[start : start + IDS] for start in range(0, len(node_ids), IDS)}
        body = self._query(groups)
        if body is None:
            self.absent = True
            log.info("graphql_absent", consequence="branches are known for the latest pull requests only")
            return {}
        found: dict[str, Facts] = {}
        for name, nodes in _data(body).items():
            ids = groups.get(name, ())
            if not isinstance(nodes, list) or len(nodes) != len(ids):
                raise BadResponse(f"GraphQL answered {len(ids)} ids with something else than as many nodes")
            found |= {node_id: facts for node_id, node in zip(ids, nodes, strict=True) if (facts := _facts(node))}
        return found

    def _query(self, groups: Mapping[str, Sequence[str]]) -> dict[str, Any] | None:
        """The body of the answer; None if the server has no GraphQL."""
        variables = ",".join(f"${name}:[ID!]!" for name in groups)
        fields = " ".join(f"{name}:nodes(ids:${name}){{...pull}}" for name in groups)
        query = f"query({variables}){{{fields}}} {_FRAGMENT}"
        answer = self._client.graphql(query, {**groups}, classify=self._classify, deadline=PATIENCE)
        if answer.status != 200 or "json" not in answer.headers.get("content-type", ""):
            return None
        body: dict[str, Any] = answer.json()
        return body if "data" in body or "errors" in body else None

    def _classify(self, answer: Answer) -> ConnectorError | None:
        """GraphQL has an hourly budget of its own: that it is used up must not close the lane for REST."""
        limit = answer.headers.get("x-ratelimit-resource"), answer.headers.get("x-ratelimit-remaining")
        if limit == ("graphql", "0") and answer.status in (403, 429):
            return AuthFailed(f"the GraphQL budget is used up for {reset(answer):.0f} s", status=answer.status)
        return self._client.unless(_NO_GRAPHQL)(answer)


def _data(body: Mapping[str, Any]) -> dict[str, Any]:
    """The data, also where some ids were not answered because they are gone or not for us.

    :raises RateLimited, Unavailable: there is nothing to be had now, or only a part of it
    """
    data = body.get("data")
    errors = [error for error in body.get("errors") or () if isinstance(error, dict)]
    kinds = {str(error.get("type", "")) for error in errors}
    if "RATE_LIMITED" in kinds:
        raise RateLimited("the GraphQL budget is used up", retry_after=60.0, status=200)
    if isinstance(data, dict) and kinds <= set(_NOT_FOR_US):
        return data
    said = "; ".join(str(error.get("message")) for error in errors[:3])
    raise Unavailable(f"GraphQL did not answer in full: {said or 'no data'}", status=200)


def _facts(node: Any) -> Facts | None:
    """None for an id that was not answered."""
    if not isinstance(node, dict) or not isinstance(node.get("headRefName"), str):
        return None
    issues = (node.get("closingIssuesReferences") or {}).get("nodes") or ()
    return Facts(node["headRefName"], tuple(address for issue in issues if (address := _address(issue))))


def _address(issue: Any) -> str:
    """Empty for an issue that the credential may not see."""
    try:
        return f"github:{issue['repository']['nameWithOwner']}#{issue['number']}".lower()
    except (KeyError, TypeError):
        return ""


class Enrichment:
    """Makes the pull requests of one pass whole.

    :param sheets: how many sheets of pull requests a server without GraphQL may be asked for in this pass
    """

    def __init__(self, facts: PullFacts, repository: Repository, sheets: int) -> None:
        self._facts, self._repository, self._sheets = facts, repository, sheets
        self._branches: dict[int, str] | None = None

    @property
    def in_bulk(self) -> bool:
        """Whether waiting for more pull requests saves requests."""
        return not self._facts.absent

    def complete(self, pulls: Sequence[tuple[Item, Row]]) -> tuple[list[Item], ConnectorError | None]:
        """The same items in the same order with what could be learned, and what went wrong if anything did."""
        found, error = self._facts.of([row["node_id"] for _, row in pulls if row.get("node_id")])
        if self._facts.absent:
            found, error = self._from_list(pulls)
        return [_with(item, found.get(row.get("node_id", ""))) for item, row in pulls], error

    def _from_list(self, pulls: Sequence[tuple[Item, Row]]) -> tuple[dict[str, Facts], ConnectorError | None]:
        error = None
        if self._branches is None:
            self._branches = {}
            try:
                self._read_list(self._branches)
            except ConnectorError as failed:
                error = failed
        branches = {row.get("node_id", ""): self._branches.get(row["number"]) for _, row in pulls}
        return {node_id: Facts(branch) for node_id, branch in branches.items() if branch}, error

    def _read_list(self, branches: dict[int, str]) -> None:
        for page in range(1, self._sheets + 1):
            sheet = self._repository.pulls(page)
            for row in sheet.rows:
                if branch := (row.get("head") or {}).get("ref"):
                    branches[row.get("number", 0)] = branch
            if not sheet.next:
                return


def _with(item: Item, facts: Facts | None) -> Item:
    if facts is None:
        return item
    closes = (Ref("closes", address, "closingIssuesReferences") for address in facts.closes)
    refs = merge((*item.refs, *closes, *in_branch(facts.branch)), own=item.address)
    return replace(item, branch=facts.branch, refs=refs)
