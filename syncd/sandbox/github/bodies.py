"""Longer bodies of GitHub's REST answers: repositories and pull requests."""

from typing import Any

from syncd.sandbox.github.model import Issue, Repository, User
from syncd.sandbox.github.rows import WEB, Rows, html_url, maybe, stamp

_PLAIN = (
    "comments_url:/comments{/number}",
    "issue_comment_url:/issues/comments{/number}",
    "issue_events_url:/issues/events{/number}",
    "issues_url:/issues{/number}",
    "pulls_url:/pulls{/number}",
    "milestones_url:/milestones{/number}",
    "labels_url:/labels{/name}",
    "assignees_url:/assignees{/user}",
    "archive_url:/{archive_format}{/ref}",
    "blobs_url:/git/blobs{/sha}",
    "branches_url:/branches{/branch}",
    "collaborators_url:/collaborators{/collaborator}",
    "commits_url:/commits{/sha}",
    "compare_url:/compare/{base}...{head}",
    "contents_url:/contents/{+path}",
    "contributors_url:/contributors",
    "deployments_url:/deployments",
    "downloads_url:/downloads",
    "events_url:/events",
    "forks_url:/forks",
    "git_commits_url:/git/commits{/sha}",
    "git_refs_url:/git/refs{/sha}",
    "git_tags_url:/git/tags{/sha}",
    "hooks_url:/hooks",
    "keys_url:/keys{/key_id}",
    "languages_url:/languages",
    "merges_url:/merges",
    "notifications_url:/notifications{?since,all,participating}",
    "releases_url:/releases{/id}",
    "stargazers_url:/stargazers",
    "statuses_url:/statuses/{sha}",
    "subscribers_url:/subscribers",
    "subscription_url:/subscription",
    "tags_url:/tags",
    "teams_url:/teams",
    "trees_url:/git/trees{/sha}",
)
_LINKS = tuple(pair.split(":", 1) for pair in _PLAIN)


def repository(rows: Rows, repo: Repository) -> dict[str, Any]:
    """The form in lists and inside other objects."""
    url = rows.repository_url(repo)
    html = f"{WEB}/{repo.full_name}"
    return {
        "id": repo.id,
        "node_id": f"R_kgDOsandbox{repo.id:x}",
        "name": repo.name,
        "full_name": repo.full_name,
        "private": repo.private,
        "owner": rows.user(repo.owner),
        "html_url": html,
        "description": None,
        "fork": False,
        "url": url,
        **{name: url + path for name, path in _LINKS},
        "created_at": stamp(repo.created),
        "updated_at": stamp(repo.created),
        "pushed_at": stamp(repo.created),
        "git_url": f"git://github.com/{repo.full_name}.git",
        "ssh_url": f"git@github.com:{repo.full_name}.git",
        "clone_url": f"{html}.git",
        "svn_url": html,
        "homepage": None,
        "size": 0,
        "stargazers_count": 0,
        "watchers_count": 0,
        "language": None,
        "has_issues": True,
        "has_projects": True,
        "has_downloads": True,
        "has_wiki": True,
        "has_pages": False,
        "has_discussions": False,
        "forks_count": 0,
        "mirror_url": None,
        "archived": repo.archived,
        "disabled": False,
        "open_issues_count": repo.open_issues,
        "license": None,
        "allow_forking": True,
        "is_template": False,
        "web_commit_signoff_required": False,
        "topics": [],
        "visibility": "private" if repo.private else "public",
        "forks": 0,
        "open_issues": repo.open_issues,
        "watchers": 0,
        "default_branch": "main",
        "permissions": {"admin": False, "maintain": False, "push": True, "triage": True, "pull": True},
    }


def full_repository(rows: Rows, repo: Repository) -> dict[str, Any]:
    """The form of a repository asked for by name or id."""
    return repository(rows, repo) | {
        "organization": rows.user(repo.owner),
        "network_count": 0,
        "subscribers_count": 0,
    }


def pull(rows: Rows, issue: Issue) -> dict[str, Any]:
    """A pull request as ``GET …/pulls`` lists it. Raises KeyError for an issue that is none."""
    part = issue.pull
    if part is None:
        raise KeyError(issue.key)
    repo = issue.repository
    base = rows.repository_url(repo)
    url, html = f"{base}/pulls/{issue.number}", html_url(issue)
    issue_url = f"{base}/issues/{issue.number}"
    whole = rows.issue(issue)
    return {
        "url": url,
        "id": part.id,
        "node_id": issue.node_id,
        "html_url": html,
        "diff_url": f"{html}.diff",
        "patch_url": f"{html}.patch",
        "issue_url": issue_url,
        **{name: whole[name] for name in _SHARED},
        "merged_at": maybe(part.merged),
        "merge_commit_sha": part.sha if part.merged else None,
        "requested_reviewers": [],
        "requested_teams": [],
        "draft": part.draft,
        "commits_url": f"{url}/commits",
        "review_comments_url": f"{url}/comments",
        "review_comment_url": f"{base}/pulls/comments{{/number}}",
        "comments_url": f"{issue_url}/comments",
        "statuses_url": f"{base}/statuses/{part.sha}",
        "head": _side(rows, repo, part.branch, part.sha, issue.user),
        "base": _side(rows, repo, "main", "0" * 40, repo.owner),
        "_links": {
            "self": {"href": url},
            "html": {"href": html},
            "issue": {"href": issue_url},
            "comments": {"href": f"{issue_url}/comments"},
            "review_comments": {"href": f"{url}/comments"},
            "review_comment": {"href": f"{base}/pulls/comments{{/number}}"},
            "commits": {"href": f"{url}/commits"},
            "statuses": {"href": f"{base}/statuses/{part.sha}"},
        },
        "auto_merge": None,
    }


def full_pull(rows: Rows, issue: Issue) -> dict[str, Any]:
    """A pull request as ``GET …/pulls/{number}`` gives it."""
    part = issue.pull
    merged = part is not None and part.merged is not None
    return pull(rows, issue) | {
        "merged": merged,
        "mergeable": None if issue.closed else True,
        "rebaseable": None if issue.closed else True,
        "mergeable_state": "unknown" if issue.closed else "clean",
        "merged_by": rows.user(issue.closed_by) if merged else None,
        "comments": len(issue.comments),
        "review_comments": 0,
        "maintainer_can_modify": False,
        "commits": 1,
        "additions": 1,
        "deletions": 0,
        "changed_files": 1,
    }


_SHARED = (
    "number",
    "state",
    "locked",
    "title",
    "user",
    "body",
    "created_at",
    "updated_at",
    "closed_at",
    "assignee",
    "assignees",
    "labels",
    "milestone",
    "author_association",
    "active_lock_reason",
)


def _side(rows: Rows, repo: Repository, ref: str, sha: str, user: User | None) -> dict[str, Any]:
    return {
        "label": f"{repo.owner.login}:{ref}",
        "ref": ref,
        "sha": sha,
        "user": rows.user(user),
        "repo": repository(rows, repo),
    }
