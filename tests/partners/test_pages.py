"""What visitors see, page by page."""

import pytest

from tests.partners import world

pytestmark = world.SIDE


@pytest.fixture
def pia(globex):
    return world.signed_in(globex, as_contact=True)


@pytest.mark.parametrize(
    "path",
    ["/p/", "/p/?by=quarter", "/p/?by=list", "/p/commitments/", "/p/changes/", "/p/talk/", "/p/subscribe/", "/p/settings/",
     "/p/print/", "/p/work.csv", "/p/logo"],
)  # fmt: skip
def test_a_page_answers(pia, path):
    answer = pia.get(path)
    assert answer.status_code == 200, answer.content.decode()


def test_items_and_commitments(pia, globex):
    assert "Single sign-on for globex" in pia.get(f"/p/items/{globex.item.id}/").content.decode()
    assert "at risk" in pia.get(f"/p/commitments/{globex.sso.id}/").content.decode()
