"""GitHub's JSON: the bodies of its REST answers, as the published OpenAPI description has them.

Users and labels repeat in every row, so their encoded form is kept.
"""

from datetime import datetime
from typing import Any

import orjson

from syncd.sandbox.github.model import Comment, Issue, IssueField, IssueType, Label, Milestone, Repository, User

WEB = "https://github.com"


def stamp(moment: datetime) -> str:
    return f"{moment.isoformat()[:19]}Z"


def maybe(moment: datetime | None) -> str | None:
    return stamp(moment) if moment else None


class Rows:
    """Builds bodies whose URLs lie below ``root``."""

    def __init__(self, root: str) -> None:
        self.root = root
        self._users: dict[int, orjson.Fragment] = {}
        self._labels: dict[tuple[str, int], orjson.Fragment] = {}

    def user(self, user: User | None) -> orjson.Fragment | None:
        if user is None:
            return None
        if user.id not in self._users:
            self._users[user.id] = orjson.Fragment(orjson.dumps(self._user(user)))
        return self._users[user.id]

    def _user(self, user: User) -> dict[str, Any]:
        url = f"{self.root}/users/{user.login}"
        return {
            "login": user.login,
            "id": user.id,
            "node_id": f"U_kgDOsandbox{user.id:x}",
            "avatar_url": f"https://avatars.githubusercontent.com/u/{user.id}?v=4",
            "gravatar_id": "",
            "url": url,
            "html_url": f"{WEB}/{user.login}",
            "followers_url": f"{url}/followers",
            "following_url": f"{url}/following{{/other_user}}",
            "gists_url": f"{url}/gists{{/gist_id}}",
            "starred_url": f"{url}/starred{{/owner}}{{/repo}}",
            "subscriptions_url": f"{url}/subscriptions",
            "organizations_url": f"{url}/orgs",
            "repos_url": f"{url}/repos",
            "events_url": f"{url}/events{{/privacy}}",
            "received_events_url": f"{url}/received_events",
            "type": user.kind,
            "user_view_type": "public",
            "site_admin": False,
        }

    def account(self, user: User) -> dict[str, Any]:
        """The longer form, for ``GET /user``."""
        return self._user(user) | {
            "name": user.name,
            "company": None,
            "blog": "",
            "location": None,
            "email": None,
            "hireable": None,
            "bio": None,
            "twitter_username": None,
            "public_repos": 0,
            "public_gists": 0,
            "followers": 0,
            "following": 0,
            "created_at": stamp(user.created),
            "updated_at": stamp(user.created),
        }

    def label(self, repository: Repository, label: Label) -> orjson.Fragment:
        key = (repository.full_name, label.id)
        if key not in self._labels:
            row = {
                "id": label.id,
                "node_id": f"LA_kwDOsandbox{label.id:x}",
                "url": f"{self.repository_url(repository)}/labels/{label.name}",
                "name": label.name,
                "color": label.color,
                "default": False,
                "description": label.description,
            }
            self._labels[key] = orjson.Fragment(orjson.dumps(row))
        return self._labels[key]

    def repository_url(self, repository: Repository) -> str:
        return f"{self.root}/repos/{repository.full_name}"

    def milestone(self, repository: Repository, milestone: Milestone | None) -> dict[str, Any] | None:
        if milestone is None:
            return None
        url = f"{self.repository_url(repository)}/milestones/{milestone.number}"
        return {
            "url": url,
            "html_url": f"{WEB}/{repository.full_name}/milestone/{milestone.number}",
            "labels_url": f"{url}/labels",
            "id": milestone.id,
            "node_id": f"MI_kwDOsandbox{milestone.id:x}",
            "number": milestone.number,
            "title": milestone.title,
            "description": None,
            "creator": self.user(repository.owner),
            "open_issues": milestone.open_issues,
            "closed_issues": milestone.closed_issues,
            "state": "open",
            "created_at": stamp(milestone.created),
            "updated_at": stamp(milestone.created),
            "due_on": f"{milestone.due}T00:00:00Z" if milestone.due else None,
            "closed_at": None,
        }

    def issue(self, issue: Issue) -> dict[str, Any]:
        """An issue or pull request as the issue endpoints give it."""
        base = self.repository_url(issue.repository)
        url = f"{base}/issues/{issue.number}"
        assignees = [self.user(user) for user in issue.assignees]
        row = {
            "url": url,
            "repository_url": base,
            "labels_url": f"{url}/labels{{/name}}",
            "comments_url": f"{url}/comments",
            "events_url": f"{url}/events",
            "html_url": html_url(issue),
            "id": issue.id,
            "node_id": issue.node_id,
            "number": issue.number,
            "title": issue.title,
            "user": self.user(issue.user),
            "labels": [self.label(issue.repository, label) for label in issue.labels],
            "state": issue.state,
            "locked": False,
            "assignee": assignees[0] if assignees else None,
            "assignees": assignees,
            "milestone": self.milestone(issue.repository, issue.milestone),
            "comments": len(issue.comments),
            "created_at": stamp(issue.created),
            "updated_at": stamp(issue.updated),
            "closed_at": maybe(issue.closed),
            "author_association": "MEMBER" if issue.user else "NONE",
            "type": issue_type(issue.type, issue.repository),
            "active_lock_reason": None,
        }
        row |= self._pull_part(issue, base) if issue.pull else self._issue_part(issue)
        return row | {
            "body": issue.body,
            "closed_by": self.user(issue.closed_by),
            "reactions": reactions(url),
            "timeline_url": f"{url}/timeline",
            "performed_via_github_app": None,
            "state_reason": issue.state_reason,
        }

    def _pull_part(self, issue: Issue, base: str) -> dict[str, Any]:
        pull = issue.pull
        if pull is None:
            return {}
        html = html_url(issue)
        return {
            "draft": pull.draft,
            "pull_request": {
                "url": f"{base}/pulls/{issue.number}",
                "html_url": html,
                "diff_url": f"{html}.diff",
                "patch_url": f"{html}.patch",
                "merged_at": maybe(pull.merged),
            },
        }

    def _issue_part(self, issue: Issue) -> dict[str, Any]:
        done = sum(child.closed is not None for child in issue.children)
        total = len(issue.children)
        part: dict[str, Any] = {
            "sub_issues_summary": {
                "total": total,
                "completed": done,
                "percent_completed": done * 100 // total if total else 0,
            },
            "issue_dependencies_summary": {
                "blocked_by": 0,
                "total_blocked_by": 0,
                "blocking": 0,
                "total_blocking": 0,
            },
            "issue_field_values": [field_value(field, value) for field, value in issue.fields.items()],
        }
        if issue.parent:
            parent = issue.parent
            part["parent_issue_url"] = f"{self.repository_url(parent.repository)}/issues/{parent.number}"
        return part

    def comment(self, issue: Issue, comment: Comment) -> dict[str, Any]:
        base = self.repository_url(issue.repository)
        url = f"{base}/issues/comments/{comment.id}"
        return {
            "url": url,
            "html_url": f"{html_url(issue)}#issuecomment-{comment.id}",
            "issue_url": f"{base}/issues/{issue.number}",
            "id": comment.id,
            "node_id": f"IC_kwDOsandbox{comment.id:x}",
            "user": self.user(comment.user),
            "created_at": stamp(comment.created),
            "updated_at": stamp(comment.updated),
            "body": comment.body,
            "author_association": "MEMBER" if comment.user else "NONE",
            "reactions": reactions(url),
            "performed_via_github_app": None,
        }


