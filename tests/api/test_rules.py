"""What holds for every operation: who may, in what shape it fails, how it is repeated, compared and paged."""

import gzip
import re
from datetime import timedelta

import pytest
import yaml
from django.db import DatabaseError, connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from syncd.accounts.access import MAY, Act, may
from syncd.accounts.models import Role, Token
from syncd.api import describing, limits
from syncd.api.door import Entrance, Session
from syncd.api.models import Sent
from syncd.api.problems import MEDIA_TYPE
from syncd.api.site import PREFIX, api
from syncd.review import queue
from syncd.review.models import Flag, Verdict
from tests.review.desk import epic, orphans
from tests.review.pages.conftest import written

OPERATIONS = {api.get_openapi_operation_id(each): each for each in describing.operations(api)}
SCOPES = [("read",), ("read", "decide"), ("read", "decide", "operate"), ("decide",), ("operate",)]
LOOKING = {"GET"}


def address(operation) -> str:
    """Where it is, with names that nothing has."""
    path = re.sub(r"\{int:\w+\}", "987654", operation.path)
    return f"/{PREFIX}{re.sub(r'{[a-z]+}', 'none', path).lstrip('/')}"


def is_problem(answer, status: int) -> dict:
    assert answer.status_code == status, answer.content
    assert answer.headers["Content-Type"] == MEDIA_TYPE
    assert int(answer.headers.get("Content-Length", len(answer.content))) == len(answer.content)
    told = answer.json()
    assert told["status"] == status
    assert {"type", "title", "detail", "instance"} <= told.keys()
    assert told["detail"].endswith((".", "!", "?")) or len(told["detail"]) > 8
    return told


def test_every_operation_declares_its_need():
    assert len(OPERATIONS) > 40
    for name, operation in OPERATIONS.items():
        (token, session) = operation.auth_callbacks
        assert isinstance(token, Entrance)
        assert isinstance(session, Session)
        assert token.act in set(Act), name
        if "GET" not in operation.methods:
            assert token.act == session.act
        assert len(operation.methods) == 1


@pytest.mark.parametrize("name", OPERATIONS)
@pytest.mark.any_store
def test_who_may_is_told_by_role_and_scope(name, role, by_token, by_session):
    """Whoever has neither hears 403, before anything about what they sent; nobody hears 401."""
    operation = OPERATIONS[name]
    (method,), entrance = operation.methods, operation.auth_callbacks[0]
    is_problem(by_session(None)(method, address(operation)), 401)
    for who, person in role.items():
        for scopes in SCOPES:
            answer = by_token(person, *scopes)(method, address(operation))
            let_in = entrance.act in MAY[who] and entrance.act in scopes and not entrance.in_person
            assert (answer.status_code not in (401, 403)) is let_in, (who, scopes, answer.content)
        answer = by_session(person)(method, address(operation))
        assert (answer.status_code not in (401, 403)) is may(person, entrance.act), who


@pytest.mark.parametrize("name", OPERATIONS)
@pytest.mark.any_store
def test_a_script_in_a_browser_sends_the_hidden_token_with_every_change(name, omar, by_session):
    operation = OPERATIONS[name]
    (method,) = operation.methods
    answer = by_session(omar, checks_forms=True)(method, address(operation))
    if method in LOOKING:
        assert answer.status_code != 403
    else:
        assert "too old" in is_problem(answer, 403)["detail"]


def test_a_token_that_opens_nothing_is_nobody_whatever_the_cookies_say(ana, by_session, asks):
    script = by_session(ana)
    assert script.get("me").status_code == 200
    script.token = "sy_aaaaaaaa_" + "x" * 43
    assert is_problem(script.get("me"), 401)
    assert script.get("me").headers["WWW-Authenticate"] == "Bearer"
    Token.objects.update(revoked_at=timezone.now())
    is_problem(asks.get("me"), 401)


def test_who_was_shut_out_is_nobody(ana, asks):
    ana.shut_out()
    is_problem(asks.get("me"), 401)


def test_a_role_that_is_less_than_the_token_counts(ana, asks):
    ana.role = Role.VIEWER
    ana.save()
    is_problem(asks.post("flags/1/decisions", {"kind": "link"}), 403)


