import json
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from connectors.base import BadResponse
from connectors.item import Item, Person, Ref
from connectors.jira import parse
from connectors.jira.site import Site

CLOUD = Site("cloud", "https://acme.atlassian.net", goal=("cf_g",), epic=("cf_e",), sprint=("cf_s",), points=("cf_p",))
ANA = {"accountId": "5b1", "displayName": "Ana Diaz", "emailAddress": "ana@acme.example", "accountType": "atlassian"}
MINIMAL = {"id": "1", "key": "WEB-1"}


def of(**fields):
    return parse.item(MINIMAL | {"fields": fields}, "acme-jira", CLOUD)


def test_a_whole_issue_of_cloud():
    issue = {
        "id": "10001",
        "key": "WEB-12",
        "fields": {
            "summary": "Refunds fail, see PAY-7",
            "status": {"name": "In Review", "statusCategory": {"key": "indeterminate"}},
            "issuetype": {"name": "Story", "subtask": False, "hierarchyLevel": 0},
            "project": {"key": "WEB"},
            "parent": {"key": "WEB-1"},
            "labels": ["checkout", "partner/globex"],
            "assignee": ANA,
            "reporter": {"accountId": "bot", "displayName": "Build", "accountType": "app"},
            "priority": {"name": "High"},
            "components": [{"name": "API"}, {"name": "Web"}],
            "fixVersions": [{"name": "1.2"}],
            "created": "2026-11-02T09:30:00.250+0100",
            "updated": "2026-11-03T09:30:00.000+0000",
            "duedate": "2026-12-01",
            "resolution": None,
            "description": {
                "type": "doc",
                "content": [{"type": "paragraph", "content": [{"type": "text", "text": "Why"}]}],
            },
            "issuelinks": [{"type": {"name": "Blocks"}, "outwardIssue": {"key": "PAY-3"}}],
            "cf_g": {"value": "activation"},
            "cf_s": [{"name": "Sprint 4", "state": "active"}],
            "cf_p": 3.0,
        },
    }
    assert parse.item(issue, "acme-jira", CLOUD) == Item(
        tracker="acme-jira",
        native_id="10001",
        container="WEB",
        key="WEB-12",
        address="jira:WEB-12",
        kind="story",
        type="Story",
        title="Refunds fail, see PAY-7",
        url="https://acme.atlassian.net/browse/WEB-12",
        status="In Review",
        status_category="in_progress",
        created_at=datetime(2026, 11, 2, 8, 30, 0, 250_000, UTC),
        updated_at=datetime(2026, 11, 3, 9, 30, tzinfo=UTC),
        body="Why",
        labels=("checkout", "partner/globex"),
        assignees=(Person("5b1", "Ana Diaz", "ana@acme.example"),),
        reporter=Person("bot", "Build", bot=True),
        parent="jira:WEB-1",
        goals=("activation",),
        components=("API", "Web"),
        versions=("1.2",),
        sprint="Sprint 4",
        points=3.0,
        priority="High",
        due=date(2026, 12, 1),
        refs=(Ref("links", "jira:PAY-3", "Blocks"), Ref("mentions", "jira:PAY-7", "title")),
    )


@pytest.mark.parametrize(
    ("issue_type", "kind"),
    [
        ({"name": "Epic", "hierarchyLevel": 1}, "epic"),
        ({"name": "Initiative", "hierarchyLevel": 2}, "epic"),
        ({"name": "Epic"}, "epic"),
        ({"name": "Story"}, "story"),
        ({"name": "Task", "hierarchyLevel": 0}, "task"),
        ({"name": "Bug", "subtask": False}, "bug"),
        ({"name": "Unteraufgabe", "subtask": True}, "subtask"),
        ({"name": "Technical task", "hierarchyLevel": -1}, "subtask"),
        ({"name": "Incident"}, "other"),
        ({}, "other"),
        (None, "other"),
    ],
)
def test_the_kind_of_an_issue(issue_type, kind):
    assert of(issuetype=issue_type).kind == kind


