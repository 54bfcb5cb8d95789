"""Puts works into GitHub as its people would have entered them."""

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

from connectors.item import Kind
from syncd.sandbox.base import Work
from syncd.sandbox.github.hub import Hub
from syncd.sandbox.github.model import Issue, Pull, Repository, second
from syncd.sandbox.github.wording import address_of, compose, part_of

TYPES: dict[Kind, str] = {"epic": "Epic", "story": "Feature", "bug": "Bug"}
"""Kind -> issue type; everything else is a Task."""
WORKING = "in progress"
"""The label that tells an issue somebody works on: GitHub's own states are open and closed."""


class Planting:
    """Plants into a hub and remembers what became of each name."""

    def __init__(self, hub: Hub) -> None:
        self._hub = hub
        self._issues: dict[str, Issue] = {}

    def plant(self, works: Sequence[Work], addresses: Mapping[str, str]) -> dict[str, str]:
        """See :meth:`syncd.sandbox.base.Service.plant`."""
        numbered = {work.name: self._number(work) for work in sorted(works, key=lambda work: work.created)}
        self._issues |= numbered
        own = {name: issue.key for name, issue in numbered.items()}
        known = {**addresses, **{name: issue.key for name, issue in self._issues.items()}}
        new: dict[Repository, list[Issue]] = {}
        for work in works:
            issue = numbered[work.name]
            self._write(work, issue, known)
            new.setdefault(issue.repository, []).append(issue)
        for repository, issues in new.items():
            repository.extend(issues)
        return own

    def _number(self, work: Work) -> Issue:
        """An issue that has a number and nothing else, so that others can refer to it."""
        repository = self._hub.repository(work.place)
        issue = Issue(
            id=self._hub.next_id(),
            number=repository.next_number(),
            repository=repository,
            title=work.title,
            body=None,
            user=self._hub.user(work.reporter) if work.reporter else None,
            created=second(work.created),
            updated=second(max(work.updated, work.closed or work.updated)),
        )
        self._hub.issues[issue.id] = issue
        return issue

    def _write(self, work: Work, issue: Issue, addresses: Mapping[str, str]) -> None:
        words = compose(work, addresses)
        issue.title, issue.body = words.title, words.body or None
        issue.labels = [self._hub.label(issue.repository, name) for name in work.labels]
        issue.assignees = [self._hub.user(name) for name in work.people]
        if work.milestone:
            issue.milestone = self._hub.milestone(issue.repository, work.milestone)
        if work.status in ("done", "cancelled"):
            issue.closed = second(work.closed or work.updated)
            issue.closed_by = issue.user
        if work.kind == "pull_request":
            issue.pull = self.pull(issue, words.branch)
            issue.pull.draft = work.draft
            issue.pull.merged = issue.closed if work.merged else None
        else:
            self._write_issue(work, issue)
        self._write_parent(work, issue, addresses)

    def pull(self, issue: Issue, branch: str) -> Pull:
        """The other half of a pull request, open and no draft."""
        sha = hashlib.sha1(issue.key.encode(), usedforsecurity=False).hexdigest()
        return Pull(self._hub.next_id(), branch or f"patch-{issue.number}", sha)

    def _write_issue(self, work: Work, issue: Issue) -> None:
        issue.type = self._hub.types[TYPES.get(work.kind, "Task")]
        if work.status == "in_progress":
            issue.labels.append(self._hub.label(issue.repository, WORKING))
        issue.state_reason = {"done": "completed", "cancelled": "not_planned"}.get(work.status)
        values = {"goal": work.goal, "priority": work.priority, "points": work.points, "due": work.due}
        self.fill_fields(issue, {name: value for name, value in values.items() if value})

    def fill_fields(self, issue: Issue, values: Mapping[str, Any]) -> None:
        """Set the organisation's issue fields; an empty value clears."""
        for name, value in values.items():
            field = self._hub.fields[FIELDS[name]]
            if value in (None, ""):
                issue.fields.pop(field, None)
            elif field.data_type == "single_select":
                issue.fields[field] = self._hub.option(field.name, str(value))
            else:
                issue.fields[field] = float(value) if field.data_type == "number" else str(value)

    def _write_parent(self, work: Work, issue: Issue, addresses: Mapping[str, str]) -> None:
        """A sub-issue of another issue here; elsewhere a parent is only named, and so it is by pull requests."""
        if not work.parent:
            return
        parent = self._issues.get(work.parent)
        if parent and parent.pull is None and issue.pull is None:
            issue.parent = parent
            parent.children.append(issue)
        else:
            issue.body = part_of(issue.body or "", address_of(work, work.parent, addresses))


FIELDS = {"goal": "Goal", "priority": "Priority", "points": "Points", "due": "Target date"}