def test_a_token_gives_no_way_in(omar, by_token):
    """Else a scope would be worth nothing: with a link or another token it would be gone."""
    asks = by_token(omar)
    assert "signed in" in is_problem(asks.post(f"people/{omar.pk}/links"), 403)["detail"]
    is_problem(asks.post("me/tokens", {"name": "more", "scopes": ["operate"]}), 403)


def test_what_is_wrong_is_told_with_its_place(asks):
    told = is_problem(asks.get("flags?limit=0&age=x"), 422)
    assert {each["where"] for each in told["errors"]} == {"query.limit", "query.age"}
    told = is_problem(asks.post("flags/1/decisions", {"kind": "burn", "whatever": 1}), 422)
    assert {each["where"] for each in told["errors"]} == {"body.kind", "body.whatever"}
    told = is_problem(asks.post("flags/1/decisions", {"kind": "link", "reason": "a\0b"}), 422)
    assert told["errors"][0]["where"] == "body.reason"
    told = is_problem(asks.post("flags/1/decisions", [1]), 422)
    assert told["errors"][0]["where"] == "body"
    told = is_problem(asks.get("flags?severity=HIGH"), 422)
    assert told["errors"][0]["where"] == "query.severity.0"
    told = is_problem(asks.get("items/none/explanation?at=2026-11-20"), 422)
    assert told["detail"] == "query.at: give the time of day with its offset, such as 2026-11-20T09:30:00Z"
    for until in ("0001-01-01T00:00:00Z", "9999-12-31T23:59:59-12:00", "2026-12-01T00:00:00", "soon"):
        is_problem(asks.post("flags/1/decisions", {"kind": "snooze", "until": until}), 422)


@pytest.mark.parametrize(
    ("address", "what"),
    [
        ("flags?kinds=epic", 'nothing here has this name; did you mean "kind"?'),
        ("items/none/explanation?item=x", "nothing here has this name; known here: at"),
        ("me?limit=1", "nothing here has this name"),
    ],
)
def test_a_filter_that_is_misspelt_does_not_let_everything_through(address, what, asks):
    (error,) = is_problem(asks.get(address), 422)["errors"]
    assert error == {"where": f"query.{address.partition('?')[2].partition('=')[0]}", "what": what}


@pytest.mark.parametrize(
    ("method", "path", "body", "headers", "status"),
    [
        ("GET", "flags?after=made-up", None, {}, 400),
        ("GET", "flags?tab=decided&sort=stake", None, {}, 400),
        ("GET", "items?unlinked=true&goal=claims", None, {}, 400),
        ("POST", "views", b"{", {}, 400),
        ("POST", "views", b'{"name": NaN}', {}, 400),
        ("POST", "views", b"[" * 100_000, {}, 400),
        ("POST", "views", {"name": "x"}, {"Idempotency_Key": "a b"}, 400),
        ("GET", "flags/987654", None, {}, 404),
        ("GET", "nothing/of/the/kind", None, {}, 404),
        ("GET", "flags/99999999999999999999999", None, {}, 422),
        ("GET", "flags/x", None, {}, 404),
        ("GET", "items/acme-jira:%00", None, {}, 422),
        ("GET", "search?q=%00", None, {}, 422),
        ("GET", "items/none/explanation?at=2999-01-01T00:00:00Z", None, {}, 422),
        ("POST", "flags", None, {}, 405),
        ("TRACE", "flags", None, {}, 405),
        ("POST", "views", b'{"name": "' + b"x" * 1_000_001 + b'"}', {}, 413),
        ("POST", "views", b"name=x", {"Content_Type": "application/x-www-form-urlencoded"}, 415),
        ("GET", "flags", None, {"If_Match": '"other"'}, 412),
    ],
)
def test_a_failure_is_a_problem_wherever_it_comes_from(method, path, body, headers, status, asks):
    is_problem(asks(method, path, body, **headers), status)


def test_where_a_method_is_not_answered_those_that_are_stand_in_the_header(asks):
    assert asks.post("flags").headers["Allow"] == "GET, HEAD"


@pytest.mark.parametrize(("error", "status"), [(RuntimeError("secret"), 500), (DatabaseError("secret"), 503)])
def test_what_goes_wrong_inside_is_told_to_the_log_alone(error, status, asks, monkeypatch, caplog):
    def fails(*_, **__):
        raise error

    monkeypatch.setattr(queue, "counts", fails)
    answer = asks.get("flags/counts")
    is_problem(answer, status)
    assert b"secret" not in answer.content


