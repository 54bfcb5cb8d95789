"""I8: what a partner gets depends on what is shared with it and on nothing else, to the byte."""

import pytest

from tests.leaks.comparing import AT_ONCE, differences

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "partners", "outside"])


@pytest.mark.parametrize("seed", range(2))
def test_worlds_that_differ_in_nothing_shared_answer_alike(tmp_path, seed):
    assert next(differences(tmp_path, seed, AT_ONCE), "") == ""
