"""Every body sent is one the vendor's published description allows."""

import os
from datetime import timedelta
from pathlib import Path
from typing import Any

import orjson
import pytest
from jsonschema import Draft202012Validator

from connectors.base import Cursor, Stream
from connectors.notion.connector import Notion
from tests.connectors.notion.notion_world import NOW, T0, World, page

SPECS = Path(os.environ.get("SYNCD_SPECS", Path(__file__).parents[3] / "../shared/specs"))

pytestmark = pytest.mark.skipif(not SPECS.is_dir(), reason="the vendors' descriptions are not here")


@pytest.fixture(scope="module")
def spec() -> Any:
    return orjson.loads((SPECS / "notion.openapi.json").read_bytes())


def test_every_query_sent_is_as_the_vendor_describes(notion: Notion, tasks: Stream, world: World, spec: Any) -> None:
    world.cap = 300
    world.fill(1000, timedelta(seconds=20))
    *_, last = notion.pull(tasks, Cursor())
    world.add(*(page(number, T0 + number * timedelta(minutes=1), NOW) for number in range(1, 500)))
    list(notion.pull(tasks, last.cursor))
    list(notion.census(tasks))
    operation = spec["paths"]["/v1/data_sources/{data_source_id}/query"]["post"]
    schema = operation["requestBody"]["content"]["application/json"]["schema"]
    validator = Draft202012Validator(schema | {"components": spec["components"]})
    bodies = world.queries()
    kinds = {orjson.dumps([*body, *(body.get("filter") or {})]) for body in bodies}
    assert len(kinds) > 6  # every form of filter the walks know was there
    for body in bodies:
        validator.validate(body)