def test_too_much_in_a_minute_is_refused_for_one_token_alone(asks, by_token, ana, monkeypatch):
    monkeypatch.setattr(limits, "PER_MINUTE", 3)
    monkeypatch.setattr(limits.time, "time", lambda: 1_000_000_010.0)
    assert [asks.get("me").status_code for _ in range(4)] == [200, 200, 200, 429]
    answer = asks.get("me")
    assert "wait" in is_problem(answer, 429)["detail"]
    assert answer.headers["Retry-After"] == "10"
    assert by_token(ana).get("me").status_code == 200


def test_a_list_is_the_same_whole_page_by_page(desk, asks):
    desk.put(*[item for number in range(1, 8) for item in epic(number * 10, number * 10 + 1)]).judge()
    whole = [row["id"] for row in asks.get("flags").json()["rows"]]
    assert len(whole) > 6
    found, path, pages = [], "/api/v1/flags?limit=2", 0
    while path:
        answer = asks.get(path)
        found += [row["id"] for row in answer.json()["rows"]]
        path, pages = answer.json()["next"], pages + 1
        assert answer.headers.get("Link") == (f'<{path}>; rel="next"' if path else None)
        assert "limit=2" in (path or "limit=2")
    assert found == whole
    assert pages == (len(whole) + 1) // 2


@pytest.mark.parametrize(
    ("path", "key"),
    [("items", "id"), ("people", "id"), ("audit", "at"), ("versions", "version"), ("me/tokens", "id")],
)
def test_every_list_comes_to_its_end(path, key, busy, omar, ana, vera, by_token):
    busy.follow(written())
    asks = by_token(omar)
    by_token(omar)
    whole = [row[key] for row in asks.get(f"{path}?limit=200").json()["rows"]]
    assert len(whole) > 1
    found, at = [], f"/api/v1/{path}?limit=1"
    while at:
        answer = asks.get(at).json()
        found += [row[key] for row in answer["rows"]]
        at = answer["next"]
    assert found == whole


def test_a_list_costs_as_many_queries_with_twice_the_rows(desk, asks):
    def queries(path: str) -> int:
        with CaptureQueriesContext(connection) as seen:
            assert asks.get(path).status_code == 200
        return len(seen)

    desk.put(*epic(1, 2), *orphans(4, first=20, label="goal:claims")).judge()
    paths = ("flags", "items", "questions", "views", "trackers", "suggestions", "versions", "search?q=story")
    for path in paths:
        queries(path)
    before = {path: queries(path) for path in paths}
    desk.put(*epic(3, 4), *epic(5, 6), *orphans(8, first=30, label="goal:claims")).judge()
    assert {path: queries(path) for path in paths} == before


def test_groups_cost_as_many_queries_as_one_and_each_has_its_rule(desk, asks):
    """A list tells the rule that would repair a group: all groups are asked about at once."""

    def rules() -> tuple[list[str], int]:
        with CaptureQueriesContext(connection) as seen:
            rows = asks.get("flags").json()["rows"]
        return [row["suggestion"] for row in rows if row["suggestion"]], len(seen)

    desk.put(*orphans(5, first=20, label="a")).judge()
    rules()
    [one], before = rules()
    desk.put(*orphans(5, first=30, label="b"), *orphans(5, first=40, label="c")).judge()
    three, after = rules()
    assert after == before
    assert one in three
    assert {yaml.safe_load(each)[0]["when"]["label"] for each in three} == {"a", "b", "c"}


def test_an_answer_that_is_the_same_is_not_sent_again(busy, asks):
    first = asks.get("flags")
    tag = first.headers["ETag"]
    again = asks.get("flags", If_None_Match=tag)
    assert (again.status_code, again.content, again.headers["ETag"]) == (304, b"", tag)
    assert asks.get("flags", If_None_Match='"other"').status_code == 200
    zipped = asks.get("flags", Accept_Encoding="gzip")
    assert gzip.decompress(zipped.content) == first.content
    assert asks.get("flags", If_None_Match=zipped.headers["ETag"]).status_code == 304
    flag = Flag.objects.first()
    asks.post(f"flags/{flag.pk}/decisions", {"kind": "snooze", "until_event": "grows"})
    assert asks.get("flags", If_None_Match=tag).status_code == 200


