"""Reading and writing single issues."""

from collections.abc import Callable, Mapping
from typing import Any

from syncd.sandbox.base import Response
from syncd.sandbox.jira import fields as names
from syncd.sandbox.jira.api import Call, Route, refuse
from syncd.sandbox.jira.model import Issue
from syncd.sandbox.jira.planting import in_status


def get(call: Call) -> Response:
    issue = call.issue()
    wanted = call.render.select(call.queries("fields"), default="*all")
    return Response(body=call.render.issue(issue, wanted, call.query("expand"), call.queries("properties")))


def create(call: Call) -> Response:
    body = call.body()
    given = dict(body.get("fields") or {})
    project = call.state.project(_chosen(given.pop("project", None), "key", "id"))
    if project is None or not project.readable:
        raise refuse(400, errors={"project": "Specify a valid project ID or key"})
    if "CREATE_ISSUES" in call.state.denied:
        raise refuse(403, "You do not have permission to create issues in this project.")
    if not str(given.get("summary") or "").strip():
        raise refuse(400, errors={"summary": "You must specify a summary of the issue."})
    values = {"type": "", "reporter": call.site.me} | _values(call, given)
    if not values["type"]:
        raise refuse(400, errors={"issuetype": "Specify an issue type"})
    issue = call.state.add(call.state.new_id(), project, created=call.state.now_ms, updated=call.state.now_ms, **values)
    _set_properties(call, issue, body)
    return Response(201, call.render.identity(issue))


def edit(call: Call) -> Response:
    """Fields and list operations of ``update``, all or nothing."""
    issue, body = call.issue("EDIT_ISSUES"), call.body()
    values = _values(call, body.get("fields") or {})
    for field, operations in (body.get("update") or {}).items():
        values |= _updated(call, issue, field, operations)
    changed = call.state.edit(issue, call.site.me, **values)
    _set_properties(call, changed, body)
    if call.query("returnIssue") == "true":
        return Response(200, call.render.issue(changed, call.render.select((), default="*all"), call.query("expand")))
    return Response(204)


def delete(call: Call) -> Response:
    issue = call.issue("DELETE_ISSUES")
    has_subtasks = any(child.type == "Sub-task" for child in call.state.children_of(issue))
    if has_subtasks and call.query("deleteSubtasks") != "true":
        raise refuse(400, f"The issue '{call.state.key(issue)}' has subtasks. Specify deleteSubtasks to delete it.")
    call.state.remove(issue)
    return Response(204)


def list_transitions(call: Call) -> Response:
    """Every status can be reached from every other, as in a simplified workflow."""
    issue = call.issue()
    found = [
        {"id": status.id, "name": name, "to": call.render.values.status(name), "hasScreen": False, "isGlobal": True}
        | {"isInitial": False, "isConditional": False, "isAvailable": True}
        for name, status in names.STATUSES.items()
        if name != issue.status
    ]
    return Response(body={"expand": "transitions", "transitions": found})


def transition(call: Call) -> Response:
    issue, chosen = call.issue("EDIT_ISSUES"), call.body().get("transition")
    wanted = _chosen(chosen, "id")
    name = next((name for name, status in names.STATUSES.items() if status.id == wanted and name != issue.status), "")
    if not name:
        raise refuse(400, f"It seems that you have tried to perform an illegal workflow operation ({wanted}).")
    call.state.edit(issue, call.site.me, **in_status(name, call.state.now_ms))
    return Response(204)


def changelog(call: Call) -> Response:
    """The whole history, oldest first, in pages."""
    issue, start, size = call.issue(), call.number("startAt", 0), min(100, call.number("maxResults", 100))
    history = call.state.attached[issue.id].history
    here = f"{call.render.api}/issue/{issue.id}/changelog?startAt="
    out: dict[str, Any] = {"self": f"{here}{start}&maxResults={size}"}
    if start + size < len(history):
        out["nextPage"] = f"{here}{start + size}&maxResults={size}"
    out |= {"maxResults": size, "startAt": start, "total": len(history), "isLast": start + size >= len(history)}
    return Response(body=out | {"values": [call.render.change(change) for change in history[start : start + size]]})


def _values(call: Call, given: Mapping[str, Any]) -> dict[str, Any]:
    """Fields as Jira takes them -> values of an issue.

    :raises Refused: 400 with a message for each field that cannot be set
    """
    values: dict[str, Any] = {}
    errors: dict[str, str] = {}
    writers = _writers(call)
    for field, value in given.items():
        if field not in writers:
            errors[field] = f"Field '{field}' cannot be set. It is not on the appropriate screen, or unknown."
            continue
        try:
            values |= writers[field](value)
        except ValueError as error:
            errors[field] = str(error)
    if errors:
        raise refuse(400, errors=errors)
    return values


