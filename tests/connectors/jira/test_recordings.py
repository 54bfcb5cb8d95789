"""Responses that real Jiras gave, as far as they are issues or documents."""

import os
from pathlib import Path

import orjson
import pytest

from connectors.jira import adf, fields, parse
from connectors.jira.settings import Fields
from connectors.jira.site import Site

RECORDINGS = Path(os.environ.get("SYNCD_RECORDINGS", Path(__file__).parents[3] / "../shared/recordings"))
SOURCES = ("go-jira", "jira-ruby", "jira-cli", "sling-committer-cli")
SITE = Site("datacenter", "https://jira.example", epic=("customfield_10700",), points=("customfield_10105",))

pytestmark = pytest.mark.skipif(not RECORDINGS.is_dir(), reason="the recorded responses are not here")


def values(value):
    """Every object and list in a JSON value, the value itself first."""
    stack = [value]
    while stack:
        one = stack.pop()
        if isinstance(one, dict | list):
            yield one
            stack += one.values() if isinstance(one, dict) else one


def recorded():
    for source in SOURCES:
        for path in sorted((RECORDINGS / source).rglob("*.json")):
            if body := path.read_bytes().strip():
                yield path.relative_to(RECORDINGS), orjson.loads(body)


def test_every_recorded_issue_becomes_an_item():
    found = {}
    for path, body in recorded():
        for one in values(body):
            if isinstance(one, dict) and "key" in one and isinstance(one.get("fields"), dict):
                # some recordings were cut down to the fields their project uses, without the id
                item = parse.item({"id": "0"} | one, "acme", SITE)
                assert item.address == f"jira:{one['key']}"
                assert item.title == (one["fields"].get("summary") or "")
                found[str(path), item.key] = item
    assert len(found) > 40


def test_a_recorded_sprint_in_detail():
    body = orjson.loads((RECORDINGS / "go-jira/issues_in_sprint.json").read_bytes())
    item = parse.item(body["issues"][0], "acme", SITE)
    assert (item.key, item.kind, item.parent, item.points) == ("AR-86", "task", "jira:AR-37", 13.0)
    assert (item.created_at.isoformat(), item.closed_at) == ("2015-12-02T15:39:15+00:00", None)
    assert item.status_category == "todo", "it was resolved once, and is open again"


def test_every_recorded_document_becomes_text():
    texts = [
        adf.text(one)
        for _, body in recorded()
        for one in values(body)
        if isinstance(one, dict) and one.get("type") == "doc"
    ]
    assert any("Panel paragraph" in text and "@Person A" in text for text in texts)


def test_recorded_field_lists_are_understood():
    for path, body in recorded():
        if path.name in ("all_fields.json", "fields.json", "field.json"):
            assert fields.find(body, Fields())["sprint"] == ()
