"""A list by places: every row once, forward and back, whatever comes and goes meanwhile."""

from collections.abc import Callable
from functools import partial

import pytest

from syncd.review.models import Flag
from syncd.web import keyset
from syncd.web.keyset import BadCursor, Page

pytestmark = pytest.mark.django_db
ORDER = ("-stake", "-clears", "id")


@pytest.fixture
def flags(company) -> list[int]:
    """Eleven flags with ties in every column, in the order of the list."""
    rows = [company.flag(None, stake=(number // 3) / 3, clears=number % 2) for number in range(11)]
    return [row.id for row in sorted(rows, key=lambda row: (-row.stake, -row.clears, row.id))]


def written_each_time(after: str, size: int) -> Page[Flag]:
    return keyset.page(Flag.objects.all(), ORDER, after, size)


def written_once(after: str, size: int) -> Page[Flag]:
    return keyset.kept_page(keyset.Walk("all flags", Flag, Flag.objects.all), ORDER, after, size)


@pytest.fixture(params=[written_each_time, written_once], ids=lambda way: way.__name__)
def paged(request) -> Callable[[str, int], Page[Flag]]:
    return request.param


def walked(paged: Callable[[str, int], Page[Flag]], size: int, after: str = "") -> list[list[int]]:
    pages = []
    while True:
        page = paged(after, size)
        pages.append([row.id for row in page.rows])
        if not page.older:
            return pages
        after = page.older


@pytest.mark.parametrize("size", [1, 2, 3, 10, 11, 12])
def test_a_walk_meets_every_row_once_in_order(size, paged, flags):
    pages = walked(paged, size)
    assert [row for page in pages for row in page] == flags
    assert all(len(page) == size for page in pages[:-1])


def test_the_way_back_leads_over_the_same_pages(paged, flags):
    first = paged("", 4)
    second = paged(first.older, 4)
    third = paged(second.older, 4)
    assert (first.newer, third.older) == ("", "")
    back = paged(third.newer, 4)
    assert [row.id for row in back.rows] == [row.id for row in second.rows]
    start = paged(back.newer, 4)
    assert [row.id for row in start.rows] == flags[:4]
    assert start.newer == ""
    assert start.older


def test_what_is_added_above_or_taken_away_doubles_and_hides_nothing(paged, flags, company):
    first = paged("", 4)
    company.flag(None, stake=99)
    Flag.objects.filter(id=flags[3]).delete()
    second = paged(first.older, 4)
    assert [row.id for row in second.rows] == flags[4:8]


def test_where_nothing_is_left_the_first_page_is_shown(paged, flags):
    first = paged("", 9)
    Flag.objects.filter(id__in=flags[9:]).delete()
    again = paged(first.older, 9)
    assert [row.id for row in again.rows] == flags[:9]


@pytest.mark.parametrize("name", ["the flags of this test", None], ids=["written once", "another every time"])
class TestLooking:
    """What no index knows is looked for among some rows at a time."""

    @pytest.fixture(autouse=True)
    def three_at_a_time(self, monkeypatch):
        monkeypatch.setattr(keyset, "LOOK", 3)

    @pytest.fixture
    def page(self, name):
        def page(after: str = "", **fits: object) -> keyset.Page[Flag]:
            asked = name and (name, str(fits))
            walk = keyset.Walk(asked, Flag, Flag.objects.all)
            return keyset.kept_page(walk, ORDER, after, 2, lambda found: found.filter(**(fits or {"clears": 1})))

        return page

    def test_a_walk_meets_every_row_that_fits_once_and_never_looks_at_more_than_it_says(self, flags, page):
        Flag.objects.filter(id__in=flags[2:9]).update(clears=0)
        at = page()
        met, looked = [row.id for row in at.rows], [at.looked]
        while at.older:
            at = page(at.older)
            met += [row.id for row in at.rows]
            looked.append(at.looked)
        fitting = set(Flag.objects.filter(clears=1).values_list("id", flat=True))
        assert met == [flag for flag in flags if flag in fitting]
        assert looked == [3, 3, 3, 0]

    def test_the_way_back_leads_over_the_same_rows(self, page, flags):
        first = page()
        at, met = page(first.older), []
        while at.newer:
            at = page(at.newer)
            met = [row.id for row in at.rows] + met
        assert met == [row.id for row in first.rows]

    @pytest.mark.parametrize("fitting", [[0], [10], [5], [0, 10], []])
    def test_a_stretch_where_nothing_fits_leads_on_in_both_directions(self, page, fitting, flags):
        wanted = [flags[place] for place in fitting]
        at, back = page(id__in=wanted), []
        while at.older:
            at = page(at.older, id__in=wanted)
        while at.newer:
            at = page(at.newer, id__in=wanted)
            assert at.older, "the way on"
            back = [row.id for row in at.rows] + back
        last = wanted[-1:] if fitting[-1:] == [10] else []  # where the walk turned
        assert back + last == wanted


def test_several_walks_are_met_as_one(flags):
    for place, flag in enumerate(flags):
        Flag.objects.filter(id=flag).update(rule="abc"[place % 3])
    walks = [keyset.Walk((rule, "apart"), Flag, partial(Flag.objects.filter, rule=rule)) for rule in "abc"]
    at = keyset.merged_page(walks, ORDER, "", 2)
    there = [at.rows]
    while at.older:
        at = keyset.merged_page(walks, ORDER, at.older, 2)
        there.append(at.rows)
    back = [at.rows]
    while at.newer:
        at = keyset.merged_page(walks, ORDER, at.newer, 2)
        back.append(at.rows)
    assert [row.id for rows in there for row in rows] == flags
    assert back[::-1] == there


def test_times_are_places_too(company):
    ids = [company.flag(None).id for _ in range(5)]
    order = ("-opened_at", "-id")
    first = keyset.page(Flag.objects.all(), order, "", 2)
    second = keyset.page(Flag.objects.all(), order, first.older, 2)
    assert [row.id for row in (*first.rows, *second.rows)] == ids[:0:-1]


@pytest.mark.parametrize("cursor", ["x", "1", "a:b", "WzFd:AAAA", "é", "\x00"])
def test_a_place_that_was_never_given_out_is_refused(cursor, flags):
    with pytest.raises(BadCursor, match="open the list without"):
        keyset.page(Flag.objects.all(), ORDER, cursor, 4)


def test_a_place_in_another_order_is_refused(flags):
    cursor = keyset.page(Flag.objects.all(), ORDER, "", 4).older
    with pytest.raises(BadCursor):
        keyset.page(Flag.objects.all(), ("-opened_at", "-id"), cursor, 4)


@pytest.mark.parametrize(("most", "said"), [(5, 6), (10, 11), (11, 11), (50, 11)])
def test_counting_stops_where_more_would_not_be_said(most, said, flags):
    assert keyset.capped(Flag.objects.all(), most) == said


def test_a_page_is_one_query(flags, django_assert_num_queries):
    with django_assert_num_queries(1):
        keyset.page(Flag.objects.all(), ORDER, "", 4)
