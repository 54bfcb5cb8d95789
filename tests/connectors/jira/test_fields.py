import pytest

from connectors.base import BadResponse
from connectors.jira import fields
from connectors.jira.settings import Fields


def custom(number, name, kind):
    return {"id": f"customfield_{number}", "name": name, "schema": {"type": "any", "custom": kind}}


SITE = [
    {"id": "summary", "name": "Summary", "schema": {"type": "string", "system": "summary"}},
    {"id": "issuekey", "name": "Key"},
    custom(1, "Epos-Verknüpfung", fields.EPIC_LINK),
    custom(2, "Etappe", fields.SPRINT),
    custom(3, "Story Points", fields.NUMBER),
    custom(4, "Story point estimate", fields.TEAM_POINTS),
    custom(5, "Budget", fields.NUMBER),
    custom(6, "Strategic goal", "com.atlassian.jira.plugin.system.customfieldtypes:select"),
    custom(7, "Strategic goal", "com.atlassian.jira.plugin.system.customfieldtypes:textfield"),
]


def test_fields_are_found_by_their_schema_whatever_they_are_called():
    assert fields.find(SITE, Fields()) == {
        "goal": (),
        "epic": ("customfield_1",),
        "sprint": ("customfield_2",),
        "points": ("customfield_4", "customfield_3"),
    }


@pytest.mark.parametrize(
    ("wanted", "ids"),
    [("customfield_6", ("customfield_6",)), ("strategic GOAL", ("customfield_6", "customfield_7"))],
)
def test_the_goal_field_is_named_by_id_or_name(wanted, ids):
    assert fields.find(SITE, Fields(goal=wanted))["goal"] == ids


def test_a_pinned_field_replaces_the_one_found():
    assert fields.find(SITE, Fields(points="Budget"))["points"] == ("customfield_5",)


def test_a_field_that_is_not_there_is_an_error_with_similar_names():
    with pytest.raises(BadResponse, match=r"no field 'Strategic goals'.*similar: Strategic goal"):
        fields.find(SITE, Fields(goal="Strategic goals"))


def test_a_site_without_agile_fields_has_none():
    assert fields.find(SITE[:2], Fields()) == {"goal": (), "epic": (), "sprint": (), "points": ()}


PUBLIC = [
    {"id": "customfield_7", "name": "Public title", "schema": {"custom": "textfield"}},
    {"id": "customfield_8", "name": "public title", "schema": {"custom": "textfield"}},
    {"id": "customfield_9", "name": "Teams", "schema": {"custom": "multiselect"}},
]


def test_text_for_partners_is_kept_where_the_site_has_fields_for_it():
    assert fields.more(PUBLIC, Fields()) == {"Public title": ("customfield_7", "customfield_8")}
    assert fields.more(PUBLIC[2:], Fields()) == {}


def test_further_fields_are_kept_by_the_name_that_people_see():
    assert fields.more(PUBLIC, Fields(more=("customfield_9",))) == {"Teams": ("customfield_9",)}
    assert fields.more(PUBLIC, Fields(more=())) == {}
    with pytest.raises(BadResponse, match=r"no field 'Team' that this account can see: .*Teams"):
        fields.more(PUBLIC, Fields(more=("Team",)))