def html_url(issue: Issue) -> str:
    return f"{WEB}/{issue.repository.full_name}/{'pull' if issue.pull else 'issues'}/{issue.number}"


def reactions(url: str) -> dict[str, Any]:
    counts = dict.fromkeys(("+1", "-1", "laugh", "hooray", "confused", "heart", "rocket", "eyes"), 0)
    return {"url": f"{url}/reactions", "total_count": 0, **counts}


def issue_type(kind: IssueType | None, repository: Repository) -> dict[str, Any] | None:
    if kind is None:
        return None
    return {
        "id": kind.id,
        "node_id": f"IT_kwDOsandbox{kind.id:x}",
        "name": kind.name,
        "description": kind.description,
        "color": kind.color,
        "created_at": stamp(repository.owner.created),
        "updated_at": stamp(repository.owner.created),
        "is_enabled": True,
    }


def field_value(field: IssueField, value: str | float) -> dict[str, Any]:
    """One entry of ``issue_field_values``."""
    row: dict[str, Any] = {
        "issue_field_id": field.id,
        "issue_field_name": field.name,
        "node_id": f"IFV_kwDOsandbox{field.id:x}",
        "data_type": field.data_type,
        "value": value,
    }
    if field.data_type == "single_select":
        row["single_select_option"] = {"id": field.options[str(value)], "name": value, "color": "GRAY"}
    return row
