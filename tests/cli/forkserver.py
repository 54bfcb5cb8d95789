"""Starts commands in a third of the time: a process that has imported what they import, and forks for each.

Reads orders as JSON, one a line: ``arguments``, ``environ``, ``cwd``, ``out`` and ``err`` (files). Answers
with the process's number, and when it ended with its exit code.
"""

import gc
import importlib
import json
import os
import sys
from typing import Any, NoReturn

BEFOREHAND = (
    *("syncd.cli", "config.files", "config.policy", "rules.engine", "rules.examples", "rules.explain"),
    *("connectors.jira.connector", "connectors.github.connector", "connectors.notion.connector"),
    *("django.core.management.commands.migrate", "django.db.backends.sqlite3.base", "django.contrib.staticfiles"),
    *("rich.console", "rich.table", "rich.progress", "prometheus_client", "syncd.logs", "yaml"),
)
"""All that needs no settings: those are read after the fork, from the order's environment."""


def become(order: dict[str, Any]) -> NoReturn:
    """Turn this process into the command. It leaves without tidying up what was imported, which takes its time."""
    for number, path in ((0, os.devnull), (1, order["out"]), (2, order["err"])):
        os.dup2(os.open(path, os.O_RDWR | os.O_CREAT | os.O_TRUNC), number)
    os.environ.clear()
    os.environ.update(order["environ"])
    os.chdir(order["cwd"])
    sys.argv = ["syncd", *order["arguments"]]
    code = 1
    try:
        sys.modules["syncd.cli"].main()
    except SystemExit as ended:
        code = int(ended.code or 0)
    except BaseException:  # noqa: BLE001 - told as the interpreter would
        sys.excepthook(*sys.exc_info())
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def serve() -> None:
    for line in iter(sys.stdin.readline, ""):
        child = os.fork()
        if child == 0:
            become(json.loads(line))
        print(child, flush=True)
        print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)


if __name__ == "__main__":
    for name in BEFOREHAND:
        importlib.import_module(name)
    gc.freeze()  # the collector of a child would otherwise copy all of it
    serve()
