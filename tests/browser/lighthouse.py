"""``make lighthouse``: Google's own judgement of every page of the demo, or of those that are named.

As many pages at a time as there are cores; what a page misses beside others, it is judged on again by itself. How fast it is
is the median of three visits, of which two that agree settle it; with ``--brief``, a first one that is far above what it needs
does so too. Needs ``npm install --prefix .tools lighthouse``.
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path
from queue import Queue
from typing import Any

from tests.browser import gate, site
from tests.browser.conftest import CHROMIUM
from tests.browser.pages import PAGES, Page
from tests.browser.site import ROOT, Site

SPEED = "performance"
LEAST = {SPEED: 90, "accessibility": 100, "best-practices": 100, "seo": 100}
CLEAR = 97
"""Points of a first visit that settle how fast a page is, where somebody is in a hurry."""
TRIES = 3
"""Visits that the browser does not survive say nothing about the page; nor does one by itself how fast it is."""
MODULES = ROOT / ".tools" / "node_modules"
FLAGS = ["--headless=new", "--renderer-process-limit=1", *gate.FLAGS]
"""A process that ends while a trace is taken keeps whoever asks for the trace waiting for five seconds: there is one for all pages."""
SLOWED, DESKTOP = 4.0, 1_500.0
"""How much slower than here a phone is taken to be, on a machine of this ``benchmarkIndex``; slower ones are closer to a phone.
https://github.com/GoogleChrome/lighthouse/blob/main/docs/throttling.md#calibrating-multipliers"""
Scores = dict[str, int]
Result = dict[str, Any]
"""https://github.com/GoogleChrome/lighthouse/blob/main/docs/understanding-results.md"""


class Visitor:
    """A browser with Lighthouse, which visits one page after the other."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process
        self.slowed = SLOWED
        """Until it is known how fast this machine is."""

    def visit(self, demo: Site, page: Page, *categories: str) -> Result:
        """:raises SystemExit: it did not come to a result in several tries"""
        cookies = "; ".join(f"{name}={value}" for name, value in demo.cookies.get(page.role, {}).items())
        asked = {
            "url": demo.url + page.path, "categories": categories, "disableFullPageScreenshot": True,
            "extraHeaders": {"Cookie": cookies}, "throttling": {"cpuSlowdownMultiplier": self.slowed},
        }  # fmt: skip
        for _ in range(TRIES):
            told = self._ask(asked)
            if "error" not in told:
                machine = float(told["environment"]["benchmarkIndex"])
                self.slowed = max(1.0, SLOWED * min(1.0, machine / DESKTOP))
                return told
        sys.exit(f"{page.name}: lighthouse gave up {TRIES} times: {told['error']}")

    def _ask(self, asked: Result) -> Result:
        talk_to, hear = self._process.stdin, self._process.stdout
        assert talk_to
        assert hear
        talk_to.write(json.dumps(asked) + "\n")
        talk_to.flush()
        answer: Result = json.loads(hear.readline() or '{"error": "its process ended"}')
        return answer


@contextmanager
def visitor() -> Iterator[Visitor]:
    command = ["node", Path(__file__).with_suffix(".mjs"), MODULES, CHROMIUM, *FLAGS]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        yield Visitor(process)
        assert process.stdin
        process.stdin.close()


def main() -> None:
    if not (MODULES / "lighthouse").exists():
        sys.exit("lighthouse is not there: npm install --prefix .tools lighthouse")
    chosen = [page for page in PAGES if page.name in sys.argv[1:]] or PAGES
    with ExitStack() as stack:
        demo = stack.enter_context(site.demo(Path(stack.enter_context(tempfile.TemporaryDirectory())) / "site"))
        waiting: Queue[Visitor] = Queue()
        for _ in range(os.cpu_count() or 1):
            waiting.put(stack.enter_context(visitor()))

        def judge(page: Page) -> Scores:
            someone = waiting.get()
            try:
                return judged(demo, page, someone, clear=CLEAR if "--brief" in sys.argv else None)
            finally:
                waiting.put(someone)

        with ThreadPoolExecutor(waiting.qsize()) as pool:
            together = zip(chosen, pool.map(judge, chosen), strict=True)
            missed = [page for page, scores in together if not passes(page, scores)]
        alone = [page for page in missed if not any(passes(page, judge(page)) for _ in range(TRIES))]
    sys.exit(bool(alone))


def passes(page: Page, scores: Scores) -> bool:
    """Print them. :returns: whether the page has all that it needs"""
    print(f"{page.name:24}" + "  ".join(f"{name} {score}" for name, score in scores.items()), flush=True)
    return all(score >= LEAST[name] for name, score in scores.items())


def judged(demo: Site, page: Page, by: Visitor, clear: int | None = None) -> Scores:
    """Of a hundred, by category; what cost points is told.

    :param clear: points of the first visit from which on no other is needed
    """
    told = by.visit(demo, page, *LEAST)
    visits, enough = [score(told, SPEED)], LEAST[SPEED]
    if clear is None or visits[0] < clear:
        while len(visits) < 2 or (len(visits) < 3 and min(visits) < enough <= max(visits)):
            visits.append(score(by.visit(demo, page, SPEED), SPEED))
    scores = {name: score(told, name) for name in LEAST} | {SPEED: statistics.median_low(visits)}
    for name, points in scores.items():
        if points < LEAST[name]:
            for title in costly(told, name):
                print(f"  {page.name}: {name}: {title}")
    return scores


def score(told: Result, category: str) -> int:
    return round(100 * told["categories"][category]["score"])


def costly(told: Result, category: str) -> Iterator[str]:
    """What points were taken for."""
    for reference in told["categories"][category]["auditRefs"]:
        audit = told["audits"][reference["id"]]
        if reference["weight"] and audit["score"] is not None and audit["score"] < 1:
            yield f"{audit['title']} {audit.get('displayValue', '')}"


if __name__ == "__main__":
    main()
