"""Serves the sample pages on any free port, until a signal; prints the address. See ``site.py``."""

import os

os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
os.environ["SYNCD_DEMO"] = "1"

from django.conf import settings
from waitress import create_server

from syncd.web.wsgi import application  # the settings are complete before the first request, not before this

settings.ROOT_URLCONF = "tests.browser.samples.site"


def main() -> None:
    server = create_server(application, host="127.0.0.1", port=0)
    print(f"samples: http://127.0.0.1:{server.effective_port}", flush=True)
    server.run()


if __name__ == "__main__":
    main()