def test_head_is_get_without_its_body(busy, asks):
    get, head = asks.get("flags"), asks("HEAD", "flags")
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["ETag"] == get.headers["ETag"]
    assert asks("HEAD", "flags", If_None_Match=get.headers["ETag"]).status_code == 304


def test_a_change_may_demand_that_the_thing_is_as_it_was_looked_at(busy, asks):
    at = f"flags/{Flag.objects.first().pk}"
    tag, snooze = asks.get(at).headers["ETag"], {"kind": "snooze", "until_event": "grows"}
    is_problem(asks.post(f"{at}/decisions", snooze, If_Match='"other"'), 412)
    assert not Verdict.objects.exists()
    assert asks.post(f"{at}/decisions", snooze, If_Match=f"W/{tag}").status_code == 201
    is_problem(asks.post(f"{at}/decisions", snooze, If_Match=tag), 412)
    assert asks.post(f"{at}/decisions", snooze, If_Match="*").status_code == 201


def test_a_request_that_is_sent_again_is_done_once(busy, asks):
    at, snooze = f"flags/{Flag.objects.first().pk}/decisions", {"kind": "snooze", "until_event": "grows"}
    first = asks.post(at, snooze, Idempotency_Key="one")
    again = asks.post(at, snooze, Idempotency_Key="one")
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.content == first.content
    assert again.headers["Idempotency-Replayed"] == "true"
    assert Verdict.objects.count() == 1
    asks.post(at, snooze, Idempotency_Key="two")
    assert Verdict.objects.count() == 2


def test_a_key_belongs_to_one_request_of_one_person(busy, asks, by_token, omar):
    body = {"name": "Mine"}
    asks.post("views", body, Idempotency_Key="one")
    assert "another request" in is_problem(asks.post("views", {"name": "Other"}, Idempotency_Key="one"), 422)["detail"]
    assert by_token(omar).post("views", {"name": "Other"}, Idempotency_Key="one").status_code == 201


def test_while_the_first_is_under_way_the_second_is_told(asks, ana):
    body = {"name": "Mine"}
    asks.post("views", body, Idempotency_Key="one")
    Sent.objects.update(status=None, body="")
    assert "under way" in is_problem(asks.post("views", body, Idempotency_Key="one"), 409)["detail"]


def test_what_was_refused_may_be_sent_again_with_its_key(busy, asks):
    at = f"flags/{Flag.objects.first().pk}/decisions"
    is_problem(asks.post(at, {"kind": "link", "target": "moon"}, Idempotency_Key="one"), 422)
    assert not Sent.objects.exists()
    assert asks.post(at, {"kind": "link", "target": "claims"}, Idempotency_Key="one").status_code == 201


def test_a_key_is_forgotten_after_a_day(asks):
    asks.post("views", {"name": "Mine"}, Idempotency_Key="one")
    Sent.objects.update(made_at=timezone.now() - timedelta(hours=25))
    assert asks.post("views", {"name": "Other"}, Idempotency_Key="one").status_code == 201
    assert Sent.objects.count() == 1


def test_a_secret_is_kept_nowhere(ana, by_session):
    script, body = by_session(ana), {"name": "CI", "scopes": ["read"]}
    made = script.post("me/tokens", body, Idempotency_Key="one")
    assert made.json()["token"].startswith("sy_")
    assert Sent.objects.get().body == ""
    assert "shown once" in is_problem(script.post("me/tokens", body, Idempotency_Key="one"), 409)["detail"]
    assert Token.objects.count() == 1


def test_times_are_in_utc_to_the_second(busy, asks):
    row = asks.get("flags").json()["rows"][0]
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", row["opened_at"])


def test_the_description_is_for_insiders(by_session, asks):
    is_problem(by_session(None).get("openapi.json"), 401)
    assert asks.get("openapi.json").json()["openapi"] == "3.1.0"


def test_the_description_tells_every_operation_with_its_need_and_its_problems(asks):
    told = {
        operation["operationId"]: operation
        for methods in asks.get("openapi.json").json()["paths"].values()
        for operation in methods.values()
    }
    assert set(told) == set(OPERATIONS) - {"openapi"}
    for name, operation in told.items():
        assert operation["x-needs"] == OPERATIONS[name].auth_callbacks[0].act
        assert {"401", "403", "422", "500"} <= operation["responses"].keys()
        assert {"Token", "Session"} == {scheme for each in operation["security"] for scheme in each}
