"""What notion-client writes to the sandbox's Notion, and what people do to it behind the API's back."""

from datetime import timedelta
from typing import Any

import notion_client
import pytest
from notion_client.errors import APIResponseError

from syncd.sandbox.clock import Clock
from syncd.sandbox.notion import NotionService
from syncd.sandbox.server import Sandbox

from .conftest import NOW, entry, titles


def text(content: str) -> list[dict[str, Any]]:
    return [{"text": {"content": content}}]


def row(service: NotionService, page_id: str) -> dict[str, Any]:
    return next(row for row in service.truth() if row["native_id"] == page_id)


def events_of(service: NotionService) -> list[str]:
    events, service.events = service.events, []
    return [event.name for event in events]


def test_a_page_is_created_and_found_by_its_own_id_property(
    roadmap: str, service: NotionService, client: notion_client.Client
) -> None:
    made: Any = client.pages.create(
        parent={"type": "data_source_id", "data_source_id": roadmap},
        properties={
            "Name": {"title": text("Mirror")},
            "Notes": {"rich_text": text("syncd:42")},
            "Status": {"status": {"name": "Done"}},
            "Tags": {"multi_select": [{"name": "a"}, {"name": "fresh"}]},
            "Owner": {"people": [{"id": service.workspace.user("Bo Chen").id}]},
            "Due": {"date": {"start": "2026-12-01"}},
            "Blocked": {"checkbox": True},
            "Link": {"url": "https://example.com"},
            "Points": {"number": 5},
        },
    )
    assert made["created_by"]["id"] == service.workspace.bot.id
    found: Any = client.data_sources.query(roadmap, filter={"property": "Notes", "rich_text": {"equals": "syncd:42"}})
    assert [page["id"] for page in found["results"]] == [made["id"]]
    true = row(service, made["id"])
    assert (true["status_category"], true["labels"], true["due"], true["points"]) == (
        "done",
        ["a", "fresh"],
        "2026-12-01",
        5,
    )


def test_only_what_is_named_changes(team: dict[str, str], service: NotionService, client: notion_client.Client) -> None:
    before = row(service, team["below"])
    client.pages.update(team["below"], properties={"Points": {"number": 8}})
    after = row(service, team["below"])
    changed = {name for name in before if before[name] != after[name]}
    assert changed == {"points", "updated_at"}
    client.pages.update(team["below"], properties={"Points": {"number": None}, "Epic": {"relation": []}})
    assert (row(service, team["below"])["points"], row(service, team["below"])["parent"]) == (None, None)


@pytest.mark.parametrize(
    "properties",
    [
        {"Colour": {"select": {"name": "red"}}},
        {"Status": {"status": {"name": "Invented"}}},
        {"Status": {"select": {"name": "Done"}}},
        {"Tags": {"multi_select": [{"name": "a, b"}]}},
        {"Points": {"number": "three"}},
        {"Notes": {"rich_text": [{"text": {"content": "x" * 2001}}]}},
        {"Hours": {"formula": {}}},
        {"Owner": {"people": [{"id": "nobody"}]}},
        {"Due": {"date": {"end": "2026-12-01"}}},
        {"Link": {"url": ""}},
        {"Blocked": {"checkbox": "yes"}},
    ],
    ids=str,
)
def test_values_that_do_not_fit_are_refused_and_change_nothing(
    team: dict[str, str], service: NotionService, client: notion_client.Client, properties: dict[str, Any]
) -> None:
    before = service.truth()
    with pytest.raises(APIResponseError) as refused:
        client.pages.update(team["below"], properties=properties)
    assert (refused.value.status, refused.value.code) == (400, "validation_error")
    assert service.truth() == before


def test_the_trash_is_listed_apart_and_given_back(
    team: dict[str, str], roadmap: str, service: NotionService, client: notion_client.Client
) -> None:
    client.pages.update(team["done"], in_trash=True)
    assert "Done" not in titles(client.data_sources.query(roadmap))
    assert titles(client.data_sources.query(roadmap, in_trash=True)) == ["Done"]
    page: Any = client.pages.retrieve(team["done"])
    assert page["in_trash"] is True
    with pytest.raises(APIResponseError, match="archived"):
        client.pages.update(team["done"], properties={"Points": {"number": 1}})
    client.pages.update(team["done"], in_trash=False)
    assert "Done" in titles(client.data_sources.query(roadmap))
    assert titles(client.data_sources.query(roadmap, in_trash=True)) == []
    assert events_of(service) == []  # the server has delivered them


def test_comments_are_made_answered_and_changed(team: dict[str, str], client: notion_client.Client) -> None:
    first: Any = client.comments.create(parent={"page_id": team["epic"]}, rich_text=text("Why?"))
    client.comments.create(discussion_id=first["discussion_id"], rich_text=text("Because."))
    client.comments.update(first["id"], rich_text=text("Why though?"))
    listed: Any = client.comments.list(block_id=team["epic"])
    said = [comment["rich_text"][0]["plain_text"] for comment in listed["results"]]
    assert said == ["Why though?", "Because."]
    client.comments.delete(first["id"])
    left: Any = client.comments.list(block_id=team["epic"])
    assert len(left["results"]) == 1


def test_a_connection_changes_its_own_comments_alone(
    team: dict[str, str], sandbox: Sandbox, client: notion_client.Client
) -> None:
    foreign = sandbox.act("notion", "comment", id=team["epic"], body="Mine")
    with pytest.raises(APIResponseError) as refused:
        client.comments.update(foreign, rich_text=text("Ours"))
    assert (refused.value.status, refused.value.code) == (403, "restricted_resource")


