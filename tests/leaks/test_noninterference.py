"""I8: what a partner gets depends on what is shared with it and on nothing else, to the byte; and this test would
notice if not."""

import os
from random import Random

import pytest
from django.db import connections

from syncd.partners.urls import urlpatterns
from tests.leaks import seeds
from tests.leaks.comparing import differences
from tests.leaks.outside import Visitor, asks
from tests.leaks.worlds import Worlds, ids_in_order, pair

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "partners", "outside"])

PAIRS = 25
"""In one store; a test has to be over within five minutes on a busy machine."""
STORES = int(os.environ.get("SYNCD_PAIRS", "500")) // PAIRS
"""500 pairs of worlds on SQLite, and as many as ``make soak`` asks for; on PostgreSQL one store."""
FEW = 4
"""Pairs in which a leak has to show."""


@pytest.mark.parametrize("seed", range(STORES))
def test_worlds_that_differ_in_nothing_shared_answer_alike(tmp_path, seed):
    if seed and connections["default"].vendor == "postgresql":
        pytest.skip("the same rows by another database: one store of them is enough")
    assert next(differences(tmp_path, seed, PAIRS, later=seed % 4 == 0), "") == ""


@pytest.mark.parametrize("leak", seeds.LEAKS)
def test_a_leak_would_be_noticed(tmp_path, leak):
    if connections["default"].vendor == "postgresql":
        pytest.skip("leaks are sown in code, which is the same for both databases")
    with seeds.LEAKS[leak]():
        assert next(differences(tmp_path, 7, FEW), ""), "nothing was noticed"


def test_every_address_is_asked_for(tmp_path):
    with ids_in_order():
        worlds = Worlds(tmp_path, [pair(0, Random(2))], Random(2))
        worlds.begin()
        asked = {ask.path for ask in asks(Visitor(worlds.pairs[0], "a"))}
    for route in urlpatterns:
        start = str(route.pattern).removeprefix("p/").partition("<")[0]
        assert any(path.startswith(start) for path in asked), route
