"""An item is found by whatever people call it, and no whole table is read for it."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from syncd.trackers.find import find
from syncd.trackers.models import Alias
from tests.trackers.pages.conftest import Company
from tests.web.test_growth import whole_tables

pytestmark = [pytest.mark.django_db, pytest.mark.store]


@pytest.mark.parametrize(
    "asked",
    [
        "WEB-1",
        "web-1",
        "acme-jira:WEB-1",
        "acme-jira:web-1",
        "10001",
        "acme-jira:10001",
        "https://acme.example/browse/WEB-1",
    ],
)
def test_an_item_is_found_by_index_alone(asked: str, company: Company) -> None:
    company.put(1)
    company.put(2)
    with CaptureQueriesContext(connection) as queries:
        found = find(asked)
    assert [item.key for item in found] == ["WEB-1"]
    if connection.vendor == "sqlite":
        assert [whole for query in queries for whole in whole_tables(query["sql"])] == []


def test_a_key_that_it_had_finds_it_where_nobody_has_it_now(company: Company) -> None:
    item = company.put(1)
    Alias.objects.create(item=item, address="jira:OLD-7")
    assert find("old-7") == [item]
    other = company.put(2, key="OLD-7")
    assert find("old-7") == [other]


def test_one_that_is_there_comes_before_one_that_went(company: Company) -> None:
    gone, here = company.put(1, key="WEB-9"), company.put(2, key="web-9")
    type(gone).objects.filter(pk=gone.pk).update(deleted_at=company.now)
    assert find("WEB-9") == [here]
    type(here).objects.filter(pk=here.pk).update(deleted_at=company.now)
    assert {item.pk for item in find("WEB-9")} == {gone.pk, here.pk}


def test_an_address_of_a_form_that_nobody_knows_is_found_as_well(company: Company) -> None:
    item = company.put(1, url="https://tracker.acme.example/elsewhere?id=1")
    assert find("https://tracker.acme.example/elsewhere?id=1") == [item]
    assert find("https://tracker.acme.example/nowhere") == []
