"""I8: nothing that is not shared is in any answer, in any disguise, nor in what the partner side logs."""

import json
import logging
import os
from datetime import timedelta

import pytest
import structlog

from config import files
from syncd.accounts import people
from syncd.notify.models import Message
from syncd.partners.models import Item as Copied
from syncd.partners.models import Link
from syncd.sharing import approvals, letters, talk
from syncd.sharing.models import Deal
from syncd.trackers import presence, store
from syncd.trackers.models import Item as Row
from syncd.trackers.models import Stream, Tracker
from syncd.worker.judge import Bench
from syncd.worker.publish import publish
from tests.leaks.canaries import FIELDS, canary, found, item
from tests.leaks.outside import NOBODY, Ask, Visitor, asks
from tests.leaks.worlds import NOW, Pair, ids_in_order

pytestmark = [
    pytest.mark.django_db(transaction=True, databases=["default", "partners", "outside"]),
    pytest.mark.any_store,
]

SERVICE = """
trackers:
  - {name: acme-jira, kind: jira, url: "https://jira.acme.example", auth: {token: {env: T}}, scope: {projects: [WEB]}}
"""
AGREED = {
    "fields": {"title": "public_title", "status": "status", "due": "month", "notes": "public_notes", "owner": "role"},
    "statuses": {"todo": "Planned", "in_progress": "Under way", "done": "Delivered"},
}
MANY = 100 if "SYNCD_PAIRS" in os.environ else 8
"""Some thousand answers; over ten thousand by ``make soak``."""
SHARED, HIDDEN, WAS_SHARED = range(MANY), range(MANY, MANY + 6), range(MANY + 6, MANY + 10)
"""Numbers of items: those that are shown, never were, and no longer are (half unshared, half deleted)."""


def agreement(partner: str, label: str) -> dict:
    """An agreement with a canary in everything of it that is not shown."""
    return {
        "id": canary(f"id of {partner}") if partner != "globex" else "p0a",
        "name": "Globex Health" if partner == "globex" else canary(f"name of {partner}"),
        "owner": f"{canary(f'owner of {partner}')}@acme.example",
        "cadence": "weekly",
        "contacts": {
            "ours": [f"{canary(f'our contact of {partner}')}@acme.example"],
            "theirs": [f"someone@{'globex' if partner == 'globex' else canary(f'contact of {partner}')}.example"],
        },
        "share": AGREED
        | {
            "where": {"label": {"any": [label, canary(f"filter of {partner}")]}},
            "roles": {"Engineering": [canary("person id of 1"), canary(f"role of {partner}")]},
            "never": [canary(f"never of {partner}")],
            "links": [f"{canary(f'links of {partner}')}.example"],
        },
        "mirrors": [{"page": {"expires": "90d"}}],
        "commitments": [
            {"id": f"c-{canary(f'name of the promise to {partner}')}", "who": "acme", "by": "2026-12-20", "items": ["acme-jira:WEB-2"],
             "what": "A promised thing" if partner == "globex" else canary(f"promise to {partner}"), "success": "It works"},
        ],
    }  # fmt: skip


PLACES = {f"{field} of {number}": canary(f"{field} of {number}") for field in FIELDS for number in range(MANY + 10)}
PLACES |= {
    place: canary(place)
    for partner in ("globex", "initech")
    for place in (
        *(f"{what} of {partner}" for what in ("owner", "our contact", "filter", "role", "never", "links")),
        f"name of the promise to {partner}",
    )
}
PLACES |= {
    place: canary(place) for place in ("id of initech", "name of initech", "contact of initech", "promise to initech")
}
PLACES |= {
    place: canary(place)
    for place in ("approver", "message", "label of the link", "vision", "goal", "why", "rule", "person of ours")
}


@pytest.fixture
def visitor(tmp_path):
    """Somebody of Globex, in a world full of canaries."""
    (tmp_path / "syncd.yaml").write_text(SERVICE)
    (tmp_path / "partners.yaml").write_text(
        json.dumps(
            {
                "company": "Acme",
                "partners": [agreement("globex", "shared"), agreement("initech", canary(f"label of {HIDDEN[1]}"))],
            }
        )
    )
    (tmp_path / "strategy.yaml").write_text(
        json.dumps({"vision": canary("vision"), "goals": [{
            "id": f"g-{canary('goal')}", "kind": "objective", "title": canary("goal"), "owner": "ana@acme.example",
            "status": "active", "why": canary("why"), "accepts": {"labels": ["shared"]},
        }]})
    )  # fmt: skip
    (tmp_path / "rules.yaml").write_text(
        json.dumps({"rules": [{"id": f"r-{canary('rule')}", "flag": "odd", "mode": "enforce", "because": canary("rule"),
                               "when": {"label": "shared"}}]})
    )  # fmt: skip
    people.add("syncd", f"{canary('person of ours')}@acme.example", "pm", canary("person of ours"))
    config = files.load(tmp_path)
    tracker = Tracker.objects.create(name="acme-jira", kind="jira", url="https://jira.acme.example")
    stream = Stream.objects.create(tracker=tracker, native_id="site", name="WEB", last_success_at=NOW)
    with ids_in_order():
        _fill(stream, config)
        yield Visitor(Pair(0, None, []), "a")


