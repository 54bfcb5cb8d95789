"""Requests that nobody here thought of: no server error, and every answer as the description says."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import schemathesis
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, settings
from schemathesis.checks import CHECKS

from syncd.accounts import tokens
from syncd.accounts.models import User
from syncd.api import limits
from syncd.api.describing import describe
from syncd.api.site import PREFIX, api

schema = schemathesis.openapi.from_dict(describe(api, PREFIX))
schema.app = WSGIHandler()
schema.config.generation.with_security_parameters = False
EXAMPLES = 6
"""Of each operation."""

HELD = ["not_a_server_error", "status_code_conformance", "content_type_conformance", "response_schema_conformance",
        "response_headers_conformance", "negative_data_rejection", "unsupported_method"]  # fmt: skip


@pytest.fixture
def busy_company(busy, omar: User, monkeypatch) -> Iterator[User]:
    """Requests end within the test's transaction, so its connection has to outlive them."""
    monkeypatch.setattr(limits, "PER_MINUTE", 1_000_000)
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield omar
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@schema.parametrize()
@settings(
    max_examples=EXAMPLES,
    derandomize=True,
    deadline=None,
    database=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)
def test_the_api_keeps_its_word(case: Any, busy_company: User) -> None:
    _, text = tokens.make("tests", busy_company, "made up", ["read", "decide", "operate"], timedelta(days=1))
    checks = [CHECKS.get_one(name) for name in HELD]
    case.call_and_validate(headers={"Authorization": f"Bearer {text}", "Accept-Encoding": "identity"}, checks=checks)
