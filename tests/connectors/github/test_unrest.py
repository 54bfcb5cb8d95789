"""Nothing is missed, whatever people do between any two requests, and wherever the pull is killed."""

import random
from collections.abc import Iterator
from datetime import timedelta

import pytest

from connectors.base import Cursor, Page
from connectors.github.connector import GitHub
from connectors.item import Item
from tests.connectors.github.fake import WEB, Asked, FakeGitHub, Reply


class Unrest:
    """Edits, creations and deletions at random, one in three requests; now and then in the same second."""

    def __init__(self, github: FakeGitHub, seed: int) -> None:
        self.github, self.random = github, random.Random(seed)

    def __call__(self, _: Asked) -> Reply | None:
        self.github.now += timedelta(seconds=self.random.choice((0, 0, 1, 7)))
        if self.random.random() < 0.33:
            for _ in range(self.random.choice((1, 1, 3, 150))):
                self._do_something()
        return None

    def _do_something(self) -> None:
        numbers = list(self.github.rows)
        act = self.random.random()
        if act < 0.2:
            self.github.add(max(numbers) + self.random.choice((1, 1, 2)), at=self.github.now)
        elif act < 0.4 and len(numbers) > 200:
            del self.github.rows[self.random.choice(numbers)]
        else:
            self.github.touch(self.random.choice(numbers), title=f"Edit {self.random.random()}")


def killed_at_random(connector: GitHub, cursor: Cursor, dice: random.Random) -> Iterator[Page]:
    """Pages of a run that is killed now and then and goes on at the cursor of its last page."""
    while True:
        walk = connector.pull(WEB, cursor)
        for page in walk:
            yield page
            cursor = Cursor.from_json(page.cursor.to_json())
            if dice.random() < 0.15:
                break
        walk.close()  # type: ignore[attr-defined]
        if cursor.started is None and cursor.backfilled:
            return


@pytest.mark.parametrize("seed", range(8))
def test_after_quiet_every_item_is_known_as_it_is(connector: GitHub, github: FakeGitHub, seed: int) -> None:
    dice = random.Random(seed)
    github.cursors = seed % 4 == 3
    github.last_page = dice.choice((3, 10_000))
    for number in range(1, 900):
        github.add(number * dice.choice((1, 1, 2)), pull=number % 50 == 0)
    store: dict[str, Item] = {}
    cursor = Cursor()
    github.fault = Unrest(github, seed)
    for run in range(4):
        if run == 3:
            github.fault = lambda _: None
            github.now += timedelta(seconds=1)
        for page in killed_at_random(connector, cursor, dice):
            cursor = page.cursor
            store |= {item.native_id: item for item in page.items}
    missed = [row["number"] for row in github.rows.values() if store[str(row["id"])].title != row["title"]]
    assert missed == []
    assert github.rows.keys() <= {int(item.key.partition("#")[2]) for item in store.values()}
