"""procrastinate's own acceptance tests pass on our connector, none left out.

Its distributions do not carry them, so they run where a copy of its ``tests/acceptance`` folder (of
the installed version's tag) is at hand: named by ``SYNCD_PROCRASTINATE_TESTS``, or at
``../shared/procrastinate``. ``test_queries.py`` holds both databases against each other everywhere.
"""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
THEIRS = Path(os.environ.get("SYNCD_PROCRASTINATE_TESTS", ROOT.parent / "shared" / "procrastinate"))
FILES = ("test_async.py", "test_sync.py")


@pytest.mark.skipif(
    not all((THEIRS / name).exists() for name in FILES),
    reason="procrastinate's acceptance tests are not at hand; set SYNCD_PROCRASTINATE_TESTS to their folder",
)
def test_the_acceptance_tests_of_procrastinate_pass(tmp_path):
    for name in FILES:
        shutil.copy(THEIRS / name, tmp_path)
    ran = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "acceptance_plugin", "-p", "no:randomly", "-p", "no:django",
         "-p", "no:cacheprovider", "-c", os.devnull, "--rootdir", str(tmp_path), "-o", "asyncio_mode=auto",
         "-o", "asyncio_default_fixture_loop_scope=function", str(tmp_path)],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": f"{ROOT}:{Path(__file__).parent}"},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )  # fmt: skip
    summary = re.search(r"(\d+) passed", ran.stdout)
    assert ran.returncode == 0, ran.stdout[-3000:] + ran.stderr
    assert summary
    assert int(summary[1]) >= 19