def _updated(call: Call, issue: Issue, field: str, operations: Any) -> dict[str, Any]:
    if field != "labels":
        sets = [operation["set"] for operation in operations if "set" in operation]
        if len(sets) != len(operations) or len(sets) != 1:
            raise refuse(400, errors={field: f"Field '{field}' supports the operation 'set' only."})
        return _values(call, {field: sets[0]})
    labels = list(issue.labels)
    for operation in operations:
        for verb, value in operation.items():
            labels = _relabelled(labels, verb, value)
    return _values(call, {"labels": labels})


def _relabelled(labels: list[str], verb: str, value: Any) -> list[str]:
    if verb == "set":
        return list(value)
    if verb == "add":
        return labels if value in labels else [*labels, value]
    if verb == "remove":
        return [label for label in labels if label != value]
    raise refuse(400, errors={"labels": f"Operation '{verb}' is not supported."})


def _writers(call: Call) -> dict[str, Callable[[Any], dict[str, Any]]]:
    custom = names.CUSTOM[call.site.deployment]
    writers: dict[str, Callable[[Any], dict[str, Any]]] = {
        "summary": lambda value: {"summary": _text(value)},
        "description": lambda value: {"description": _document(call, value)},
        "labels": lambda value: {"labels": _labels(value)},
        "issuetype": lambda value: {"type": _one_of(names.TYPES, _chosen(value, "name", "id"), "issue type")},
        "priority": lambda value: {"priority": _one_of(names.PRIORITIES, _chosen(value, "name", "id"), "priority")},
        "assignee": lambda value: {"assignee": _person(call, value)},
        "reporter": lambda value: {"reporter": _person(call, value)},
        "duedate": lambda value: {"due": value},
        "components": lambda value: {"components": tuple(_chosen(one, "name") for one in value or ())},
        "fixVersions": lambda value: {"versions": tuple(_chosen(one, "name") for one in value or ())},
        "parent": lambda value: {"parent": _parent(call, _chosen(value, "key", "id"))},
        custom[names.POINTS]: lambda value: {"points": value},
        custom[names.GOAL]: lambda value: {"goal": _chosen(value, "value")},
    }
    if names.EPIC_LINK in custom:
        writers[custom[names.EPIC_LINK]] = lambda value: {"parent": _parent(call, value or "")}
    return writers


def _chosen(value: Any, *keys: str) -> str:
    """What ``{"key": …}`` or ``{"id": …}`` names; empty for None."""
    if not isinstance(value, dict):
        return str(value or "")
    return next((str(value[key]) for key in keys if value.get(key)), "")


def _text(value: Any) -> str:
    if not isinstance(value, str) or not value.strip():
        raise ValueError("You must specify a summary of the issue.")
    return value


def _document(call: Call, value: Any) -> Any:
    if value is not None and call.render.version == "3" and not isinstance(value, dict):
        raise ValueError("Operation value must be an Atlassian Document (see the Atlassian Document Format)")
    if value is not None and call.render.version == "2" and not isinstance(value, str):
        raise ValueError("Operation value must be a string")
    return value or ""


def _labels(value: Any) -> tuple[str, ...]:
    for label in value or ():
        if " " in str(label):
            raise ValueError(f"The label '{label}' contains spaces which is invalid.")
    return tuple(dict.fromkeys(value or ()))


def _one_of(known: Mapping[str, str], wanted: str, what: str) -> str:
    for name, id_ in known.items():
        if wanted in (name, id_):
            return name
    raise ValueError(f"Specify a valid {what}")


def _person(call: Call, value: Any) -> str:
    wanted = _chosen(value, "accountId", "id", "name")
    if not wanted:
        return ""
    for account, name in call.state.people.items():
        if wanted in (account, name.lower().replace(" ", ".")):
            return name
    raise ValueError(f"User '{wanted}' does not exist.")


def _parent(call: Call, wanted: str) -> int | None:
    if not wanted:
        return None
    parent = call.state.find(wanted)
    if parent is None:
        raise ValueError("Could not find issue by id or key.")
    return parent.id


def _set_properties(call: Call, issue: Issue, body: Mapping[str, Any]) -> None:
    for entry in body.get("properties") or ():
        call.state.attached[issue.id].properties[entry["key"]] = entry["value"]


ROUTES = (
    Route("POST", "/issue", create),
    Route("GET", "/issue/{}", get),
    Route("PUT", "/issue/{}", edit),
    Route("DELETE", "/issue/{}", delete),
    Route("GET", "/issue/{}/transitions", list_transitions),
    Route("POST", "/issue/{}/transitions", transition),
    Route("GET", "/issue/{}/changelog", changelog, only="cloud"),
)
