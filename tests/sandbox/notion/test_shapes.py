"""The sandbox's answers beside recorded ones: nothing that Notion tells is missing."""

from pathlib import Path
from typing import Any

import orjson
import pytest
import yaml

from syncd.sandbox.base import Request
from syncd.sandbox.notion import NotionService

# keys hang on what the operator called the properties, and on where the object stands
_VARYING = (".properties", ".parent", ".database_parent")


def recorded(recordings: Path, name: str, method: str, ending: str) -> Any:
    """The body of the first recorded answer to such a request."""
    exchanges = yaml.safe_load((recordings / "notion-sdk-py" / f"{name}.yaml").read_text(encoding="utf-8"))
    for exchange in exchanges["interactions"]:
        request = exchange["request"]
        if request["method"] == method and request["uri"].partition("?")[0].endswith(ending):
            return orjson.loads(exchange["response"]["body"]["string"])
    raise AssertionError(f"{name} has no {method} …{ending}")


def ask(service: NotionService, method: str, path: str, body: Any = None) -> Any:
    headers = {"authorization": f"Bearer {service.token}", "notion-version": "2025-09-03"}
    path, _, query = path.partition("?")
    sent = orjson.dumps(body) if body is not None else b""
    response = service.handle(Request(method, path, query, headers, sent, service.root))
    return orjson.loads(orjson.dumps(response.body))


def missing(recorded: Any, ours: Any, path: str = "") -> set[str]:
    """Paths of keys in the recording that we do not have, where both have an object."""
    if isinstance(recorded, list) and isinstance(ours, list):
        return missing(recorded[0], ours[0], f"{path}[]") if recorded and ours else set()
    if not isinstance(recorded, dict) or not isinstance(ours, dict):
        return set()
    lost = {f"{path}.{key}" for key in recorded.keys() - ours.keys() if path not in _VARYING}
    return lost.union(*(missing(recorded[key], ours[key], f"{path}.{key}") for key in recorded.keys() & ours.keys()))


def test_answers_have_every_recorded_key(
    recordings: Path, team: dict[str, str], roadmap: str, service: NotionService
) -> None:
    page, database = team["epic"], service.workspace.sources[roadmap].database.id
    said = {"parent": {"page_id": page}, "rich_text": [{"text": {"content": "Hm"}}]}
    cases = [
        ("test_users_me", "GET", "/users/me", "/v1/users/me", None),
        ("test_users_list", "GET", "/users", "/v1/users", None),
        ("test_pages_create", "POST", "/pages", f"/v1/pages/{page}", None),
        ("test_databases_create", "POST", "/databases", f"/v1/databases/{database}", None),
        ("test_data_sources_create", "POST", "/data_sources", f"/v1/data_sources/{roadmap}", None),
        ("test_data_sources_query", "POST", "/query", f"/v1/data_sources/{roadmap}/query", {}),
        ("test_pages_properties_retrieve", "GET", "/title", f"/v1/pages/{page}/properties/title", None),
        ("test_comments_create", "POST", "/comments", "/v1/comments", said),
        ("test_comments_list", "GET", "/comments", f"/v1/comments?block_id={page}", None),
        ("test_search", "POST", "/search", "/v1/search", {}),
    ]
    for name, method, ending, path, body in cases:
        theirs = recorded(recordings, name, method, ending)
        ours = ask(service, "POST" if body is not None else "GET", path, body)
        # only the person knows whether they verified their address
        assert missing(theirs, ours) - {".results[].person.email_verified"} == set(), name


@pytest.mark.parametrize(
    ("name", "path"),
    [("test_api_response_error", "/v1/invalid"), ("test_api_response_error_request_id", "/v1/invalid")],
)
def test_errors_are_spelled_as_recorded(recordings: Path, service: NotionService, name: str, path: str) -> None:
    theirs = recorded(recordings, name, "GET", "/invalid")
    ours = ask(service, "GET", path)
    assert ours | {"request_id": ""} == theirs | {"request_id": ""}


def test_a_missing_page_is_spelled_as_recorded(recordings: Path, service: NotionService) -> None:
    nowhere = "00000000-0000-0000-0000-000000000000"
    files = sorted((recordings / "notion-sdk-py").glob("*.yaml"))
    holder = next(file.stem for file in files if f"pages/{nowhere}" in file.read_text(encoding="utf-8"))
    theirs = recorded(recordings, holder, "GET", nowhere)
    ours = ask(service, "GET", f"/v1/pages/{nowhere}")
    assert ours.keys() == theirs.keys()
    assert ours["message"] == theirs["message"].replace("notion-sdk-py", "syncd")
