"""The partner side as a process for partners alone serves it."""

import pytest

from config.models.messages import Messages


@pytest.fixture(autouse=True)
def _alone(settings) -> None:
    settings.MIDDLEWARE = ["syncd.partners.side.PartnerSide", "syncd.web.assets.StaticFiles"]
    settings.ROOT_URLCONF = "syncd.partners.alone"
    settings.MESSAGES = Messages.model_validate({"mail": {"host": "127.0.0.1", "from": "syncd@acme.example"}})
