"""Judges for the sandbox's answers: the vendors' OpenAPI descriptions, and a cast of works to plant."""

import os
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
import orjson
import pytest
from referencing import Registry
from referencing.jsonschema import DRAFT202012

from syncd.sandbox.base import Work

ROOT = Path(__file__).parents[2]
SPECS = Path(os.environ.get("SYNCD_SPECS", ROOT.parent / "shared/specs"))
RECORDINGS = Path(os.environ.get("SYNCD_RECORDINGS", ROOT.parent / "shared/recordings"))
NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)


class Description:
    """A published OpenAPI description (3.0 or 3.1), as a judge of answers."""

    def __init__(self, path: Path) -> None:
        text = re.sub(rb'"\$ref"\s*:\s*"#/', b'"$ref":"urn:api#/', path.read_bytes())
        self._whole = _without_nullable(orjson.loads(text))
        self._registry = Registry().with_resource("urn:api", DRAFT202012.create_resource(self._whole))
        self.judged = 0

    def problem(self, template: str, method: str, status: int, body: Any) -> str:
        """What is wrong with an answer; empty if nothing is, or if nothing is published about it.

        :param template: the path as the description has it: ``/rest/api/3/issue/{issueIdOrKey}``
        """
        answer = self._whole["paths"][template][method.lower()]["responses"].get(str(status), {})
        schema = answer.get("content", {}).get("application/json", {}).get("schema")
        if not schema or body is None:
            return ""
        self.judged += 1
        validator = jsonschema.Draft202012Validator(schema, registry=self._registry)
        error = jsonschema.exceptions.best_match(validator.iter_errors(body))
        return f"{method} {template} {status}: {error.json_path}: {error.message[:300]}" if error else ""

    def template(self, method: str, path: str) -> str:
        """The path in the description that a real path belongs to, the most literal first; empty if none."""
        fitting = [t for t, methods in self._whole["paths"].items() if method.lower() in methods and _fits(t, path)]
        return min(fitting, key=lambda t: t.count("{"), default="")


@cache
def _pattern(template: str) -> re.Pattern[str]:
    return re.compile(re.sub(r"\\\{[^}]*\}", "[^/]+", re.escape(template)))


def _fits(template: str, path: str) -> bool:
    return _pattern(template).fullmatch(path) is not None


def _without_nullable(value: Any) -> Any:
    """OpenAPI 3.0 says ``nullable``; JSON Schema says that null is one of the choices."""
    if isinstance(value, list):
        return [_without_nullable(each) for each in value]
    if not isinstance(value, dict):
        return value
    inner = {key: _without_nullable(each) for key, each in value.items() if key not in ("nullable", "example")}
    return {"anyOf": [inner, {"type": "null"}]} if value.get("nullable") is True else inner


@pytest.fixture(scope="session")
def openapi() -> Callable[[Path], Description]:
    """Reads a description once; skips the test where it is not there."""
    read = cache(Description)

    def open_(path: Path) -> Description:
        if not path.exists():
            pytest.skip(f"{path.name} is not here; set SYNCD_SPECS")
        return read(path)

    return open_


@pytest.fixture(scope="session")
def specs() -> Path:
    return SPECS


@pytest.fixture(scope="session")
def recordings() -> Path:
    if not RECORDINGS.exists():
        pytest.skip("the recorded responses are not here; set SYNCD_RECORDINGS")
    return RECORDINGS


@pytest.fixture
def work() -> Callable[..., Work]:
    """Makes a work: a task in Jira's WEB, a day old, unless told otherwise."""

    def make(name: str, **values: Any) -> Work:
        day = NOW - timedelta(days=1)
        usual: dict[str, Any] = {
            "tracker": "jira",
            "place": "WEB",
            "kind": "task",
            "title": name.replace("-", " ").capitalize(),
            "status": "todo",
            "created": day,
            "updated": day,
            "reporter": "Ana Lima",
        }
        return Work(name=name, **usual | values)

    return make
