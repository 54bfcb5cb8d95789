"""What clients write through the REST API, checked as GitHub checks it.

Source: "Create an issue", "Update an issue", "Add labels to an issue", "Add sub-issue".
"""

from typing import Any

from syncd.sandbox.base import Request
from syncd.sandbox.github.access import denied
from syncd.sandbox.github.edits import Edits
from syncd.sandbox.github.hub import Hub
from syncd.sandbox.github.listing import invalid
from syncd.sandbox.github.model import Issue, IssueField, Label, Milestone, Repository, User

_REASONS = ("completed", "not_planned", "duplicate", "reopened")


def body_of(request: Request) -> Any:
    try:
        return request.json()
    except ValueError:
        raise denied(400, "Problems parsing JSON") from None


def fields_of(request: Request) -> dict[str, Any]:
    body = body_of(request)
    if not isinstance(body, dict):
        raise denied(422, "Invalid request.\n\nFor 'links/0/schema', the body is not an object.")
    return body


class Writing:
    """Applies checked request bodies."""

    def __init__(self, hub: Hub, edits: Edits) -> None:
        self._hub, self._edits = hub, edits

    def text(self, request: Request, resource: str) -> str:
        """The ``body`` of a comment."""
        text = fields_of(request).get("body")
        if not isinstance(text, str) or not text:
            raise invalid(resource, "body", code="missing_field")
        return text

    def create(self, repository: Repository, request: Request, by: User) -> Issue:
        values = fields_of(request)
        title = values.get("title")
        if title is None or not str(title).strip():
            raise invalid("Issue", "title", code="missing_field")
        self._check(repository, values)
        issue = self._edits.create(repository, str(title), by)
        self._apply(issue, {name: value for name, value in values.items() if name != "title"}, by)
        self._edits.opened(issue, by)
        return issue

    def update(self, issue: Issue, request: Request, by: User) -> None:
        values = fields_of(request)
        self._check(issue.repository, values)
        with self._edits.changing(issue, by):
            self._apply(issue, values, by)

    def _check(self, repository: Repository, values: dict[str, Any]) -> None:
        """Everything that can be wrong, before anything changes."""
        if values.get("state") not in (None, "open", "closed"):
            raise invalid("Issue", "state")
        if values.get("state_reason") not in (None, *_REASONS):
            raise invalid("Issue", "state_reason")
        if values.get("milestone") is not None:
            self._milestone(repository, values["milestone"])
        if values.get("type") is not None and values["type"] not in self._hub.types:
            raise invalid("Issue", "type")
        for entry in values.get("issue_field_values") or ():
            self._field(entry)

    def _apply(self, issue: Issue, values: dict[str, Any], by: User) -> None:
        if values.get("title") is not None:
            issue.title = str(values["title"])
        if "body" in values:
            issue.body = values["body"]
        if values.get("labels") is not None:
            issue.labels = self._named(issue.repository, values["labels"])
        if values.get("assignees") is not None:
            issue.assignees = [self._hub.users[login] for login in values["assignees"] if login in self._hub.users]
        if "milestone" in values:
            chosen = values["milestone"]
            issue.milestone = None if chosen is None else self._milestone(issue.repository, chosen)
        if "type" in values:
            issue.type = self._hub.types.get(values["type"])
        for entry in values.get("issue_field_values") or ():
            issue.fields[self._field(entry)] = entry["value"]
        self._turn(issue, values, by)

    def _turn(self, issue: Issue, values: dict[str, Any], by: User) -> None:
        if values.get("state") == "closed":
            self._edits.close(issue, by, values.get("state_reason") or "completed")
        elif values.get("state") == "open":
            self._edits.reopen(issue)

    def _milestone(self, repository: Repository, number: Any) -> Milestone:
        for milestone in repository.milestones.values():
            if str(milestone.number) == str(number):
                return milestone
        raise invalid("Issue", "milestone")

    def _field(self, entry: Any) -> IssueField:
        wanted = entry.get("field_id") if isinstance(entry, dict) else None
        for field in self._hub.fields.values():
            if field.id == wanted and "value" in entry:
                return field
        raise invalid("Issue", "issue_field_values")

    def _named(self, repository: Repository, names: list[Any]) -> list[Label]:
        """The labels of these names, made where there are none yet."""
        labels: dict[int, Label] = {}
        for entry in names:
            name = entry.get("name") if isinstance(entry, dict) else entry
            label = self._hub.label(repository, _label_name(name))
            labels[label.id] = label
        return list(labels.values())

    def label(self, issue: Issue, request: Request, name: list[str], by: User) -> None:
        """Add, replace or remove labels; to remove one that is not there is 404."""
        if request.method == "DELETE":
            wanted = (
                issue.labels if not name else [each for each in issue.labels if each.name.lower() == name[0].lower()]
            )
            if name and not wanted:
                raise denied(404, "Label does not exist")
            kept = [label for label in issue.labels if label not in wanted]
        else:
            body = body_of(request)
            names = body.get("labels", []) if isinstance(body, dict) else body
            new = self._named(issue.repository, names)
            kept = new if request.method == "PUT" else list(dict.fromkeys([*issue.labels, *new]))
        with self._edits.changing(issue, by):
            issue.labels = kept

    def create_label(self, repository: Repository, request: Request) -> Label:
        values = fields_of(request)
        name = _label_name(values.get("name"))
        if name.lower() in repository.labels:
            raise invalid("Label", "name", code="already_exists")
        label = self._hub.label(repository, name)
        label.color = str(values.get("color") or label.color)
        label.description = values.get("description")
        return label

    def add_child(self, issue: Issue, request: Request) -> None:
        values = fields_of(request)
        child = self._hub.issues.get(values.get("sub_issue_id") or 0)
        if child is None:
            raise denied(404, "The provided sub-issue does not exist")
        if child.parent and not values.get("replace_parent"):
            raise denied(
                422,
                "An error occurred while adding the sub-issue to the parent issue. Sub-issue may only have one parent",
            )
        if _would_circle(child, issue):
            raise denied(
                422, "An error occurred while adding the sub-issue to the parent issue. The hierarchy would be circular"
            )
        self._edits.adopt(child, issue)

    def remove_child(self, issue: Issue, request: Request) -> None:
        wanted = fields_of(request).get("sub_issue_id")
        for child in issue.children:
            if child.id == wanted:
                return self._edits.adopt(child, None)
        raise denied(404, "The provided sub-issue does not exist")


def _label_name(name: Any) -> str:
    if not isinstance(name, str) or not name.strip():
        raise invalid("Label", "name", code="missing_field")
    if len(name) > 50:
        raise invalid("Label", "name", "name is too long (maximum is 50 characters)")
    return name


def _would_circle(child: Issue, parent: Issue) -> bool:
    above: Issue | None = parent
    while above:
        if above is child:
            return True
        above = above.parent
    return False
