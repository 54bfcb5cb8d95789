"""Endpoints about the site, the account and its projects."""

from typing import Any

from syncd.sandbox.base import Response
from syncd.sandbox.jira import fields
from syncd.sandbox.jira.api import Call, Route, refuse
from syncd.sandbox.jira.model import Project

PERMISSIONS = {
    "BROWSE_PROJECTS": "Browse Projects",
    "CREATE_ISSUES": "Create Issues",
    "EDIT_ISSUES": "Edit Issues",
    "ADD_COMMENTS": "Add Comments",
    "LINK_ISSUES": "Link Issues",
    "DELETE_ISSUES": "Delete Issues",
    "ADMINISTER_PROJECTS": "Administer Projects",
    "ADMINISTER": "Administer Jira",
}
_GLOBAL = ("ADMINISTER",)


def server_info(call: Call) -> Response:
    cloud = call.site.deployment == "cloud"
    version = [1001, 0, 0] if cloud else [9, 17, 1]
    return Response(
        body={
            "baseUrl": call.request.root,
            "version": "1001.0.0-SNAPSHOT" if cloud else "9.17.1",
            "versionNumbers": version,
            "deploymentType": "Cloud" if cloud else "Server",
            "buildNumber": 100289 if cloud else 9170001,
            "buildDate": "2026-10-12T00:00:00.000+0000",
            "serverTime": call.render.time(call.state.now_ms),
            "scmInfo": "0" * 40,
            "serverTitle": "Acme Jira",
        }
    )


def myself(call: Call) -> Response:
    extra = {"locale": "en_GB", "groups": {"size": 1, "items": []}, "applicationRoles": {"size": 1, "items": []}}
    return Response(body=call.render.values.user(call.site.me) | extra)


def my_permissions(call: Call) -> Response:
    """Cloud wants the permissions named; Data Center gives all of them."""
    wanted = call.queries("permissions")
    if not wanted and call.site.deployment == "cloud":
        raise refuse(400, "The 'permissions' query parameter is required.")
    if unknown := [key for key in wanted if key not in PERMISSIONS]:
        raise refuse(400, f"Unrecognized permission: {unknown[0]}")
    key = call.query("projectKey") or call.query("projectId")
    project = call.state.project(key) if key else None
    if key and (project is None or not project.readable):
        raise refuse(404, f"No project could be found with key '{key}'.")
    return Response(body={"permissions": {name: _permission(call, name) for name in wanted or PERMISSIONS}})


def _permission(call: Call, key: str) -> dict[str, Any]:
    have = key not in call.state.denied and not key.startswith("ADMINISTER")
    return {
        "id": str(10 + list(PERMISSIONS).index(key)),
        "key": key,
        "name": PERMISSIONS[key],
        "type": "GLOBAL" if key in _GLOBAL else "PROJECT",
        "description": f"Ability to {PERMISSIONS[key].lower()}.",
        "havePermission": have,
    }


def list_fields(call: Call) -> Response:
    return Response(body=fields.listed(call.site.deployment))


def _projects(call: Call) -> list[Project]:
    return sorted((p for p in call.state.projects.values() if p.readable), key=lambda project: project.key)


def all_projects(call: Call) -> Response:
    """``GET /project``: everything at once; Data Center's only way."""
    return Response(body=[call.render.values.project(project) for project in _projects(call)])


def search_projects(call: Call) -> Response:
    start, size = call.number("startAt", 0), min(100, call.number("maxResults", 50))
    keys, text = {key.upper() for key in call.queries("keys")}, call.query("query").lower()
    found = [p for p in _projects(call) if (not keys or p.key in keys) and text in f"{p.key} {p.name}".lower()]
    page = found[start : start + size]
    here = f"{call.render.api}/project/search?startAt="
    out: dict[str, Any] = {"self": f"{here}{start}&maxResults={size}"}
    if start + size < len(found):
        out["nextPage"] = f"{here}{start + size}&maxResults={size}"
    out |= {"maxResults": size, "startAt": start, "total": len(found), "isLast": start + size >= len(found)}
    return Response(body=out | {"values": [call.render.values.project(project) for project in page]})


def one_project(call: Call) -> Response:
    project = call.state.project(call.parts[0])
    if project is None or not project.readable:
        raise refuse(404, f"No project could be found with key '{call.parts[0]}'.")
    more = {
        "description": "",
        "lead": call.render.values.user("Ana Lima"),
        "assigneeType": "UNASSIGNED",
        "components": [],
        "issueTypes": [call.render.values.issue_type(name) for name in fields.TYPES],
        "versions": [],
        "roles": {},
    }
    return Response(body=call.render.values.project_in_full(project) | more)


ROUTES = (
    Route("GET", "/serverInfo", server_info),
    Route("GET", "/myself", myself),
    Route("GET", "/mypermissions", my_permissions),
    Route("GET", "/field", list_fields),
    Route("GET", "/project", all_projects),
    Route("GET", "/project/search", search_projects, only="cloud"),
    Route("GET", "/project/{}", one_project),
)
