from tests.connectors.jira.fake_jira import error, ok


def answers(jira):
    return {finding.name: (finding.ok, finding.says) for finding in jira.check()}


def test_a_healthy_site(server, connect):
    server.plant(3)
    found = answers(connect(fields={"goal": "Goal"}))
    assert found["sign-in"] == (True, "signed in as Sync Bot")
    assert found["rate limit"] == (True, "90 of 100 left")
    assert found["clock"][0] is True
    assert found["site"] == (True, "Cloud at https://acme.example/jira")
    assert found["field goal"] == (True, "customfield_1")
    assert found["field points"] == (None, "none found")
    assert found["project WEB"] == (True, "WEB")
    assert found["sample"] == (True, "WEB-1 : About WEB-1")
    assert found["writing in WEB"] == (None, "needs ADD_COMMENTS")


def test_nothing_is_written(server, connect):
    server.plant(1)
    list(connect().check())
    assert [path for path, body in server.requests if body is not None] == ["/rest/api/3/search/jql"]


def test_a_refused_sign_in_ends_the_check(server, connect):
    server.before = lambda path, body: error(401, "no")
    found = answers(connect())
    assert list(found) == ["connection"]
    assert found["connection"][0] is False


def test_a_project_that_cannot_be_read_fails_and_the_rest_goes_on(server, connect):
    server.plant(1)
    server.hidden.add("PAY")
    found = answers(connect("WEB", "PAY"))
    assert found["project WEB"][0] is True
    assert found["project PAY"][0] is False
    assert found["sample"][0] is False
    assert "writing in PAY" in found


def test_a_clock_far_off_is_noticed(server, connect):
    server.before = lambda path, body: (
        ok({"displayName": "Bot"}, {"Date": "Wed, 01 Jul 2020 10:00:00 GMT"}) if "myself" in path else None
    )
    found = answers(connect())
    assert found["clock"][0] is False
    assert "ahead of the site's" in found["clock"][1]
    assert found["rate limit"] == (None, "the site does not tell")
    assert found["sample"] == (None, "there is no issue in scope yet")
