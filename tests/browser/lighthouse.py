"""``make lighthouse``: Google's own judgement of every page of the demo, the median of three visits.

Needs ``npm install --prefix .tools lighthouse``. Not part of the tests: it takes half a minute a page.
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.browser import gate, site
from tests.browser.conftest import CHROMIUM
from tests.browser.pages import PAGES, Page
from tests.browser.site import ROOT, Site

LEAST = {"accessibility": 100, "best-practices": 100, "seo": 100, "performance": 90}
VISITS = 3
TOOL = ROOT / ".tools" / "node_modules" / ".bin" / "lighthouse"


def main() -> None:
    if not TOOL.exists():
        sys.exit("lighthouse is not there: npm install --prefix .tools lighthouse")
    chosen = [page for page in PAGES if page.name in sys.argv[1:]] or PAGES
    failed = False
    with tempfile.TemporaryDirectory() as folder, site.demo(Path(folder) / "site") as demo:
        for page in chosen:
            visits = [visit(demo, page, Path(folder) / "report.json") for _ in range(VISITS)]
            scores = {name: round(statistics.median(visit[name] for visit in visits)) for name in LEAST}
            failed |= any(scores[name] < least for name, least in LEAST.items())
            print(f"{page.name:24}" + "  ".join(f"{name} {score}" for name, score in scores.items()), flush=True)
    sys.exit(failed)


def visit(demo: Site, page: Page, report: Path) -> dict[str, float]:
    """Scores of a hundred, by category; what cost points is told."""
    cookies = "; ".join(f"{name}={value}" for name, value in demo.cookies.get(page.role, {}).items())
    subprocess.run(
        [
            TOOL, demo.url + page.path, "--quiet", "--output=json", f"--output-path={report}",
            f"--only-categories={','.join(LEAST)}", f"--chrome-flags={' '.join(['--headless=new', *gate.FLAGS])}",
            f"--extra-headers={json.dumps({'Cookie': cookies})}",
        ],
        check=True, env=os.environ | {"CHROME_PATH": str(CHROMIUM)}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    told = json.loads(report.read_text(encoding="utf-8"))
    for name, least in LEAST.items():
        category = told["categories"][name]
        if 100 * category["score"] < least:
            for reference in category["auditRefs"]:
                audit = told["audits"][reference["id"]]
                if reference["weight"] and audit["score"] is not None and audit["score"] < 1:
                    print(f"  {page.name}: {name}: {audit['title']} {audit.get('displayValue', '')}")
    return {name: 100 * told["categories"][name]["score"] for name in LEAST}


if __name__ == "__main__":
    main()
