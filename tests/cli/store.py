"""A store as the first start leaves it. Bringing one up takes seconds, and few tests are about that."""

import atexit
import shutil
import subprocess
import sys
import tempfile
from functools import cache
from pathlib import Path

from tests.cli.command import ROOT, environment

BRING_UP = "import django; django.setup(); from syncd.cli import migration; migration.bring_up()"


def brought_up(folder: Path) -> None:
    """Put an empty one into a configuration folder."""
    for file in _template().glob("*.db*"):
        shutil.copy2(file, folder)


@cache
def _template() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="syncd-store-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    told = {"DJANGO_SETTINGS_MODULE": "config.settings", "SYNCD_DATABASE": f"sqlite:///{folder / 'syncd.db'}"}
    subprocess.run([sys.executable, "-c", BRING_UP], cwd=ROOT, env=environment(**told), check=True)
    return folder
