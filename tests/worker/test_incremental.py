"""Judging what is due gives what judging everything gives, whatever happened (I7)."""

from pathlib import Path

import pytest
from django.db import connection
from django.db.models import F

from syncd.review.models import Flag
from tests.worker.company import Company, all_that_is_judged

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("seed", range(6))
def test_judging_what_is_due_after_anything_gives_what_judging_everything_gives(seed: int, tmp_path: Path) -> None:
    if seed > 1 and connection.vendor == "postgresql":
        pytest.skip("other happenings, the same statements: some of them are enough")
    company = Company(tmp_path, seed)
    for _ in range(5):
        for number in range(6):
            company.happen()
            if number % 3 == 0:
                company.judge()
        company.mend_all()
        for last in (company.happen, company.small_edit, company.delete, company.wait):
            company.judge()
            last()
            _is_as_if_everything_were_judged(company)


def _is_as_if_everything_were_judged(company: Company) -> None:
    company.mend_all()
    company.judge()
    incremental = all_that_is_judged()
    elsewhere = (
        Flag.objects.filter(goal="").exclude(item__decision=None).exclude(concerns=F("item__decision__primary_goal"))
    )
    assert not elsewhere.exists(), "whatever state a flag is in, it knows the goal of its item"
    assert not Flag.objects.exclude(goal="").exclude(concerns=F("goal")).exists()
    company.everything()
    assert all_that_is_judged() == incremental
