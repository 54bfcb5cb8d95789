"""What Notion really said: every recorded page, query, property item and error is read."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson
import pytest
import yaml

from connectors.base import AuthFailed, BadResponse, Stream
from connectors.calls import Answer
from connectors.notion import properties
from connectors.notion.client import _expect, _next_cursor, _results
from connectors.notion.errors import classify
from connectors.notion.parse import Layout, to_item
from connectors.notion.schema import stream_of
from connectors.notion.settings import Properties

ROOT = Path(__file__).parents[3]
RECORDINGS = Path(os.environ.get("SYNCD_RECORDINGS", ROOT / "../shared/recordings"))
LAYOUT = Layout.of("recorded", Stream("s", "s", {"properties": {"title": "title"}, "statuses": {}, "rollups": {}}))

pytestmark = pytest.mark.skipif(not RECORDINGS.is_dir(), reason="recorded exchanges are not here")


def exchanges() -> Iterator[tuple[str, Answer]]:
    for folder in ("notion-sdk-py", "notional"):
        for path in sorted((RECORDINGS / folder).glob("*.yaml")):
            for exchange in yaml.load(path.read_text(encoding="utf-8"), yaml.CSafeLoader)["interactions"]:
                response = exchange["response"]
                content = response.get("content") or response["body"]["string"]
                status = response.get("status_code") or response["status"]["code"]
                yield path.stem, Answer(status, {}, content.encode() if isinstance(content, str) else content)


@pytest.fixture(scope="module")
def recorded() -> list[tuple[str, Answer]]:
    return list(exchanges())


def bodies(recorded: list[tuple[str, Answer]]) -> Iterator[dict[str, Any]]:
    for _, answer in recorded:
        if answer.status == 200 and isinstance(body := orjson.loads(answer.body), dict):
            yield body


def pages(recorded: list[tuple[str, Answer]]) -> list[dict[str, Any]]:
    found = []
    for body in bodies(recorded):
        listed = body["results"] if body.get("object") == "list" else [body]
        found += [one for one in listed if one.get("object") == "page"]
    return found


def test_every_page_becomes_an_item(recorded: list[tuple[str, Answer]]) -> None:
    found = pages(recorded)
    items = [to_item(page, LAYOUT) for page in found]
    assert len(items) > 140
    for page, item in zip(found, items, strict=True):
        title = next(value for value in page["properties"].values() if value["id"] == "title")
        assert item.title == "".join(part["plain_text"] for part in title["title"])
        assert item.native_id == page["id"]
        assert item.url == page["url"]
        assert set(item.fields) == {name for name, value in page["properties"].items() if value["id"] != "title"}


def test_every_query_is_a_list_that_leads_on_or_ends(recorded: list[tuple[str, Answer]]) -> None:
    lists = [body for body in bodies(recorded) if body.get("object") == "list"]
    assert len(lists) > 70
    for body in lists:
        rows = _results(_expect(body, "list"))
        assert len(rows) == len(body["results"])
        assert bool(_next_cursor(body, "")) == body["has_more"]


def test_every_data_source_and_database_of_old_has_a_schema(recorded: list[tuple[str, Answer]]) -> None:
    sources = [
        body for body in bodies(recorded) if body.get("object") in ("data_source", "database") and "properties" in body
    ]
    assert len(sources) > 40
    for source in sources:
        stream, problems = stream_of(source, Properties(), None)
        assert stream.meta["properties"]["title"] == "title"
        assert problems == []


def test_every_property_item_has_a_plain_value(recorded: list[tuple[str, Answer]]) -> None:
    items = [
        one
        for body in bodies(recorded)
        for one in body.get("results", ())
        if isinstance(one, dict) and one.get("object") == "property_item"
    ]
    assert items
    for one in items:
        assert properties.plain(one) == one["title"]["plain_text"]


def test_every_error_is_one_of_the_four_in_words(recorded: list[tuple[str, Answer]]) -> None:
    failed = [(name, answer) for name, answer in recorded if answer.status >= 400]
    assert {answer.status for _, answer in failed} >= {400, 401, 404}
    for name, answer in failed:
        error = classify(answer)
        assert isinstance(error, BadResponse if answer.status == 400 else AuthFailed), name
        assert len(error.what) > 20
        if answer.body.startswith(b"{"):
            assert orjson.loads(answer.body)["code"] in error.what
