"""``make lighthouse``: Google's own judgement of every page of the demo.

As many pages at a time as there are cores; what a page misses beside others, it is judged on again by itself. How fast it is
takes visits of its own: the median of three, of which two that agree settle it. A page takes a third of a minute, with
``--glance`` five seconds: then only the pages that are named are asked for their speed. Needs
``npm install --prefix .tools lighthouse``.
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Collection, Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

from tests.browser import gate, site
from tests.browser.conftest import CHROMIUM
from tests.browser.pages import PAGES, Page
from tests.browser.site import ROOT, Site

LEAST = {"accessibility": 100, "best-practices": 100, "seo": 100}
SPEED = {"performance": 90}
TRIES = 3
"""Visits that the browser does not survive say nothing about the page; nor does one by itself how fast it is."""
TOOL = ROOT / ".tools" / "node_modules" / ".bin" / "lighthouse"
SLOWED, DESKTOP = 4.0, 1_500.0
"""How much slower than here a phone is taken to be, on a machine of this ``benchmarkIndex``; slower ones are closer to a phone.
https://github.com/GoogleChrome/lighthouse/blob/main/docs/throttling.md#calibrating-multipliers"""
Scores = dict[str, int]


def main() -> None:
    if not TOOL.exists():
        sys.exit("lighthouse is not there: npm install --prefix .tools lighthouse")
    named = [page for page in PAGES if page.name in sys.argv[1:]]
    glance = "--glance" in sys.argv
    chosen, quick = (PAGES, named) if glance else (named or PAGES, named or PAGES)
    with tempfile.TemporaryDirectory() as folder, site.demo(Path(folder) / "site") as demo:
        judge = partial(judged, demo, Path(folder), quick)
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            together = zip(chosen, pool.map(judge, chosen), strict=True)
            missed = [page for page, scores in together if not passes(page, scores)]
        alone = [page for page in missed if not any(passes(page, judge(page)) for _ in range(TRIES))]
    sys.exit(bool(alone))


def passes(page: Page, scores: Scores) -> bool:
    """Print them. :returns: whether the page has all that it needs"""
    print(f"{page.name:24}" + "  ".join(f"{name} {score}" for name, score in scores.items()), flush=True)
    return all(score >= (LEAST | SPEED)[name] for name, score in scores.items())


def judged(demo: Site, folder: Path, quick: Collection[Page], page: Page) -> Scores:
    """Of a hundred, by category.

    :param quick: the pages that are asked how fast they are
    """
    report = folder / f"{page.name}.json"
    scores, machine = visit(demo, page, LEAST, report)
    if page in quick:
        slowed = max(1.0, SLOWED * min(1.0, machine / DESKTOP))
        visits: list[float] = []
        [(speed, enough)] = SPEED.items()
        while len(visits) < 2 or (len(visits) < 3 and min(visits) < enough <= max(visits)):
            visits.append(visit(demo, page, SPEED, report, slowed)[0][speed])
        scores[speed] = statistics.median_low(visits)
    return {name: round(score) for name, score in scores.items()}


def visit(
    demo: Site, page: Page, least: Mapping[str, int], report: Path, slowed: float = SLOWED
) -> tuple[dict[str, float], float]:
    """Scores of a hundred, by category, and how fast the machine was meanwhile (``benchmarkIndex``); what cost points is told."""
    cookies = "; ".join(f"{name}={value}" for name, value in demo.cookies.get(page.role, {}).items())
    command = [
        TOOL, demo.url + page.path, "--quiet", "--output=json", f"--output-path={report}",
        f"--only-categories={','.join(least)}", f"--chrome-flags={' '.join(['--headless=new', *gate.FLAGS])}",
        f"--extra-headers={json.dumps({'Cookie': cookies})}", f"--throttling.cpuSlowdownMultiplier={slowed:.2f}",
        "--disable-full-page-screenshot",
    ]  # fmt: skip
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    for _ in range(TRIES):
        if not subprocess.run(
            command, check=False, env=os.environ | {"CHROME_PATH": str(CHROMIUM)}, **quiet
        ).returncode:
            break
    else:
        sys.exit(f"{page.name}: lighthouse gave up {TRIES} times")
    told = json.loads(report.read_text(encoding="utf-8"))
    for name, enough in least.items():
        category = told["categories"][name]
        if 100 * category["score"] < enough:
            for reference in category["auditRefs"]:
                audit = told["audits"][reference["id"]]
                if reference["weight"] and audit["score"] is not None and audit["score"] < 1:
                    print(f"  {page.name}: {name}: {audit['title']} {audit.get('displayValue', '')}")
    scores = {name: 100 * told["categories"][name]["score"] for name in least}
    return scores, float(told["environment"]["benchmarkIndex"])


if __name__ == "__main__":
    main()
