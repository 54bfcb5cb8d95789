"""A daemon with made-up work, to be killed by the tests: ``a_daemon.py URL FOLDER [OPTION…]``.

It writes a line a deed to ``deeds`` in the folder: ``serving URL``, ``pull``, ``pulled``.
"""

import os
import sys
import threading
import time
from pathlib import Path

os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
url, folder = sys.argv[1], Path(sys.argv[2])
options = dict(option.split("=") for option in sys.argv[3:])
os.environ["SYNCD_DATABASE"] = url

import django  # noqa: E402

django.setup()

from django.db import connection  # noqa: E402

from syncd import logs  # noqa: E402
from syncd.worker.daemon import run  # noqa: E402

stop = threading.Event()
deeds = (folder / "deeds").open("a", buffering=1)


class Work:
    """Stream 7 is due once a second; a pull of it takes ``slice`` seconds, whatever the stop says if ``deaf``."""

    hinted = 0.0

    def due(self, now):
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        if time.monotonic() - self.hinted < 1:
            return []
        self.hinted = time.monotonic()
        return [7]

    def pull(self, stream_id, seconds):
        deeds.write("pull\n")
        took = float(options.get("slice", 0))
        time.sleep(took) if "deaf" in options else stop.wait(took)
        deeds.write("pulled\n")
        return False

    def sweep_due(self, now):
        return []

    discover_due = sweep_due

    def judge(self, seconds):
        return False

    publish = audit = suggest = index = messages = judge

    def asked(self):
        return False

    def nightly(self):
        return None

    admit = nightly


logs.configure(0)
sys.exit(
    run(
        url,
        folder,
        Work(),
        web="web" in options,
        port=int(options.get("web", 0)),
        stop=stop,
        serving=lambda at: deeds.write(f"serving {at}\n") and None,
    )
)