def _fill(stream, config):
    def cycle():
        Bench(config, lambda: NOW).judge(since=NOW)
        publish(config, now=NOW)

    public = {number: f"For outsiders {number}" for number in (*SHARED, *WAS_SHARED)}
    shared = [item(number, NOW, shared=True, public=public[number]) for number in public]
    store.upsert(stream, [*shared, *(item(number, NOW, shared=False) for number in HIDDEN)], NOW)
    cycle()
    for deal in Deal.objects.order_by("-id"):
        approvals.approve(deal, f"{canary('approver')}@acme.example", canary("message"), NOW)
        cycle()
    deal = Deal.objects.get(partner="p0a")
    talk.say(deal, "A word for outsiders", f"{canary('approver')}@acme.example", NOW)
    # two are taken from sight, two are deleted
    from dataclasses import replace

    unshared = [item(number, NOW, shared=False, public=public[number]) for number in WAS_SHARED[:2]]
    store.upsert(stream, [replace(one, updated_at=NOW) for one in unshared], NOW)
    gone = [canary(f"native id of {number}") for number in WAS_SHARED[2:]]
    presence.bury(list(Row.objects.filter(native_id__in=gone).values_list("id", flat=True)), "gone", NOW)
    cycle()
    Link.objects.create(
        id="link-p0a", partner_id="p0a", kind=Link.SHARE, digest="digest", label=canary("label of the link"),
        made_at=NOW, expires_at=NOW.replace(year=2100),
    )  # fmt: skip
    letters.contacts.tell(NOW + timedelta(hours=1))


def test_no_answer_and_no_line_of_the_log_holds_a_canary(visitor, caplog):
    assert Copied.objects.filter(partner="p0a").count() == len(SHARED)
    everything = [*asks(visitor), *(Ask("get", f"items/{NOBODY[:-1]}{n}/") for n in range(9))]
    with caplog.at_level(logging.DEBUG), structlog.testing.capture_logs() as logged:
        answers = {ask: visitor.ask(ask) for ask in everything}
    bad = {(ask, place) for ask, answer in answers.items() for place in found(PLACES, _whole(answer))}
    assert bad == set()
    assert found(PLACES, f"{logged}{caplog.text}".encode()) == []
    assert len(answers) > 900
    assert sum(b"For outsiders" in answer.body for answer in answers.values()) > 20


def test_no_letter_to_a_partner_holds_a_canary(visitor):
    mine = [message for message in Message.objects.all() if message.to == "someone@globex.example"]
    assert mine
    for message in mine:
        whole = "\n".join(str(getattr(message, field.name)) for field in Message._meta.fields)
        assert found(PLACES, whole.encode()) == []


def test_packed_answers_hold_none_either(visitor):
    for path in ("", "changes/", "commitments/"):
        got = visitor.client.get(f"/p/{path}", headers={"Accept-Encoding": "gzip"})
        assert got.headers["Content-Encoding"] == "gzip"
        assert found(PLACES, got.content) == []


@pytest.mark.parametrize("place", ["title of 1", "person of 3", "owner of globex"])
def test_a_canary_would_be_found_in_any_disguise(place):
    import base64
    import gzip
    import html
    from urllib.parse import quote

    word = canary(place)
    for text in (
        word, word.upper(), word[::-1], word.encode().hex(), base64.b64encode(f"x{word}y".encode()).decode(),
        base64.b64encode(f"xy{word}".encode()).decode(), base64.b32encode(word.encode()).decode(),
        html.escape(f"<{word}>"), "".join(f"&#{ord(letter)};" for letter in word), "".join(f"%{ord(letter):02x}" for letter in word), quote(word),
    ):  # fmt: skip
        assert found(PLACES, f"before {text} after".encode()) == [place], text
    assert found(PLACES, gzip.compress(f"before {word}".encode())) == [place]


def _whole(answer) -> bytes:
    return repr((answer.status, answer.headers)).encode() + answer.body