@pytest.mark.parametrize(
    ("status", "resolution", "category"),
    [
        ({"name": "Backlog", "statusCategory": {"key": "new"}}, None, "todo"),
        ({"name": "Doing", "statusCategory": {"key": "indeterminate"}}, None, "in_progress"),
        ({"name": "Released", "statusCategory": {"key": "done"}}, None, "done"),
        ({"name": "Done", "statusCategory": {"key": "done"}}, {"name": "Fixed"}, "done"),
        ({"name": "Done", "statusCategory": {"key": "done"}}, {"name": "Won't Do"}, "cancelled"),
        ({"name": "Closed", "statusCategory": {"key": "done"}}, {"name": "Duplicate"}, "cancelled"),
        ({"name": "Closed", "statusCategory": {"key": "done"}}, {"name": "Cannot Reproduce"}, "cancelled"),
        ({"name": "Cancelled", "statusCategory": {"key": "done"}}, None, "cancelled"),
        ({"name": "Reopened", "statusCategory": {"key": "new"}}, {"name": "Duplicate"}, "todo"),
        ({"name": "?", "statusCategory": {"key": "undefined"}}, None, "todo"),
        ({"name": "Resolved"}, {"name": "Fixed"}, "done"),
        ({"name": "Resolved"}, {"name": "Declined"}, "cancelled"),
        (None, None, "todo"),
    ],
)
def test_the_category_of_a_status(status, resolution, category):
    assert of(status=status, resolution=resolution).status_category == category


DONE = {"name": "Done", "statusCategory": {"key": "done"}}
OPEN = {"name": "Open", "statusCategory": {"key": "new"}}
AT = "2026-11-02T09:30:00.000+0000"
LATER = "2026-11-03T09:30:00.000+0000"


@pytest.mark.parametrize(
    ("fields", "day"),
    [
        ({"status": DONE, "resolutiondate": AT, "statuscategorychangedate": LATER}, 2),
        ({"status": DONE, "resolutiondate": None, "statuscategorychangedate": LATER}, 3),
        ({"status": DONE}, None),
        ({"status": OPEN, "resolutiondate": AT}, None),
    ],
)
def test_when_an_issue_was_closed(fields, day):
    closed = of(**fields).closed_at
    assert (closed.day if closed else None) == day


@pytest.mark.parametrize(
    ("fields", "parent"),
    [
        ({"parent": {"key": "WEB-1"}, "cf_e": "WEB-2"}, "jira:WEB-1"),
        ({"parent": None, "cf_e": "WEB-2"}, "jira:WEB-2"),
        ({"cf_e": None}, ""),
        ({"parent": {}}, ""),
        ({"cf_e": {"unexpected": 1}}, ""),
    ],
)
def test_the_parent_of_an_issue(fields, parent):
    assert of(**fields).parent == parent


@pytest.mark.parametrize(
    ("user", "person"),
    [
        (ANA, Person("5b1", "Ana Diaz", "ana@acme.example")),
        ({"key": "JIRAUSER1", "name": "ana", "displayName": "Ana"}, Person("JIRAUSER1", "Ana")),
        ({"name": "fred"}, Person("fred", "fred")),
        (
            {"accountId": "unknown", "displayName": "Former user", "emailAddress": None},
            Person("unknown", "Former user"),
        ),
        ({"displayName": "Person A"}, Person("Person A", "Person A")),
        ({}, None),
        (None, None),
    ],
)
def test_people_as_jira_knows_them(user, person):
    item = of(assignee=user, reporter=user)
    assert item.reporter == person
    assert item.assignees == ((person,) if person else ())


@pytest.mark.parametrize(
    ("value", "goals"),
    [
        ({"value": "activation"}, ("activation",)),
        ([{"value": "activation"}, {"value": "growth"}, {"value": "activation"}], ("activation", "growth")),
        ({"value": "growth", "child": {"value": "activation"}}, ("growth", "activation")),
        (" activation ", ("activation",)),
        (["a", "b"], ("a", "b")),
        ({"type": "doc", "content": [{"type": "paragraph", "content": [{"type": "text", "text": "a"}]}]}, ("a",)),
        ({"name": "Q4"}, ("Q4",)),
        (4.0, ("4",)),
        ("", ()),
        ({}, ()),
        ([None], ()),
        (None, ()),
    ],
)
def test_the_goal_field_in_every_type(value, goals):
    assert of(cf_g=value).goals == goals


