"""The queue for programs: the same list, verbs and refusals as on its page."""

from datetime import timedelta

import pytest
from django.utils import timezone

from syncd.review import queue
from syncd.review.models import Flag, Verdict
from syncd.strategy.models import Suggestion
from syncd.trackers.as_json import id_of
from tests.review.desk import ANA, epic


@pytest.fixture
def flag(busy) -> Flag:
    return Flag.objects.get(item__key="WEB-1")


def test_the_list_is_the_queue_of_the_page(busy, asks, ana):
    rows = asks.get("flags").json()["rows"]
    assert [row["id"] for row in rows] == [row.flag.pk for row in queue.rows(ana, queue.Filters()).rows]
    assert len(rows) > 2


def test_a_flag_is_what_the_command_line_prints_and_how_it_stands(flag, asks):
    row = asks.get(f"flags/{flag.pk}").json()
    assert row["item"] == id_of(flag.item)
    assert (row["rule"], row["state"], row["verdict"], row["seen"]) == ("unlinked", "open", None, "open.0")


def test_filters_are_those_of_the_page(busy, asks):
    rows = asks.get("flags?kind=epic&state=open&sort=oldest").json()["rows"]
    assert {row["key"] for row in rows} == {"WEB-1", "WEB-10"}
    assert asks.get("flags/counts?kind=epic").json() == {"review": 2, "snoozed": 0, "decided": 0, "auto": 0}


def test_a_decision_counts_and_is_taken_back(flag, asks):
    made = asks.post(f"flags/{flag.pk}/decisions", {"kind": "link", "target": "claims", "reason": "it does"})
    assert made.status_code == 201
    assert made.json()["flag"]["state"] == "resolved"
    assert made.json()["flag"]["verdict"]["author"] == ANA
    gone = asks("DELETE", f"decisions/{made.json()['decision']}")
    assert gone.json()["flag"]["state"] == "open"
    again = asks("DELETE", f"decisions/{made.json()['decision']}")
    assert again.status_code == 422
    assert "already" in again.json()["detail"]


def test_a_link_without_a_goal_goes_to_the_one_that_is_suggested(flag, asks):
    answer = asks.post(f"flags/{flag.pk}/decisions", {"kind": "link"})
    assert answer.status_code == 422
    assert "No goal is suggested" in answer.json()["detail"]
    ranked = [{"goal": "claims", "confidence": 0.9, "strength": "strong", "words": ["claims"]}]
    Suggestion.objects.create(item=flag.item, model="m", ranked=ranked, made_at=timezone.now())
    made = asks.post(f"flags/{flag.pk}/decisions", {"kind": "link"}).json()
    assert made["flag"]["verdict"]["target"] == "claims"
    (row,) = asks.get("suggestions").json()["rows"]
    assert row["suggestions"][0]["goal"] == "claims"
    assert asks.get(f"items/{row['item']}/suggestions").json() == row


@pytest.mark.parametrize(
    ("decision", "words"),
    [
        ({"kind": "exempt", "target": "maintenance"}, "needs a reason"),
        ({"kind": "accept", "reason": "so be it"}, "until when"),
        ({"kind": "link", "target": "moon"}, "no goal moon"),
        ({"kind": "link", "target": "app"}, "not in force"),
        ({"kind": "snooze", "until": "2020-01-01T00:00:00Z"}, "is over"),
    ],
)
def test_what_cannot_be_decided_is_refused_with_the_reason(decision, words, flag, asks):
    answer = asks.post(f"flags/{flag.pk}/decisions", decision)
    assert answer.status_code == 422
    assert words in answer.json()["detail"]
    assert not Verdict.objects.exists()


def test_who_comes_second_is_told(flag, asks, by_token, omar):
    seen = asks.get(f"flags/{flag.pk}").json()["seen"]
    decision = {"kind": "snooze", "until": (timezone.now() + timedelta(days=9)).isoformat(), "seen": seen}
    assert by_token(omar).post(f"flags/{flag.pk}/decisions", decision).status_code == 201
    answer = asks.post(f"flags/{flag.pk}/decisions", decision)
    assert answer.status_code == 409
    assert "snoozed meanwhile" in answer.json()["detail"]
    assert Verdict.objects.count() == 1


