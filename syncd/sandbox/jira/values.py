"""What many issues share, as Jira gives it: people, projects, states, types, priorities, sprints.

Each is encoded once for a site and a version of the API.
"""

import zlib
from collections.abc import Callable
from typing import Any

import orjson

from syncd.sandbox.jira.fields import CATEGORY_NAMES, PRIORITIES, STATUSES, TYPES, Site
from syncd.sandbox.jira.model import Project

_CATEGORY_IDS = {"new": 2, "indeterminate": 4, "done": 3}
_COLOURS = {"new": "blue-gray", "indeterminate": "yellow", "done": "green"}
_SIZES = (16, 24, 32, 48)


class Values:
    """JSON values of one site as one account sees them.

    :param root: public root of the service
    :param api: root of the version of the API: ``…/rest/api/3``
    """

    def __init__(self, site: Site, root: str, api: str) -> None:
        self._site = site
        self._root = root
        self._api = api
        self._encoded: dict[tuple[str, str], orjson.Fragment] = {}

    def person(self, name: str) -> Any:
        """A user, or None where nobody is named."""
        return self._once("person", name, self.user) if name else None

    def user(self, name: str) -> dict[str, Any]:
        account = self._site.state.person(name)
        login = name.lower().replace(" ", ".")
        common = {
            "emailAddress": f"{login}@acme.example",
            "avatarUrls": {f"{size}x{size}": f"{self._root}/secure/useravatar?size={size}" for size in _SIZES},
            "displayName": name,
            "active": True,
            "timeZone": str(self._site.zone),
        }
        if self._site.deployment == "cloud":
            identity = {"self": f"{self._api}/user?accountId={account}", "accountId": account}
            return identity | {"accountType": "app" if name.endswith(" Bot") else "atlassian"} | common
        return {"self": f"{self._api}/user?username={login}", "name": login, "key": f"JIRAUSER{account}"} | common

    def project(self, project: Project) -> Any:
        return self._once("project", f"{project.id} {project.key}", lambda _: self.project_in_full(project))

    def project_in_full(self, project: Project) -> dict[str, Any]:
        return {
            "self": f"{self._api}/project/{project.id}",
            "id": str(project.id),
            "key": project.key,
            "name": project.name,
            "projectTypeKey": "software",
            "simplified": False,
            "avatarUrls": {f"{size}x{size}": f"{self._root}/secure/projectavatar?size={size}" for size in _SIZES},
        }

    def status(self, name: str) -> Any:
        return self._once("status", name, self._status)

    def issue_type(self, name: str) -> Any:
        return self._once("issuetype", name, self._issue_type)

    def priority(self, name: str) -> Any:
        return self._once("priority", name, lambda _: self._iconic("priority", PRIORITIES[name], name))

    def resolution(self, name: str) -> Any:
        id_ = "10000" if name == "Done" else "10001"
        return self._once("resolution", name, lambda _: self._plain("resolution", id_, name)) if name else None

    def component(self, name: str) -> Any:
        return self._once("component", name, lambda _: self._plain("component", number(name), name))

    def version(self, name: str) -> Any:
        states = {"archived": False, "released": False}
        return self._once("version", name, lambda _: self._plain("version", number(name), name) | states)

    def option(self, value: str) -> dict[str, Any] | None:
        """The value of a select field."""
        id_ = number(value)
        return {"self": f"{self._api}/customFieldOption/{id_}", "value": value, "id": id_} if value else None

    def sprint(self, name: str) -> list[Any] | None:
        """Objects on Cloud, the strings of Java objects on Data Center."""
        if not name:
            return None
        id_, state = number(name), "active" if name == self._site.state.running_sprint else "closed"
        if self._site.deployment == "cloud":
            return [{"id": int(id_), "name": name, "state": state, "boardId": 1, "goal": ""}]
        inside = f"id={id_},rapidViewId=1,state={state.upper()},name={name},startDate=<null>,endDate=<null>"
        java = "com.atlassian.greenhopper.service.sprint.Sprint"
        return [f"{java}@{int(id_):x}[{inside},completeDate=<null>,sequence={id_},goal=]"]

    def _status(self, name: str) -> dict[str, Any]:
        status = STATUSES[name]
        category = {
            "self": f"{self._api}/statuscategory/{_CATEGORY_IDS[status.category]}",
            "id": _CATEGORY_IDS[status.category],
            "key": status.category,
            "colorName": _COLOURS[status.category],
            "name": CATEGORY_NAMES[status.category],
        }
        return self._iconic("status", status.id, name) | {"description": "", "statusCategory": category}

    def _issue_type(self, name: str) -> dict[str, Any]:
        out = self._iconic("issuetype", TYPES[name], name) | {"description": "", "subtask": name == "Sub-task"}
        if self._site.deployment == "cloud":
            out["hierarchyLevel"] = {"Epic": 1, "Sub-task": -1}.get(name, 0)
        return out

    def _plain(self, kind: str, id_: str, name: str) -> dict[str, Any]:
        return {"self": f"{self._api}/{kind}/{id_}", "id": id_, "name": name, "description": ""}

    def _iconic(self, kind: str, id_: str, name: str) -> dict[str, Any]:
        icon = f"{self._root}/images/icons/{kind}/{id_}.png"
        return {"self": f"{self._api}/{kind}/{id_}", "iconUrl": icon, "name": name, "id": id_}

    def _once(self, kind: str, name: str, make: Callable[[str], Any]) -> orjson.Fragment:
        known = self._encoded.get((kind, name))
        if known is None:
            known = self._encoded[kind, name] = orjson.Fragment(orjson.dumps(make(name)))
        return known


def number(name: str) -> str:
    """A stable id for something that the sandbox knows by its name only."""
    return str(10000 + zlib.crc32(name.encode()) % 80000)
