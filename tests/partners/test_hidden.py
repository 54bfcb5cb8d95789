"""What another partner sees is no more to be found by the work that an answer costs than by what it says.

Time is not measured here: a busy machine would measure itself (``python -m bench --only hidden`` does). An answer that
takes the same queries and the same function calls takes the same time.
"""

import gc
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from functools import partial
from types import FrameType
from typing import Any

import pytest
from django.db import connections
from django.http import HttpResponse
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from syncd.partners import side
from syncd.partners.desk.models import Session
from syncd.partners.models import OURS, Proposal
from tests.partners import world
from tests.partners.test_routes import FOREIGN, NEVER, ROUTES
from tests.partners.world import Shared

pytestmark = world.SIDE

NAMED = {
    name: (needs, look == NEVER) for name, (look, _, needs) in ROUTES.items() if set(needs.values()) & set(FOREIGN)
}
"""Routes with an id of the copy or of a key -> what it is called there, and whether a form is sent."""
WARM = 3
"""Visits of which the last looks up nothing for the first time."""
Calls = Counter[tuple[str, str]]


@pytest.fixture(autouse=True)
def no_collection() -> Iterator[None]:
    """Whoever listens to a signal and is collected is taken off its list by the next answer, which costs that one more."""
    gc.collect()
    gc.disable()
    yield
    gc.enable()


def ids(of: Shared) -> dict[str, str]:
    """What there is to be named of a partner."""
    client = world.signed_in(of)
    page = world.send(client, "/p/subscribe/", kind="atom").content.decode()
    [key] = re.findall(r"/p/subscribe/([\w-]{22})/end/", page)
    return {"item": of.item.id, "commitment": of.sso.id, "proposal": of.proposal.id, "key": key}


def withdrawn(of: Shared) -> dict[str, str]:
    """The same of what there was until it was taken back."""
    item = world.item(of.partner, "Gone")
    commitment = world.commitment(of.partner, OURS, "Gone")
    proposal = Proposal.objects.create(
        partner=of.partner, commitment=of.sso, by_side=OURS, subject="date", says="Gone", made_on=date(2026, 11, 24)
    )
    found = {**ids(of), "item": item.id, "commitment": commitment.id, "proposal": proposal.id}
    world.send(world.signed_in(of), "/p/subscribe/", f"/p/subscribe/{found['key']}/end/")
    for row in (item, commitment, proposal):
        row.delete()
    return found


def work(ask: Callable[[], HttpResponse]) -> tuple[list[str], Calls]:
    """The queries and the function calls of an answer."""
    calls: Calls = Counter()

    def count(frame: FrameType, event: str, argument: Any) -> None:
        if event == "call":
            calls[frame.f_code.co_filename, frame.f_code.co_qualname] += 1
        elif event == "c_call":
            calls["", argument.__qualname__] += 1

    with CaptureQueriesContext(connections["outside"]) as queries:
        sys.setprofile(count)
        try:
            ask()
        finally:
            sys.setprofile(None)
    return [query["sql"] for query in queries], calls


@pytest.mark.parametrize("route", NAMED)
def test_an_id_of_another_one_that_is_gone_and_one_that_never_was_cost_the_same(route, globex, initech):
    (argument, what), sends = next(iter(NAMED[route][0].items())), NAMED[route][1]
    named = {"another's": ids(globex)[what], "gone": withdrawn(initech)[what], "never was": "N" * 22}
    quinn = world.signed_in(initech)
    Session.objects.update(
        seen_at=timezone.now() + timedelta(hours=1)
    )  # that it is noted once a minute is seen nowhere
    form = {"csrfmiddlewaretoken": world.token(quinn.get("/p/talk/")), "text": "Hello"}

    def cost(id_: str) -> tuple[list[str], Calls]:
        path = reverse(route, urlconf=side.URLS, kwargs={argument: id_})
        ask = partial(quinn.post, path, form) if sends else partial(quinn.get, path)
        assert ask().status_code == 404
        for _ in range(WARM):
            queries, calls = work(ask)
        assert queries
        return [query.replace(id_, "ID") for query in queries], calls

    costs = {why: cost(id_) for why, id_ in named.items()}
    for why in ("another's", "gone"):
        assert costs[why][0] == costs["never was"][0], why
        assert costs[why][1] == costs["never was"][1], (why, costs[why][1] - costs["never was"][1])


def test_an_id_of_ones_own_costs_otherwise(initech):
    """So the work is seen at all."""
    quinn = world.signed_in(initech)
    paths = (f"/p/items/{initech.item.id}/", f"/p/items/{'N' * 22}/")
    mine, none = (work(lambda path=path: quinn.get(path)) for path in paths)
    assert len(mine[0]) > len(none[0])
    assert mine[1] != none[1]
