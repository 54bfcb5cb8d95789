"""A world with two partners, served as a process for partners alone serves it."""

import pytest

from tests.partners import world
from tests.partners.world import Shared


@pytest.fixture(autouse=True)
def _alone(settings) -> None:
    settings.MIDDLEWARE = ["syncd.partners.side.PartnerSide", "syncd.web.assets.StaticFiles"]
    settings.ROOT_URLCONF = "syncd.partners.alone"


@pytest.fixture
def globex(transactional_db) -> Shared:
    return world.partner("globex", "pia@globex.example")


@pytest.fixture
def initech(transactional_db) -> Shared:
    return world.partner("initech", "quinn@initech.example")
