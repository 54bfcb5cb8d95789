"""``make lighthouse``: Google's own judgement of every page of the demo, the median of three visits.

``--glance`` visits once and leaves the speed out, which says as much of the machine as of the page: that is what
``.ci/run`` does, as many pages at a time as there are cores. Needs ``npm install --prefix .tools lighthouse``; a page
takes half a minute, at a glance five seconds.
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.browser import gate, site
from tests.browser.conftest import CHROMIUM
from tests.browser.pages import PAGES, Page
from tests.browser.site import ROOT, Site

LEAST = {"accessibility": 100, "best-practices": 100, "seo": 100}
SPEED = {"performance": 90}
VISITS = 3
TRIES = 3
"""A visit that the browser does not survive says nothing about the page."""
TOOL = ROOT / ".tools" / "node_modules" / ".bin" / "lighthouse"


def main() -> None:
    if not TOOL.exists():
        sys.exit("lighthouse is not there: npm install --prefix .tools lighthouse")
    glance = "--glance" in sys.argv
    chosen = [page for page in PAGES if page.name in sys.argv[1:]] or PAGES
    least = LEAST if glance else LEAST | SPEED
    with tempfile.TemporaryDirectory() as folder, site.demo(Path(folder) / "site") as demo:

        def judged(page: Page) -> dict[str, int]:
            reports = [Path(folder) / f"{page.name}-{number}.json" for number in range(1 if glance else VISITS)]
            visits = [visit(demo, page, least, report) for report in reports]
            return {name: round(statistics.median(visit[name] for visit in visits)) for name in least}

        with ThreadPoolExecutor(os.cpu_count() if glance else 1) as pool:
            failed = False
            for page, scores in zip(chosen, pool.map(judged, chosen), strict=True):
                failed |= any(scores[name] < enough for name, enough in least.items())
                print(f"{page.name:24}" + "  ".join(f"{name} {score}" for name, score in scores.items()), flush=True)
    sys.exit(failed)


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