@pytest.mark.parametrize(
    ("value", "points"), [(3, 3.0), (0.5, 0.5), ("8", 8.0), ("", None), (None, None), ({"value": "L"}, None)]
)
def test_story_points(value, points):
    assert of(cf_p=value).points == points


BLOCKS = {"name": "Blocks", "inward": "is blocked by", "outward": "blocks"}
RELATES = {"name": "Relates", "inward": "relates to", "outward": "relates to"}


@pytest.mark.parametrize(
    ("link", "ref"),
    [
        ({"type": {"name": "Blocks"}, "inwardIssue": {"key": "PAY-3"}}, Ref("links", "jira:PAY-3", "Blocks")),
        ({"type": BLOCKS, "inwardIssue": {"key": "PAY-3"}}, Ref("links", "jira:PAY-3", "Blocks: is blocked by")),
        ({"type": BLOCKS, "outwardIssue": {"key": "PAY-3"}}, Ref("links", "jira:PAY-3", "Blocks")),
        ({"type": RELATES, "inwardIssue": {"key": "PAY-3"}}, Ref("links", "jira:PAY-3", "Relates")),
        ({"outwardIssue": {"key": "PAY-3"}}, Ref("links", "jira:PAY-3", "link")),
        ({"type": {"name": "Blocks"}, "outwardIssue": {}}, None),
        ({"type": None}, None),
        (None, None),
    ],
)
def test_issue_links(link, ref):
    assert of(issuelinks=[link]).refs == ((ref,) if ref else ())


def test_an_issue_does_not_refer_to_itself():
    assert of(summary="WEB-1 again", description="https://acme.atlassian.net/browse/WEB-1").refs == ()


def test_wiki_text_of_data_center_becomes_plain_text_with_its_references():
    item = of(description="h2. Why\r\n*Refunds* fail, see [the fix|https://github.com/acme/web/pull/7]")
    assert item.body == "Why\nRefunds fail, see the fix (https://github.com/acme/web/pull/7)"
    assert item.refs == (Ref("mentions", "github:acme/web#7", "body"),)


def test_every_field_may_be_null():
    names = [*CLOUD.fields]
    item = of(**dict.fromkeys(names))
    assert (item.key, item.container, item.title, item.created_at) == ("WEB-1", "WEB", "", parse.EPOCH)


@pytest.mark.parametrize("rubbish", [0, 1.5, True, "x", [], ["x"], [[]], {}, {"a": []}, [{"name": []}], {"key": 1}])
def test_rubbish_in_any_field_stops_nothing(rubbish):
    for name in CLOUD.fields:
        assert of(**{name: rubbish}).key == "WEB-1"


@pytest.mark.parametrize(
    "issue",
    [{}, {"id": "1"}, {"key": "WEB-1"}, MINIMAL | {"id": None}, MINIMAL | {"key": 5}]
    + [MINIMAL | {"fields": fields} for fields in (None, "x", [], 0)],
)
def test_an_issue_without_identity_or_fields_is_refused(issue):
    with pytest.raises(BadResponse, match="needs id, key and fields"):
        parse.item(issue, "acme-jira", CLOUD)


def test_resolution_is_kept_among_the_further_fields():
    assert of(resolution={"name": "Fixed"}).fields == {"Resolution": "Fixed"}


@pytest.mark.parametrize(
    ("value", "kept"),
    [
        ("Single sign-on", {"Public title": "Single sign-on"}),
        ({"type": "doc", "version": 1, "content": [{"type": "paragraph", "content": [{"type": "text", "text": "One"}]}]}, {"Public title": "One"}),
        ({"value": "Large"}, {"Public title": "Large"}),
        ([{"value": "A"}, {"value": "B"}], {"Public title": ["A", "B"]}),
        (3, {"Public title": 3}),
        (None, {}),
        ("", {}),
    ],
)  # fmt: skip
def test_further_fields_are_kept_by_their_name(value, kept):
    site = replace(CLOUD, more={"Public title": ("cf_none", "cf_t")})
    assert parse.item(MINIMAL | {"fields": {"cf_t": value}}, "acme-jira", site).fields == kept
    assert "cf_t" in site.fields
    assert Site.from_meta(json.loads(json.dumps(site.to_meta()))) == site
