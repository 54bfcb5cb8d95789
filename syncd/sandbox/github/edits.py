"""Every change of an issue, a pull request or a comment, and the webhook events it causes.

Source of the events: "Webhook events and payloads".
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from syncd.sandbox.base import Event
from syncd.sandbox.github import bodies
from syncd.sandbox.github.hub import Hub
from syncd.sandbox.github.model import Comment, Issue, Label, Milestone, Repository, User, second
from syncd.sandbox.github.rows import Rows


@dataclass(frozen=True, slots=True)
class Before:
    """What webhooks tell about an issue before it changed."""

    title: str
    body: str | None
    state: str
    labels: tuple[Label, ...]
    assignees: tuple[User, ...]
    milestone: Milestone | None
    draft: bool

    @classmethod
    def of(cls, issue: Issue) -> "Before":
        return cls(
            issue.title,
            issue.body,
            issue.state,
            tuple(issue.labels),
            tuple(issue.assignees),
            issue.milestone,
            bool(issue.pull and issue.pull.draft),
        )


class Edits:
    """Changes the hub at the clock's time and tells what happened."""

    def __init__(
        self, hub: Hub, rows: Callable[[], Rows], clock: Callable[[], datetime], tell: Callable[[Event], None]
    ) -> None:
        self._hub, self._rows, self._clock, self._say = hub, rows, clock, tell

    @contextmanager
    def changing(self, issue: Issue, by: User) -> Iterator[None]:
        """Change the issue inside."""
        before = Before.of(issue)
        with issue.repository.changing(issue, self._clock()):
            yield
        self._tell_changes(before, issue, by)

    def create(self, repository: Repository, title: str, by: User | None) -> Issue:
        """A new, open, empty issue; not yet announced: see :meth:`opened`."""
        now = second(self._clock())
        issue = Issue(
            id=self._hub.next_id(),
            number=repository.next_number(),
            repository=repository,
            title=title,
            body=None,
            user=by,
            created=now,
            updated=now,
        )
        self._hub.issues[issue.id] = issue
        return issue

    def opened(self, issue: Issue, by: User) -> None:
        """Put the finished new issue into its repository."""
        issue.repository.extend([issue])
        self._tell("opened", issue, by)

    def close(self, issue: Issue, by: User, reason: str | None = "completed") -> None:
        """Inside :meth:`changing`."""
        if issue.closed is None:
            issue.closed, issue.closed_by = second(self._clock()), by
        issue.state_reason = None if issue.pull else reason

    def reopen(self, issue: Issue) -> None:
        """Inside :meth:`changing`."""
        if issue.closed is not None:
            issue.closed = issue.closed_by = None
            issue.state_reason = None if issue.pull else "reopened"

    def adopt(self, issue: Issue, parent: Issue | None) -> None:
        """Give the issue another parent, or none. It shows in the timelines of all three, and stamps them."""
        former, now = issue.parent, self._clock()
        if former:
            with former.repository.changing(former, now):
                former.children.remove(issue)
        if parent:
            with parent.repository.changing(parent, now):
                parent.children.append(issue)
        if former or parent:
            with issue.repository.changing(issue, now):
                issue.parent = parent

    def comment(self, issue: Issue, body: str, by: User) -> Comment:
        now = second(self._clock())
        comment = Comment(self._hub.next_id(), body, by, now, now)
        with issue.repository.changing(issue, now):
            issue.comments.append(comment)
        issue.repository.comments[comment.id] = (issue, comment)
        self._tell_comment("created", issue, comment, by)
        return comment

    def edit_comment(self, issue: Issue, comment: Comment, body: str, by: User) -> None:
        with issue.repository.changing(issue, self._clock()):
            comment.body, comment.updated = body, second(self._clock())
        self._tell_comment("edited", issue, comment, by)

    def delete_comment(self, issue: Issue, comment: Comment, by: User) -> None:
        with issue.repository.changing(issue, self._clock()):
            issue.comments.remove(comment)
        del issue.repository.comments[comment.id]
        self._tell_comment("deleted", issue, comment, by)

    def delete(self, issue: Issue, by: User) -> None:
        self._leave(issue, None)
        self._tell("deleted", issue, by)

    def transfer(self, issue: Issue, to: Repository, by: User) -> Issue:
        """The issue becomes a new one elsewhere: new number, new id, the same text and times."""
        became = self.create(to, issue.title, issue.user)
        for name in ("body", "created", "closed", "closed_by", "state_reason", "assignees", "type", "fields"):
            setattr(became, name, getattr(issue, name))
        # labels and milestone follow where the other repository has them; comments go along
        known = [to.labels.get(label.name.lower()) for label in issue.labels]
        became.labels = [label for label in known if label]
        became.comments = issue.comments
        to.comments.update((comment.id, (became, comment)) for comment in issue.comments)
        parent, children = issue.parent, list(issue.children)
        self._leave(issue, became)
        to.extend([became])
        self.adopt(became, parent)
        for child in children:
            self.adopt(child, became)
        new = {"new_issue": self._rows().issue(became), "new_repository": bodies.repository(self._rows(), to)}
        self._tell("transferred", issue, by, changes=new)
        return became

    def _leave(self, issue: Issue, became: Issue | None) -> None:
        self.adopt(issue, None)
        for child in list(issue.children):
            self.adopt(child, None)
        for comment in issue.comments:
            issue.repository.comments.pop(comment.id, None)
        issue.repository.drop(issue, became)
        del self._hub.issues[issue.id]

    def _tell_changes(self, before: Before, issue: Issue, by: User) -> None:
        changed = {
            name: {"from": getattr(before, name)}
            for name in ("title", "body")
            if getattr(before, name) != getattr(issue, name)
        }
        if changed:
            self._tell("edited", issue, by, changes=changed)
        self._tell_labels(before, issue, by)
        self._tell_people(before, issue, by)
        if before.state != issue.state:
            self._tell("closed" if issue.closed else "reopened", issue, by)
        if before.milestone is not issue.milestone:
            self._tell("milestoned" if issue.milestone else "demilestoned", issue, by)
        if issue.pull and before.draft != issue.pull.draft:
            self._tell("converted_to_draft" if issue.pull.draft else "ready_for_review", issue, by)

    def _tell_labels(self, before: Before, issue: Issue, by: User) -> None:
        repository = issue.repository
        for label in issue.labels:
            if label not in before.labels:
                self._tell("labeled", issue, by, label=self._rows().label(repository, label))
        for label in before.labels:
            if label not in issue.labels:
                self._tell("unlabeled", issue, by, label=self._rows().label(repository, label))

    def _tell_people(self, before: Before, issue: Issue, by: User) -> None:
        for user in issue.assignees:
            if user not in before.assignees:
                self._tell("assigned", issue, by, assignee=self._rows().user(user))
        for user in before.assignees:
            if user not in issue.assignees:
                self._tell("unassigned", issue, by, assignee=self._rows().user(user))

    def _tell(self, action: str, issue: Issue, by: User, **more: Any) -> None:
        rows = self._rows()
        if issue.pull:
            what = {"number": issue.number, "pull_request": bodies.pull(rows, issue)}
        else:
            what = {"issue": rows.issue(issue)}
        self._announce("pull_request" if issue.pull else "issues", action, issue.repository, by, what | more)

    def _tell_comment(self, action: str, issue: Issue, comment: Comment, by: User) -> None:
        rows = self._rows()
        what = {"issue": rows.issue(issue), "comment": rows.comment(issue, comment)}
        self._announce("issue_comment", action, issue.repository, by, what)

    def renamed(self, repository: Repository, former: str, by: User) -> None:
        """Tell that the repository has another name now."""
        changes = {"repository": {"name": {"from": former}}}
        self._announce("repository", "renamed", repository, by, {"changes": changes})

    def _announce(self, event: str, action: str, repository: Repository, by: User, what: dict[str, Any]) -> None:
        rows = self._rows()
        frame = {
            "repository": bodies.repository(rows, repository),
            "organization": {"login": repository.owner.login, "id": repository.owner.id},
            "sender": rows.user(by),
        }
        self._say(Event(event, {"action": action, **what, **frame}))
