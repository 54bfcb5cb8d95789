import subprocess
import sys

import orjson
import pytest
from django.utils import timezone

from bench import copies, filled, hidden, pages
from bench.report import Line
from bench.scale import Scale
from syncd.trackers.models import Item, Reference, Version


@pytest.mark.parametrize(
    ("ratio", "goal", "holds"), [(2.0, 3.0, True), (3.0, 3.0, True), (3.1, 3.0, False), (2.0, None, None)]
)
def test_a_goal_is_the_most_that_a_ratio_may_be(ratio: float, goal: float | None, holds: bool | None) -> None:
    assert Line("x", {}, ratio, goal).holds is holds


def test_a_line_says_what_was_measured_and_whether_it_is_enough() -> None:
    line = Line("jira: CPU s", {"floor": 0.5, "syncd": 2.0}, 4.0, 3.0)
    assert " ".join(str(line).split()) == "jira: CPU s floor 0.50 syncd 2 = 4 (goal: at most 3: missed)"


def test_a_quick_run_measures_real_passes() -> None:
    command = [sys.executable, "-m", "bench", "--quick", "--items", "60", "--json"]
    done = subprocess.run([*command, "--only", "polling", "--only", "judging"], check=True, capture_output=True)
    lines = {line["what"]: line for line in map(orjson.loads, done.stdout.splitlines())}
    assert lines["nothing changed: requests"]["figures"] == {"streams": 5, "requests": 5}
    assert lines["ten edits in jira: requests"]["holds"]
    assert lines["bare closures, each text read once"]["figures"]["µs an item"] > 0
    assert lines["loaded, judged, stored the first time ÷ bare"]["ratio"] > 0
    edit = lines["an edit of one label rule"]["figures"]
    assert 0 < edit["touched"] <= edit["judged"] < edit["walked"] == 60


def test_pages_are_visited_over_a_store_that_was_filled(tmp_path) -> None:
    scale = Scale.quick(120)
    lines = [line for line in pages.measure(scale, tmp_path) if line.goal == pages.TIMES]
    assert len(lines) == len(pages.pages(1, "x"))
    assert all(line.figures["p99"] >= line.figures["p50"] > 0 for line in lines)


@pytest.mark.django_db
def test_a_copy_of_a_store_speaks_of_its_own_items_alone() -> None:
    filled._put(40, timezone.now())
    copies.multiply(3)
    assert Item.objects.count() == 120
    keys = (
        Item.objects.filter(title=Item.objects.get(key="WEB-1007").title).order_by("id").values_list("key", flat=True)
    )
    assert list(keys) == ["WEB-1007", "WEB-2007", "WEB-3007"]
    for item in Item.objects.exclude(parent=None).select_related("parent"):
        assert item.parent_address == item.parent.address
        assert item.key[:5] == item.parent.key[:5] == f"WEB-{item.native_id[0]}"
    assert {row.item.key[4] == row.address[9] for row in Reference.objects.select_related("item")} == {True}
    assert Version.objects.filter(item__key__startswith="WEB-3", doc__contains="WEB-3").count() == 4


@pytest.mark.parametrize(
    ("some", "others", "area"),
    [([1.0, 2.0], [1.0, 2.0], 0.5), ([3.0], [1.0, 2.0], 1.0), ([1.0], [1.0, 2.0], 0.25), ([0.5], [1.0], 0.0)],
)
def test_how_well_times_are_told_apart(some: list[float], others: list[float], area: float) -> None:
    assert hidden.told_apart(some, others) == area


def test_ids_of_another_partner_are_asked_for_beside_ids_that_never_were(tmp_path) -> None:
    lines = list(hidden.measure(Scale.quick(1), tmp_path))
    assert [line.what.partition(" ")[0] for line in lines] == ["items", "commitments"]
    assert all(0.0 <= line.figures["area"] <= 1.0 and line.holds is None for line in lines)
