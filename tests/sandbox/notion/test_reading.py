"""What notion-client reads from the sandbox's Notion."""

from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import notion_client
import pytest
from notion_client.errors import APIResponseError
from notion_client.helpers import collect_paginated_api

from syncd.sandbox.clock import Clock
from syncd.sandbox.notion import NotionService
from syncd.sandbox.server import Sandbox

from .conftest import NOW, entry, titles

EDITED = {"timestamp": "last_edited_time", "direction": "ascending"}
CREATED = {"timestamp": "created_time", "direction": "ascending"}


def edited(operator: str, moment: datetime) -> dict[str, Any]:
    return {"timestamp": "last_edited_time", "last_edited_time": {operator: moment.isoformat()}}


def test_the_connection_knows_itself_and_its_people(team: dict[str, str], client: notion_client.Client) -> None:
    me: Any = client.users.me()
    assert (me["type"], me["bot"]["workspace_name"]) == ("bot", "Acme")
    people: Any = client.users.list()
    assert {user["name"] for user in people["results"]} == {"Ana Lima", "Bo Chen", "syncd"}
    bo = next(user for user in people["results"] if user["name"] == "Bo Chen")
    assert client.users.retrieve(bo["id"])["person"] == {"email": "bo.chen@acme.example"}


def test_a_database_leads_to_its_data_source_and_its_schema(
    service: NotionService, roadmap: str, client: notion_client.Client
) -> None:
    database: Any = client.databases.retrieve(service.workspace.sources[roadmap].database.id)
    assert database["data_sources"] == [{"id": roadmap, "name": "Roadmap"}]
    schema: Any = client.data_sources.retrieve(roadmap)["properties"]
    assert schema["Name"]["id"] == "title"
    groups = {group["name"]: len(group["option_ids"]) for group in schema["Status"]["status"]["groups"]}
    assert groups == {"To-do": 1, "In progress": 1, "Complete": 2}
    assert [option["name"] for option in schema["Tags"]["multi_select"]["options"]] == ["a", "b"]
    assert schema["Epic"]["relation"]["data_source_id"] == roadmap
    assert schema["Epic status"]["rollup"]["relation_property_name"] == "Epic"


def test_a_page_carries_a_value_of_every_type(
    team: dict[str, str], service: NotionService, client: notion_client.Client
) -> None:
    below: Any = client.pages.retrieve(team["below"])
    values = below["properties"]
    kinds = {value["type"] for value in values.values()}
    assert kinds == {spec.type for spec in service.workspace.source("Roadmap").properties.values()}
    assert values["Epic"]["relation"] == [{"id": team["epic"]}]
    assert values["Epic"]["has_more"] is False
    assert values["Epic status"]["rollup"]["array"][0]["status"]["name"] == "Not started"
    assert values["Points"]["number"] == 3.0
    assert values["Hours"]["formula"] == {"type": "number", "number": 24.0}
    assert values["Owner"]["people"][0]["name"] == "Bo Chen"
    assert values["ID"]["unique_id"] == {"prefix": "ROA", "number": 2}
    assert values["Kind"]["select"]["name"] == "Task"
    assert values["Created by"]["created_by"]["name"] == "Ana Lima"
    assert below["created_time"].endswith(":00.000Z")


def test_references_are_written_as_people_write_them(team: dict[str, str], client: notion_client.Client) -> None:
    def values(name: str) -> Any:
        return client.pages.retrieve(team[name])["properties"]

    assert values("doing")["Link"]["url"] == "https://acme.atlassian.net/browse/WEB-12"
    assert values("done")["Link"]["url"] == "https://github.com/acme/web/issues/40"
    assert values("done")["Related"]["relation"] == [{"id": team["epic"]}]
    mention = values("brief")["Notes"]["rich_text"][-1]
    assert mention["mention"]["page"]["id"] == team["epic"]