def test_a_moved_page_keeps_its_id_and_what_fits(
    team: dict[str, str], service: NotionService, client: notion_client.Client
) -> None:
    briefs = service.workspace.source("Design briefs")
    client.pages.move(team["epic"], parent={"type": "data_source_id", "data_source_id": briefs.id})
    true = row(service, team["epic"])
    assert (true["container"], true["key"]) == (briefs.id, "DES-2")
    assert (true["labels"], true["status"], true["goals"]) == (["a", "b"], "Not started", ["Activation"])
    schema: Any = client.data_sources.retrieve(briefs.id)["properties"]
    page: Any = client.pages.retrieve(team["epic"])
    options = {option["id"] for option in schema["Tags"]["multi_select"]["options"]}
    assert {tag["id"] for tag in page["properties"]["Tags"]["multi_select"]} <= options
    assert "Epic" not in titles(client.data_sources.query(service.workspace.source("Roadmap").id))


def test_a_renamed_property_keeps_its_id(
    team: dict[str, str], roadmap: str, service: NotionService, sandbox: Sandbox, client: notion_client.Client
) -> None:
    before = service.workspace.sources[roadmap].columns["Points"].id
    sandbox.act("notion", "rename", place="Roadmap", property="Points", to="Estimate")
    page: Any = client.pages.retrieve(team["below"])
    assert page["properties"]["Estimate"]["id"] == before
    assert row(service, team["below"])["points"] == 3.0
    sandbox.act("notion", "edit", id=team["below"], points=13)
    assert row(service, team["below"])["points"] == 13


def test_queries_lag_behind_pages(
    team: dict[str, str], roadmap: str, sandbox: Sandbox, client: notion_client.Client, clock: Clock
) -> None:
    sandbox.act("notion", "lag", seconds=30)
    sandbox.act("notion", "edit", id=team["epic"], title="Epic, edited")
    new = sandbox.act("notion", "create", place="Roadmap", title="New")
    sandbox.act("notion", "trash", id=team["done"])
    sandbox.act("notion", "edit", id=new, title="New, edited")
    assert titles(client.data_sources.query(roadmap)) == ["Epic", "Below", "Doing", "Done", "Dropped"]
    page: Any = client.pages.retrieve(new)
    assert page["properties"]["Name"]["title"][0]["plain_text"] == "New, edited"
    clock.advance(31)
    expected = ["Epic, edited", "Below", "Doing", "Dropped", "New, edited"]
    assert titles(client.data_sources.query(roadmap)) == expected
    assert {row["title"] for row in sandbox.truth("notion")} == {*expected, "Brief"}


def test_a_cursor_whose_row_is_gone_is_refused(
    service: NotionService, sandbox: Sandbox, client: notion_client.Client
) -> None:
    service.plant([entry(f"p{n}", created=NOW - timedelta(hours=30 - n)) for n in range(9)], {})
    source = service.workspace.source("Roadmap").id
    first: Any = client.data_sources.query(source, page_size=4)
    sandbox.act("notion", "delete", id=first["next_cursor"])
    with pytest.raises(APIResponseError, match="start_cursor"):
        client.data_sources.query(source, page_size=4, start_cursor=first["next_cursor"])


def test_people_who_are_gone_have_no_name(
    team: dict[str, str], service: NotionService, sandbox: Sandbox, client: notion_client.Client
) -> None:
    sandbox.act("notion", "ghost", person="Bo Chen")
    page: Any = client.pages.retrieve(team["below"])
    (owner,) = page["properties"]["Owner"]["people"]
    assert owner.keys() == {"object", "id"}
    assert row(service, team["below"])["assignees"] == [""]


def test_what_happens_is_told_to_webhooks(team: dict[str, str], service: NotionService) -> None:
    new = service.act("create", {"place": "Roadmap", "title": "New"})
    service.act("edit", {"id": new, "status": "done"})
    service.act("trash", {"id": new})
    service.act("restore", {"id": new})
    service.act("move", {"id": new, "to": "Design briefs"})
    service.act("rename", {"place": "Roadmap", "property": "Notes", "to": "Text"})
    service.act("comment", {"id": new, "body": "Hm"})
    (edit,) = [event for event in service.events if event.name == "page.properties_updated"]
    assert edit.payload["entity"] == {"id": new, "type": "page"}
    status = service.workspace.source("Roadmap").columns["Status"].id
    assert edit.payload["data"]["updated_properties"] == [status]
    assert "properties" not in edit.payload["data"]
    assert events_of(service) == [
        "page.created",
        "page.properties_updated",
        "page.deleted",
        "page.undeleted",
        "page.moved",
        "data_source.schema_updated",
        "comment.created",
    ]


def test_acts_name_what_they_do_not_know(team: dict[str, str], service: NotionService) -> None:
    for name, arguments in (
        ("explode", {}),
        ("edit", {"id": "none", "title": "x"}),
        ("edit", {"id": team["epic"], "colour": "red"}),
        ("forbid", {"place": "Nowhere"}),
        ("rename", {"place": "Roadmap", "property": "Colour", "to": "x"}),
        ("ghost", {"person": "Nobody"}),
    ):
        with pytest.raises(KeyError):
            service.act(name, arguments)


def test_a_reference_to_nothing_is_refused(service: NotionService) -> None:
    with pytest.raises(KeyError, match="not planted yet"):
        service.plant([entry("lonely", mentions=("nowhere",))], {})


def test_everything_is_the_same_for_the_same_seed(clock: Clock) -> None:
    one, other = (NotionService(clock, 3) for _ in range(2))
    for service in (one, other):
        service.plant([entry("epic", kind="epic"), entry("below", parent="epic", labels=("a", "b"))], {})
    assert one.truth() == other.truth()
    assert one.token == other.token
