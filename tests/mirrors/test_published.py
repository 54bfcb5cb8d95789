"""What is sent is what the vendors' own descriptions of their APIs allow."""

from typing import Any

import jsonschema
import pytest

from connectors.mirror import Held, Place, Target, Write
from syncd.mirrors.models import Row
from syncd.worker.mirroring import fitness
from tests.mirrors.conftest import EVERYTHING, World
from tests.sandbox.conftest import SPECS, Description

pytestmark = EVERYTHING

FILES = {"notion": "notion.openapi.json", "jira": "jira-cloud-v3.openapi.json"}
LONG = {"title": "T" * 3000, "notes": "Word " * 30_000, "status": "In progress", "due": "2027-Q2", "owner": "A, B",
        "delivered": "2027-01-02"}  # fmt: skip


@pytest.mark.parametrize("kind", FILES, indirect=True)
def test_every_body_is_as_the_vendor_describes_it(world: World) -> None:
    path = SPECS / FILES[world.kind]
    if not path.exists():
        pytest.skip(f"{path.name} is not here; set SYNCD_SPECS")
    description = Description(path)
    writes = written(world)
    assert {write.op.partition("_")[2] for write in writes} >= {"create", "update"}
    judged = [problem(description, world.kind, write) for write in writes]
    assert [each for each in judged if each] == []
    assert description.judged == sum(write.body is not None for write in writes)


def written(world: World) -> list[Write]:
    """One of each request, for short and for long values."""
    [one] = world.share(1, due="2027-03-04")
    world.turn()
    target: Target = world.roster.target("globex", world.mirror.place)
    place: Place = target.verify(fitness.pin_of(world.mirror))
    row: Row = world.row(one)
    held: Held = target.read(place, [row.remote])[row.remote]
    found = [target.create(place, row.marker, target.slots(place, values)) for values in (row.values, LONG, {})]
    for values in (LONG, {}):
        found += target.update(place, held, target.slots(place, values))
    found += target.withdraw(place, held, row.written)
    if world.kind == "jira":  # somebody said something at it, so it is not deleted
        world.act("comment", id=row.remote)
        held = target.read(place, [row.remote])[row.remote]
        found += target.withdraw(place, held, row.written)
    return found


def problem(description: Description, kind: str, write: Write) -> str:
    """What is wrong with a request; empty if nothing is."""
    path = f"/v1/{write.path}" if kind == "notion" else f"/rest/api/{write.path}"
    template = description.template(write.method, path)
    assert template, f"nothing is published about {write.method} {path}"
    if write.body is None:
        return ""
    body: Any = description._whole["paths"][template][write.method.lower()]["requestBody"]
    schema = body["content"]["application/json"]["schema"]
    description.judged += 1
    validator = jsonschema.Draft202012Validator(schema, registry=description._registry)
    error = jsonschema.exceptions.best_match(validator.iter_errors(write.body))
    return f"{write.op}: {error.json_path}: {error.message[:300]}" if error else ""