def test_queries_filter_by_each_stamp_to_the_minute(roadmap: str, client: notion_client.Client) -> None:
    at = NOW - timedelta(days=2, hours=6)  # when "doing" was edited
    cases = {
        "on_or_after": ["Doing", "Done", "Dropped"],
        "after": ["Done", "Dropped"],
        "on_or_before": ["Epic", "Below", "Doing"],
        "before": ["Epic", "Below"],
        "equals": ["Doing"],
    }
    for operator, expected in cases.items():
        assert titles(client.data_sources.query(roadmap, filter=edited(operator, at), sorts=[EDITED])) == expected
    later = edited("on_or_after", at + timedelta(seconds=30))
    assert titles(client.data_sources.query(roadmap, filter=later, sorts=[EDITED])) == ["Done", "Dropped"]


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ({"property": "Name", "title": {"contains": "DO"}}, {"Doing", "Done"}),
        ({"property": "Notes", "rich_text": {"is_not_empty": True}}, {"Done"}),
        ({"property": "Status", "status": {"equals": "In progress"}}, {"Doing"}),
        ({"property": "Status", "status": {"does_not_equal": "Done"}}, {"Epic", "Below", "Doing", "Dropped"}),
        ({"property": "Goal", "select": {"equals": "Activation"}}, {"Epic"}),
        ({"property": "Tags", "multi_select": {"contains": "a"}}, {"Epic"}),
        ({"property": "Points", "number": {"greater_than": 2}}, {"Below"}),
        ({"property": "Blocked", "checkbox": {"equals": False}}, {"Epic", "Below", "Doing", "Done", "Dropped"}),
        ({"property": "Due", "date": {"equals": "2026-11-20"}}, {"Doing"}),
        ({"property": "Due", "date": {"past_week": {}}}, {"Doing"}),
        ({"property": "Link", "url": {"starts_with": "https://github.com"}}, {"Done"}),
        ({"property": "ID", "unique_id": {"less_than": 3}}, {"Epic", "Below"}),
        ({"or": [{"property": "Priority", "select": {"is_not_empty": True}}, {"property": "ID", "unique_id": {"equals": 1}}]}, {"Epic", "Dropped"}),
        ({"and": [{"property": "Name", "title": {"starts_with": "do"}}, {"or": [{"property": "Due", "date": {"is_empty": True}}]}]}, {"Done"}),
    ],
    ids=lambda value: None if isinstance(value, set) else str(value)[:60],
)  # fmt: skip
def test_queries_filter_by_property(
    roadmap: str, client: notion_client.Client, condition: dict[str, Any], expected: set[str]
) -> None:
    assert set(titles(client.data_sources.query(roadmap, filter=condition))) == expected


def test_relations_and_people_are_filtered_by_id(
    team: dict[str, str], service: NotionService, roadmap: str, client: notion_client.Client
) -> None:
    of_epic = {"property": "Epic", "relation": {"contains": team["epic"]}}
    assert titles(client.data_sources.query(roadmap, filter=of_epic)) == ["Below"]
    bo = {"property": "Owner", "people": {"contains": service.workspace.user("Bo Chen").id}}
    assert titles(client.data_sources.query(roadmap, filter=bo)) == ["Below"]


@pytest.mark.parametrize(
    "body",
    [
        {"filter": {"property": "Colour", "select": {"equals": "x"}}},
        {"filter": {"property": "Status", "select": {"equals": "Done"}}},
        {"filter": {"property": "Points", "number": {"sounds_like": 3}}},
        {"filter": {"timestamp": "last_edited_time", "last_edited_time": {"on_or_after": "yesterday"}}},
        {"filter": {"and": [{"or": [{"and": []}, {"and": [{"or": []}]}]}]}},
        {"sorts": [{"property": "Colour", "direction": "ascending"}]},
        {"sorts": [{"timestamp": "created_time", "direction": "up"}]},
        {"page_size": 101},
        {"page_size": 0},
        {"start_cursor": "00000000-0000-4000-8000-000000000000"},
        {"filters": {}},
    ],
    ids=str,
)
def test_a_query_that_is_not_right_is_refused(roadmap: str, client: notion_client.Client, body: dict[str, Any]) -> None:
    with pytest.raises(APIResponseError) as refused:
        client.request(path=f"data_sources/{roadmap}/query", method="POST", body=body)
    assert (refused.value.status, refused.value.code) == (400, "validation_error")


def test_sorts_weigh_in_their_order_and_empty_values_come_last(roadmap: str, client: notion_client.Client) -> None:
    by_points = [{"property": "Points", "direction": "descending"}, {"property": "Name", "direction": "descending"}]
    expected = ["Below", "Epic", "Dropped", "Done", "Doing"]
    assert titles(client.data_sources.query(roadmap, sorts=by_points)) == expected


