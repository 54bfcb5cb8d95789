"""Connectors that speak to a small GitHub on a loopback port."""

from collections.abc import Callable, Iterator

import pytest

from connectors.calls import Breaker, Lane, LocalBudget
from connectors.github.connector import GitHub
from connectors.github.settings import Settings
from connectors.settings import Pace
from tests.connectors.github.fake import TOKEN, FakeGitHub, serving

Connect = Callable[..., GitHub]


@pytest.fixture
def github() -> Iterator[FakeGitHub]:
    with serving(FakeGitHub()) as fake:
        yield fake


@pytest.fixture
def connect(monkeypatch: pytest.MonkeyPatch) -> Iterator[Connect]:
    """``connect(root)`` makes a connector; keywords replace parts of its settings."""
    monkeypatch.setenv("GITHUB_TOKEN", TOKEN)
    made: list[GitHub] = []

    def build(root: str, **more: object) -> GitHub:
        given: dict = {
            "name": "acme-github",
            "kind": "github",
            "url": root,
            "auth": {"token": {"env": "GITHUB_TOKEN"}},
            "scope": {"repositories": ["acme/web"]},
        }
        made.append(GitHub(Settings.model_validate(given | more), _lane()))
        return made[-1]

    yield build
    for connector in made:
        connector.close()


@pytest.fixture
def connector(github: FakeGitHub, connect: Connect) -> GitHub:
    return connect(github.root)


def _lane() -> Lane:
    return Lane("acme-github", LocalBudget(Pace(per_second=10_000, burst=10_000)), breaker=Breaker(50), backoff=0.001)
