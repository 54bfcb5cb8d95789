"""Judging what is due gives what judging everything gives, whatever happened (I7)."""

from datetime import timedelta
from pathlib import Path

import pytest

from tests.worker.company import Company, all_that_is_judged

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("seed", range(6))
def test_judging_what_is_due_after_anything_gives_what_judging_everything_gives(seed: int, tmp_path: Path) -> None:
    company = Company(tmp_path, seed)
    for number in range(1, 46):
        company.happen()
        if number % 3 == 0:
            company.judge()
    company.mend_all()
    company.judge()
    company.now += timedelta(days=4)  # and nothing happens: time alone changes answers
    company.judge()
    incremental = all_that_is_judged()
    assert incremental["decisions"]
    company.everything()
    assert all_that_is_judged() == incremental