@pytest.mark.parametrize("direction", ["ascending", "descending"])
@pytest.mark.parametrize("stamp", ["created_time", "last_edited_time"])
def test_cursors_lead_through_every_row_once(
    service: NotionService, client: notion_client.Client, stamp: str, direction: str
) -> None:
    service.plant([entry(f"p{n}", updated=NOW - timedelta(minutes=n * 7 % 11)) for n in range(25)], {})
    sorts = [{"timestamp": stamp, "direction": direction}]
    source = service.workspace.source("Roadmap").id
    rows: Any = collect_paginated_api(client.data_sources.query, data_source_id=source, sorts=sorts, page_size=4)
    assert len({row["id"] for row in rows}) == len(rows) == 25
    assert [row[stamp] for row in rows] == sorted((row[stamp] for row in rows), reverse=direction == "descending")


def test_a_capped_query_says_so_on_every_page_and_windows_go_on(
    service: NotionService, client: notion_client.Client
) -> None:
    service.plant([entry(f"p{n}", created=NOW - timedelta(hours=30 - n)) for n in range(25)], {})
    service.queries.row_cap = 10
    source, seen, since = service.workspace.source("Roadmap").id, set[str](), datetime(2026, 1, 1, tzinfo=UTC)
    for _ in range(10):
        window = {"timestamp": "created_time", "created_time": {"on_or_after": since.isoformat()}}
        first: Any = client.data_sources.query(source, filter=window, sorts=[CREATED], page_size=6)
        last: Any = first
        if first["has_more"]:
            cursor = first["next_cursor"]
            last = client.data_sources.query(source, filter=window, sorts=[CREATED], page_size=6, start_cursor=cursor)
        assert last["has_more"] is False
        assert first.get("request_status") == last.get("request_status")
        seen |= {row["id"] for row in (*first["results"], *last["results"])}
        if "request_status" not in last:
            break
        assert last["request_status"]["incomplete_reason"] == "query_result_limit_reached"
        since = datetime.fromisoformat(last["results"][-1]["created_time"])
    assert len(seen) == 25


def test_only_the_properties_asked_for_come(service: NotionService, roadmap: str, client: notion_client.Client) -> None:
    points = service.workspace.sources[roadmap].columns["Points"].id
    for spelled in (points, httpx.URL(f"http://x/?q={points}").params["q"]):
        answer: Any = client.data_sources.query(roadmap, filter_properties=["title", spelled])
        assert {name for row in answer["results"] for name in row["properties"]} == {"Name", "Points"}
    with pytest.raises(APIResponseError):
        client.data_sources.query(roadmap, filter_properties=["none"])


def test_long_relations_are_cut_and_whole_at_the_property(
    service: NotionService, roadmap: str, team: dict[str, str], client: notion_client.Client
) -> None:
    service.plant([entry(f"p{n}") for n in range(60)], {})
    ids = [row["native_id"] for row in service.truth() if row["title"].startswith("P")]
    service.act("edit", {"id": team["epic"], "related": ids, "people": [f"Person {n}" for n in range(30)]})
    page: Any = client.pages.retrieve(team["epic"])
    related, owner = page["properties"]["Related"], page["properties"]["Owner"]
    assert (len(related["relation"]), related["has_more"], len(owner["people"])) == (25, True, 25)
    whole: Any = collect_paginated_api(
        client.pages.properties.retrieve, page_id=team["epic"], property_id=related["id"], page_size=20
    )
    assert [item["relation"]["id"] for item in whole] == ids
    people: Any = client.pages.properties.retrieve(team["epic"], owner["id"])
    assert len(people["results"]) == 30
    assert people["property_item"]["type"] == "people"


def test_properties_are_read_one_by_one(
    service: NotionService, roadmap: str, team: dict[str, str], client: notion_client.Client
) -> None:
    columns = service.workspace.sources[roadmap].columns
    status: Any = client.pages.properties.retrieve(team["doing"], columns["Status"].id)
    assert (status["object"], status["status"]["name"]) == ("property_item", "In progress")
    rollup: Any = client.pages.properties.retrieve(team["below"], columns["Epic status"].id)
    assert rollup["property_item"]["rollup"] == {"type": "array", "array": [], "function": "show_original"}
    assert rollup["results"][0]["status"]["name"] == "Not started"
    with pytest.raises(APIResponseError, match="Could not find property"):
        client.pages.properties.retrieve(team["doing"], "none")