def test_many_are_decided_by_themselves_and_taken_back_together(busy, asks):
    ids = [row["id"] for row in asks.get("flags?kind=epic").json()["rows"]]
    decision = {"kind": "exempt", "target": "support", "reason": "they asked", "ids": ids}
    done = asks.post("flags/decisions", decision).json()
    assert (done["matched"], sorted(done["changed"]), done["refused"]) == (2, sorted(ids), [])
    back = asks("DELETE", f"batches/{done['batch']}").json()
    assert sorted(back["changed"]) == sorted(ids)
    assert Flag.objects.filter(pk__in=ids, state="open").count() == 2
    assert asks("DELETE", "batches/none").status_code == 404


def test_an_id_that_is_none_is_told_and_holds_the_others_up_in_nothing(flag, asks):
    none = Flag.objects.latest("pk").pk + 1
    decision = {"kind": "exempt", "target": "support", "reason": "they asked", "ids": [none, flag.pk]}
    done = asks.post("flags/decisions", decision).json()
    assert (done["matched"], done["changed"]) == (1, [flag.pk])
    assert done["refused"] == [{"flag": none, "because": "there is no such flag"}]


def test_all_that_match_are_counted_by_the_server(busy, asks):
    decision = {"kind": "exempt", "target": "support", "reason": "they asked", "filters": {"kind": ["epic"]}}
    answer = asks.post("flags/decisions", decision | {"expected": 7})
    assert answer.status_code == 409
    assert "they are 2" in answer.json()["detail"]
    done = asks.post("flags/decisions", decision | {"expected": 2}).json()
    assert (done["matched"], len(done["changed"])) == (2, 2)


def test_what_was_found_after_somebody_looked_is_left_alone(busy, asks):
    looked = busy.now.isoformat()
    busy.wait(1).put(*epic(50, 51)).judge()
    decision = {"kind": "exempt", "target": "support", "reason": "they asked", "as_of": looked}
    done = asks.post("flags/decisions", decision | {"filters": {"kind": ["epic"]}}).json()
    assert done["matched"] == 2
    assert Flag.objects.get(item__key="WEB-50").state == "open"


def test_what_is_meant_is_said_once(busy, asks):
    for meant in ({}, {"ids": [1], "filters": {}}):
        answer = asks.post("flags/decisions", {"kind": "accept", "reason": "x"} | meant)
        assert answer.status_code == 422
        assert "either ids or filters" in answer.json()["detail"]


def test_the_history_tells_what_happened(flag, asks):
    asks.post(f"flags/{flag.pk}/decisions", {"kind": "link", "target": "claims"})
    rows = asks.get(f"flags/{flag.pk}/history").json()["rows"]
    assert [row["what"] for row in rows] == ["open", "decided"]
    assert [row["who"] for row in rows] == [None, ANA]


def test_questions_are_asked_answered_and_withdrawn(flag, asks, by_token, vera):
    looks = by_token(vera)
    asked = looks.post(f"flags/{flag.pk}/questions", {"text": "Why this?"})
    assert asked.status_code == 201
    at = f"questions/{asked.json()['id']}"
    assert [row["text"] for row in asks.get("questions").json()["rows"]] == ["Why this?"]
    assert asks("PUT", f"{at}/answer", {"text": "The law asks"}).json()["answered_by"] == ANA
    assert looks("DELETE", at).status_code == 422
    again = asks("PUT", f"{at}/answer", {"text": "Because"})
    assert again.status_code == 409
    assert "answered meanwhile" in again.json()["detail"]
    assert asks.get("questions?state=answered").json()["rows"][0]["id"] == asked.json()["id"]
    assert asks.get("questions").json()["rows"] == []
    about = looks.post(f"items/{id_of(flag.item)}/questions", {"text": "And this?"}).json()
    assert about["item"] == id_of(flag.item)
    assert looks("DELETE", f"questions/{about['id']}").json()["withdrawn_at"]


def test_views_are_saved_shared_and_removed(busy, asks, by_token, vera):
    looks = by_token(vera)
    own = {"name": "Epics", "filters": {"kind": ["epic"], "tab": "review"}}
    view = looks.post("views", own).json()
    assert (view["query"], view["mine"], view["owner"]) == ("kind=epic", True, vera.email)
    assert looks.post("views", own | {"shared": True}).status_code == 403
    assert asks.get("views").json()["rows"] == []
    assert asks("DELETE", f"views/{view['id']}").status_code == 404
    shared = asks.post("views", own | {"shared": True}).json()
    assert [row["mine"] for row in looks.get("views").json()["rows"]] == [True, False]
    assert looks("DELETE", f"views/{shared['id']}").status_code == 403
    assert looks("DELETE", f"views/{view['id']}").status_code == 204
