import pytest

from connectors.jira import sprint

OLD = "com.atlassian.greenhopper.service.sprint.Sprint@1f[id=7,rapidViewId=1,state={},name={},startDate=2026-01-01,sequence=7]"


@pytest.mark.parametrize(
    ("value", "name"),
    [
        (None, ""),
        ([], ""),
        (
            [{"name": "S1", "state": "closed"}, {"name": "S2", "state": "active"}, {"name": "S3", "state": "future"}],
            "S2",
        ),
        ([{"name": "S1", "state": "closed"}, {"name": "S2", "state": "closed"}], "S2"),
        ({"name": "S1"}, "S1"),
        ([{"id": 1}], ""),
        ([OLD.format("CLOSED", "S1"), OLD.format("ACTIVE", "Sprint 2, part b")], "Sprint 2, part b"),
        ([OLD.format("CLOSED", "S1")], "S1"),
        (["com.atlassian.greenhopper.service.sprint.Sprint@1f[id=7,state=ACTIVE,name=Last [x]]"], "Last [x]"),
        (["nonsense"], ""),
        ([None, 3], ""),
    ],
)
def test_the_sprint_an_issue_is_in(value, name):
    assert sprint.current(value) == name