def test_what_is_not_shared_cannot_be_found(roadmap: str, team: dict[str, str], sandbox: Sandbox, client: notion_client.Client) -> None:  # fmt: skip
    sandbox.act("notion", "forbid", place="Roadmap")
    for read in (
        lambda: client.data_sources.query(roadmap),
        lambda: client.data_sources.retrieve(roadmap),
        lambda: client.pages.retrieve(team["epic"]),
    ):
        with pytest.raises(APIResponseError) as refused:
            read()
        assert (refused.value.status, refused.value.code) == (404, "object_not_found")
        assert "shared with your integration" in str(refused.value)
    assert [row["title"] for row in sandbox.truth("notion")] == ["Brief"]
    sandbox.act("notion", "allow", place=roadmap)
    assert len(titles(client.data_sources.query(roadmap))) == 5


def test_search_finds_titles_latest_first(team: dict[str, str], roadmap: str, client: notion_client.Client) -> None:
    found: Any = client.search(query="do", filter={"property": "object", "value": "page"})
    assert titles(found) == ["Done", "Doing"]
    sources: Any = client.search(filter={"property": "object", "value": "data_source"})
    assert {source["title"][0]["plain_text"] for source in sources["results"]} == {"Roadmap", "Design briefs"}


def test_requests_without_token_version_or_place_are_refused(service: NotionService, sandbox: Sandbox) -> None:
    right = {"Authorization": f"Bearer {service.token}", "Notion-Version": "2026-03-11"}

    def refusal(path: str = "/v1/users/me", **headers: str) -> tuple[int, str]:
        sent = {name: value for name, value in (right | headers).items() if value}
        answer = httpx.get(sandbox.root("notion") + path, headers=sent)
        assert answer.json()["request_id"]
        return answer.status_code, answer.json()["code"]

    assert refusal(Authorization="Bearer ntn_wrong") == (401, "unauthorized")
    assert refusal(**{"Notion-Version": ""}) == (400, "missing_version")
    assert refusal(**{"Notion-Version": "2021-01-01"}) == (400, "missing_version")
    assert refusal("/v1/nothing") == (400, "invalid_request_url")
    assert refusal("/v1/pages/12") == (400, "validation_error")


def test_the_older_version_still_says_archived(team: dict[str, str], service: NotionService, sandbox: Sandbox) -> None:
    def page(version: str) -> Any:
        headers = {"Authorization": f"Bearer {service.token}", "Notion-Version": version}
        return httpx.get(f"{sandbox.root('notion')}/v1/pages/{team['epic']}", headers=headers).json()

    assert page("2025-09-03")["archived"] is False
    assert "archived" not in page("2026-03-11")


def test_a_connection_has_so_many_requests_a_minute(
    service: NotionService, client: notion_client.Client, sandbox: Sandbox, clock: Clock
) -> None:
    sandbox.act("notion", "limit", per_minute=2)
    client.users.me()
    client.users.me()
    with pytest.raises(APIResponseError) as refused:
        client.users.me()
    assert (refused.value.status, refused.value.code) == (429, "rate_limited")
    assert refused.value.additional_data == {"rate_limit_reason": "connection_rate_limit"}
    wait = int(refused.value.headers["retry-after"])
    assert 55 <= wait <= 60
    clock.advance(wait)
    client.users.me()
    sandbox.act("notion", "limit", seconds=90)
    with pytest.raises(APIResponseError) as shared:
        client.users.me()
    assert int(shared.value.headers["retry-after"]) > 60


def test_truth_is_what_queries_show(team: dict[str, str], roadmap: str, sandbox: Sandbox, client: notion_client.Client) -> None:  # fmt: skip
    rows: Any = {row["id"]: row for row in client.data_sources.query(roadmap)["results"]}
    truth = {row["native_id"]: row for row in sandbox.truth("notion") if row["container"] == roadmap}
    assert truth.keys() == rows.keys()
    for page_id, row in rows.items():
        true, values = truth[page_id], row["properties"]
        assert (true["url"], true["updated_at"]) == (row["url"], row["last_edited_time"])
        assert true["status"] == values["Status"]["status"]["name"]
        assert true["labels"] == [tag["name"] for tag in values["Tags"]["multi_select"]]
        assert true["key"] == f"ROA-{values['ID']['unique_id']['number']}"
