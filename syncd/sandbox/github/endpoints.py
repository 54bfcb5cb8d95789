"""The REST endpoints below a repository: issues, labels, comments, pull requests, sub-issues.

Each takes the request and the repository; the repository is already found and readable.
"""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from syncd.sandbox.base import Request, Response
from syncd.sandbox.github import bodies, listing
from syncd.sandbox.github.access import denied
from syncd.sandbox.github.edits import Edits
from syncd.sandbox.github.hub import Hub
from syncd.sandbox.github.listing import Selection, invalid
from syncd.sandbox.github.model import Comment, Issue, Repository, User
from syncd.sandbox.github.paging import Page, by_cursor, by_number
from syncd.sandbox.github.rows import Rows, stamp
from syncd.sandbox.github.writing import Writing

T = TypeVar("T")
_KEPT = 32


def not_found() -> Exception:
    return denied(404, "Not Found")


def page_response(page: Page[Any], rows: Sequence[Any]) -> Response:
    return Response(200, rows, {"Link": page.link} if page.link else {})


class RepositoryEndpoints:
    """``page_limit``: how many issues page numbers reach in a list; None for no limit."""

    def __init__(self, hub: Hub, edits: Edits) -> None:
        self._edits = edits
        self._writing = Writing(hub, edits)
        self._kept: dict[tuple[Any, ...], tuple[int, Selection]] = {}
        self.page_limit: int | None = None

    def answer(self, request: Request, rows: Rows, repo: Repository, rest: list[str], by: User) -> Response:
        """:raises Refused: as GitHub does"""
        match [request.method, *rest]:
            case ["GET"]:
                return Response(200, bodies.full_repository(rows, repo))
            case ["GET", "issues"]:
                return self._list(request, rows, repo, listing.issues, rows.issue, "issues")
            case ["GET", "pulls"]:
                return self._list(request, rows, repo, listing.pulls, lambda issue: bodies.pull(rows, issue), "pulls")
            case ["GET", "pulls", number]:
                issue = self._issue(request, rows, repo, number)
                if issue.pull is None:
                    raise not_found()
                return Response(200, bodies.full_pull(rows, issue))
            case ["POST", "issues"]:
                issue = self._writing.create(repo, request, by)
                return Response(201, rows.issue(issue), {"Location": rows.issue(issue)["url"]})
            case [_, "issues", "comments", *which]:
                return self._comments(request, rows, repo, which, by)
            case [_, "issues", number, *below]:
                return self._one(request, rows, self._issue(request, rows, repo, number), below, by)
            case [_, "labels", *_]:
                return self._labels_of_repository(request, rows, repo, rest[1:])
        raise not_found()

    def _list(
        self,
        request: Request,
        rows: Rows,
        repo: Repository,
        select: Callable[[Repository, dict[str, str]], Selection],
        form: Callable[[Issue], dict[str, Any]],
        name: str,
    ) -> Response:
        query = request.query
        asked = {key: query[key] for key in query.keys() - {"page", "per_page", "after", "before"}}
        kept_as = (repo.id, name, *sorted(asked.items()))
        version, selection = self._kept.get(kept_as, (-1, None))
        if selection is None or version != repo.version:
            selection = select(repo, asked)
            self._kept = dict(list(self._kept.items())[-_KEPT:])
            self._kept[kept_as] = (repo.version, selection)
        url = f"{rows.root}/repositories/{repo.id}/{name}"
        if self.page_limit is not None and (
            {"after", "before"} & query.keys() or len(selection.rows) > self.page_limit
        ):
            page = by_cursor(request, url, selection.rows, selection.key, limit=self.page_limit)
        else:
            page = by_number(request, url, selection.rows)
        return page_response(page, [form(issue) for issue in page.rows])

    def _issue(self, request: Request, rows: Rows, repo: Repository, number: str) -> Issue:
        """The issue of this number. Raises Refused: 404, 410 if deleted, 301 if transferred."""
        wanted = int(number) if number.isdecimal() else 0
        if wanted in repo.issues:
            return repo.issues[wanted]
        if wanted not in repo.gone:
            raise not_found()
        became = repo.gone[wanted]
        while became and became.number in became.repository.gone:
            became = became.repository.gone[became.number]
        if became is None:
            raise denied(410, "This issue was deleted")
        raise moved(request, f"{rows.root}/repositories/{became.repository.id}/issues/{became.number}")

    def _one(self, request: Request, rows: Rows, issue: Issue, below: list[str], by: User) -> Response:
        match [request.method, *below]:
            case ["GET"]:
                return Response(200, rows.issue(issue))
            case ["PATCH"]:
                self._writing.update(issue, request, by)
                return Response(200, rows.issue(issue))
            case ["GET", "comments"]:
                return self._comment_list(request, rows, issue.repository, [(issue, c) for c in issue.comments])
            case ["POST", "comments"]:
                comment = self._edits.comment(issue, self._writing.text(request, "IssueComment"), by)
                row = rows.comment(issue, comment)
                return Response(201, row, {"Location": row["url"]})
            case [_, "labels", *name]:
                return self._labels(request, rows, issue, name, by)
            case ["GET", "sub_issues"]:
                url = f"{rows.root}/repositories/{issue.repository.id}/issues/{issue.number}/sub_issues"
                page = by_number(request, url, issue.children)
                return page_response(page, [rows.issue(child) for child in page.rows])
            case ["POST", "sub_issues"]:
                self._writing.add_child(issue, request)
                return Response(201, rows.issue(issue))
            case ["DELETE", "sub_issue"]:
                self._writing.remove_child(issue, request)
                return Response(200, rows.issue(issue))
            case ["GET", "parent"] if issue.parent:
                return Response(200, rows.issue(issue.parent))
        raise not_found()

    def _labels(self, request: Request, rows: Rows, issue: Issue, name: list[str], by: User) -> Response:
        if request.method != "GET":
            self._writing.label(issue, request, name, by)
        elif name:
            raise not_found()
        labels = [rows.label(issue.repository, label) for label in issue.labels]
        return Response(204) if request.method == "DELETE" and not name else Response(200, labels)

    def _labels_of_repository(self, request: Request, rows: Rows, repo: Repository, name: list[str]) -> Response:
        match [request.method, *name]:
            case ["GET"]:
                page = by_number(request, f"{rows.root}/repositories/{repo.id}/labels", list(repo.labels.values()))
                return page_response(page, [rows.label(repo, label) for label in page.rows])
            case ["GET", one] if one.lower() in repo.labels:
                return Response(200, rows.label(repo, repo.labels[one.lower()]))
            case ["POST"]:
                return Response(201, rows.label(repo, self._writing.create_label(repo, request)))
        raise not_found()

    def _comments(self, request: Request, rows: Rows, repo: Repository, which: list[str], by: User) -> Response:
        if not which and request.method == "GET":
            return self._comment_list(request, rows, repo, list(repo.comments.values()))
        if len(which) != 1 or not which[0].isdecimal() or int(which[0]) not in repo.comments:
            raise not_found()
        issue, comment = repo.comments[int(which[0])]
        match request.method:
            case "GET":
                return Response(200, rows.comment(issue, comment))
            case "PATCH":
                self._edits.edit_comment(issue, comment, self._writing.text(request, "IssueComment"), by)
                return Response(200, rows.comment(issue, comment))
            case "DELETE":
                self._edits.delete_comment(issue, comment, by)
                return Response(204)
        raise not_found()

    def _comment_list(
        self, request: Request, rows: Rows, repo: Repository, found: list[tuple[Issue, Comment]]
    ) -> Response:
        query = request.query
        if since := query.get("since"):
            found = [pair for pair in found if stamp(pair[1].updated) >= since]
        if query.get("sort") in ("created", "updated"):
            found.sort(key=lambda pair: getattr(pair[1], query["sort"]), reverse=query.get("direction") != "asc")
        elif query.get("sort"):
            raise invalid("IssueComment", "sort")
        page = by_number(request, f"{rows.root}/repositories/{repo.id}{_below(request.path)}", found)
        return page_response(page, [rows.comment(issue, comment) for issue, comment in page.rows])


def moved(request: Request, to: str) -> Exception:
    """A permanent redirect, with the query as it was; what is not a read keeps its method with 307."""
    location = f"{to}?{request.query_string}" if request.query_string else to
    refused = denied(301 if request.method in ("GET", "HEAD") else 307, "Moved Permanently")
    refused.response.body["url"] = location
    refused.response.headers["Location"] = location
    return refused


def _below(path: str) -> str:
    """The path below the repository, however that is addressed."""
    parts = path.strip("/").split("/")
    return "/" + "/".join(parts[2 if parts[0] == "repositories" else 3 :])
