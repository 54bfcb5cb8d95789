"""Whatever people, network and clocks do, in whatever order: after quiet the store is what the tracker is.

``HYPOTHESIS_PROFILE=soak`` tries far more, and others every time.
"""

import os
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule, run_state_machine_as_test
from structlog.testing import capture_logs

from tests.contract.worlds import WORLDS, World
from tests.machine.company import Company, Deed

ALWAYS = settings(deadline=None, suppress_health_check=list(HealthCheck))
PROFILES = {
    "default": settings(ALWAYS, max_examples=15, stateful_step_count=20, derandomize=True),
    "soak": settings(ALWAYS, max_examples=1000, stateful_step_count=50, print_blob=True),
}
PROFILE = PROFILES[os.environ.get("HYPOTHESIS_PROFILE", "default")]

ANY = st.integers(0, 999)
DEEDS = st.builds(Deed, st.sampled_from(["edit", "create", "delete", "move", "trash", "restore", "comment"]), ANY, ANY)
FAULTS = st.sampled_from(
    ["429", "500", "503", "reset", "cut", "drop_after_effect", "html", "wrong_type", "redirect", "403", "404"]
)


class Days(RuleBasedStateMachine):
    """The days of a :class:`Company`."""

    def __init__(self, kind: type[World], folder: Path) -> None:
        super().__init__()
        self.kind, self.folder = kind, folder
        self.back = 0
        self.renamed = False
        self.company: Company | None = None
        self.store = transaction.atomic()
        self.store.__enter__()

    def teardown(self) -> None:
        """At last, quiet."""
        try:
            if self.company:
                self.rest(self.company)
        finally:
            transaction.set_rollback(True)
            self.store.__exit__(None, None, None)

    def rest(self, company: Company) -> None:
        try:
            company.come_to_rest()
            assert company.differences() == []
        finally:
            company.end()

    @initialize(
        ages=st.lists(st.integers(0, 12), max_size=24),
        portion=st.sampled_from([2, 5, 100]),
        skew=st.integers(-1, 1),
        large=st.booleans(),
    )
    def begin(self, ages: list[int], portion: int, skew: int, large: bool) -> None:
        self.company = Company(self.kind, self.folder, ages, portion, timedelta(days=skew))
        if large:
            self.company.world.become_large()

    @rule(deeds=st.lists(DEEDS, min_size=1, max_size=4), seconds=st.integers(0, 200))
    def people_work(self, deeds: list[Deed], seconds: int) -> None:
        for deed in deeds:
            self.company.world.clock.advance(seconds)
            self.company.do(deed)

    @rule(seconds=st.sampled_from([1, 30, 60, 300, 1800, 86400]))
    def time_passes(self, seconds: int) -> None:
        self.company.world.clock.advance(seconds)

    @precondition(lambda self: self.back < 60)
    @rule(seconds=st.integers(1, 20))
    def the_clock_is_set_back(self, seconds: int) -> None:
        self.back += seconds
        self.company.world.clock.advance(-seconds)

    @precondition(lambda self: self.kind.lags)
    @rule(part=st.sampled_from([0.0, 0.2, 1.0]))
    def the_index_lags(self, part: float) -> None:
        self.company.act("lag", seconds=self.kind.lags * part)

    @precondition(lambda self: not self.renamed and self.company and self.company.knows(self.kind.places[0]))
    @rule()
    def something_is_renamed(self) -> None:
        self.renamed = True
        self.company.world.rename()

    @rule(which=st.integers(0, 1))
    def a_place_is_lost(self, which: int) -> None:
        self.company.close(self.kind.places[which])

    @precondition(lambda self: self.company and self.company.closed)
    @rule()
    def a_place_is_given_back(self) -> None:
        self.company.open(min(self.company.closed))

    @rule(kind=FAULTS, times=st.sampled_from([1, 2, 7, None]), after=st.integers(0, 4), everywhere=st.booleans())
    def something_fails(self, kind: str, times: int | None, after: int, everywhere: bool) -> None:
        match = "." if everywhere else self.kind.lists
        retry_after = 3600 if kind == "429" and times == 7 else 0 if kind == "429" else None
        self.company.world.fail(kind, match, times=times, after=after, retry_after=retry_after)

    @rule()
    def what_failed_is_mended(self) -> None:
        self.company.world.sandbox.faults.clear()

    @rule()
    def syncd_discovers(self) -> None:
        self.company.discover()

    @rule(pages=st.integers(0, 3), meanwhile=st.lists(DEEDS, max_size=8))
    def syncd_pulls(self, pages: int, meanwhile: list[Deed]) -> None:
        for stream in self.company.streams or (self.company.discover() or self.company.streams):
            self.company.pull(stream, pages, meanwhile)

    @rule()
    def syncd_sweeps(self) -> None:
        for stream in self.company.streams:
            self.company.sweep(stream)

    @rule()
    def syncd_is_started_anew(self) -> None:
        self.company.restart()


@pytest.mark.django_db
@pytest.mark.parametrize("name", WORLDS)
def test_after_quiet_the_store_holds_what_the_tracker_holds(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("connectors.github.pages.STEPS", 2)  # or everything would come on one page
    with capture_logs():
        run_state_machine_as_test(partial(Days, WORLDS[name], tmp_path), settings=PROFILE)
