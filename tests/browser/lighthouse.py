"""``make lighthouse``: Google's own judgement of every page of the demo, the median of three visits.

As many pages at a time as there are cores; what a page misses beside others, it is judged on again by itself. How fast a page
is takes a visit of its own, and a third only where two do not say the same. ``--glance`` visits once and leaves the speed out,
which says as much of the machine as of the page. Needs ``npm install --prefix .tools lighthouse``; a page takes a quarter of
a minute, at a glance five seconds.
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Mapping
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
"""A visit that the browser does not survive says nothing about the page."""
TOOL = ROOT / ".tools" / "node_modules" / ".bin" / "lighthouse"
Scores = dict[str, int]


def main() -> None:
    if not TOOL.exists():
        sys.exit("lighthouse is not there: npm install --prefix .tools lighthouse")
    least = LEAST if "--glance" in sys.argv else LEAST | SPEED
    chosen = [page for page in PAGES if page.name in sys.argv[1:]] or PAGES
    with tempfile.TemporaryDirectory() as folder, site.demo(Path(folder) / "site") as demo:
        judge = partial(judged, demo, least, Path(folder))
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            together = zip(chosen, pool.map(judge, chosen), strict=True)
            missed = [page for page, scores in together if not told(page, scores, least)]
        alone = [page for page in missed if not told(page, judge(page), least)]
    sys.exit(bool(alone))


def told(page: Page, scores: Scores, least: Mapping[str, int]) -> bool:
    """Print them. :returns: whether the page has all that it needs"""
    print(f"{page.name:24}" + "  ".join(f"{name} {score}" for name, score in scores.items()), flush=True)
    return all(scores[name] >= enough for name, enough in least.items())


def judged(demo: Site, least: Mapping[str, int], folder: Path, page: Page) -> Scores:
    """Of a hundred, by category; of the speed the median of three visits, of which two settle whether it is enough."""
    report = folder / f"{page.name}.json"
    scores = visit(demo, page, least, report)
    if SPEED.keys() <= least.keys():
        [(speed, enough)] = SPEED.items()
        visits = [scores[speed], visit(demo, page, SPEED, report)[speed]]
        if min(visits) < enough <= max(visits):
            visits.append(visit(demo, page, SPEED, report)[speed])
        scores |= {speed: statistics.median_low(visits)}
    return {name: round(score) for name, score in scores.items()}


def visit(demo: Site, page: Page, least: Mapping[str, int], report: Path) -> dict[str, float]:
    """Scores of a hundred, by category; what cost points is told."""
    cookies = "; ".join(f"{name}={value}" for name, value in demo.cookies.get(page.role, {}).items())
    command = [
        TOOL, demo.url + page.path, "--quiet", "--output=json", f"--output-path={report}",
        f"--only-categories={','.join(least)}", f"--chrome-flags={' '.join(['--headless=new', *gate.FLAGS])}",
        f"--extra-headers={json.dumps({'Cookie': cookies})}",
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
    return {name: 100 * told["categories"][name]["score"] for name in least}


if __name__ == "__main__":
    main()
