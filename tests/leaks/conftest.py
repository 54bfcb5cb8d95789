"""The partner side as a process for partners alone serves it."""

import pytest


@pytest.fixture(autouse=True)
def _alone(settings) -> None:
    settings.MIDDLEWARE = ["syncd.partners.side.PartnerSide", "syncd.web.assets.StaticFiles"]
    settings.ROOT_URLCONF = "syncd.partners.alone"
