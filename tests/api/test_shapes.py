"""The shapes of the API: in its description they stand by their names, and one of two alike would hide the other."""

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

import orjson

from syncd.api.describing import operations
from syncd.api.site import api


def shapes() -> Iterator[tuple[str, dict[str, Any]]]:
    """Name and JSON Schema of all that operations take and give, each as its own model tells it."""
    for operation in operations(api):
        taken = [(model, "validation") for model in operation.models]
        given = [(model, "serialization") for model in operation.response_models.values() if model]
        for model, mode in (*taken, *given):
            yield from model.model_json_schema(mode=mode).get("$defs", {}).items()


def test_no_two_shapes_have_the_same_name():
    found = defaultdict(set)
    for name, shape in shapes():
        found[name].add(orjson.dumps(shape, option=orjson.OPT_SORT_KEYS))
    assert len(found) > 50
    assert [name for name, told in found.items() if len(told) > 1] == []
    assert [name for name in found if "__" in name] == []
