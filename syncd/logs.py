"""Logging: one way out for our own events and for the libraries' records, and no secret through it.

Configured once a process by :func:`configure`. In production every record is one JSON object a line
on standard error; on a terminal it is a readable line. Redaction is the last step before a record is
written, by the name of a key, by the shape of a value, and by the exact values of the secrets in use.
"""

import logging
import re
import sys
import threading
from collections.abc import Mapping
from typing import Any, TextIO

import structlog
from structlog.tracebacks import ExceptionDictTransformer
from structlog.typing import EventDict, Processor, WrappedLogger

from connectors.redaction import MASK, redact_text

OURS = ("syncd", "connectors", "rules", "config")
QUIETER = {"psycopg.pool": logging.ERROR}
"""It warns at each try to reach a database that is away; that is said once, by the daemon."""

SILENT = -2
LEVELS = {SILENT: logging.CRITICAL, -1: logging.WARNING, 0: logging.INFO}

LONGEST = 4000
"""Characters of one value; more is cut."""
DEEPEST, MOST = 8, 100
"""Levels and members of a structure that are shown."""

SECRET_KEYS = re.compile(
    r"pass(word|wd|phrase)|secret|token|api[-_]?key|private[-_]?key|access[-_]?key|authorization|cookie|credential|signature",
    re.IGNORECASE,
)

CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
"""What could move a terminal's cursor; tab and line feed are kept."""


def redact(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """The last processor before rendering. Only plain values leave it, so that no renderer can call
    for the representation of an object that holds a secret."""
    return {_text(key): _plain(key, value) for key, value in event.items()}


def _plain(key: Any, value: Any, depth: int = 0) -> Any:
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(key, str) and SECRET_KEYS.search(key):
        return MASK
    if isinstance(value, str):
        return _text(value)
    if depth < DEEPEST and isinstance(value, Mapping):
        return {_text(str(k)): _plain(k, v, depth + 1) for k, v in list(value.items())[:MOST]}
    if depth < DEEPEST and isinstance(value, list | tuple | set | frozenset):
        return [_plain(None, member, depth + 1) for member in list(value)[:MOST]]
    if isinstance(value, bytes):
        return _text(value.decode("utf-8", "replace"))
    return _text(str(value))


def _text(text: str) -> str:
    """Redacted before it is cut: a cut could leave the half of a secret that no pattern knows."""
    clean = CONTROL.sub(lambda found: f"\\x{ord(found[0]):02x}", redact_text(text))
    return clean if len(clean) <= LONGEST else f"{clean[:LONGEST]}… ({len(clean) - LONGEST} more)"


def configure(verbosity: int = 0, *, json: bool | None = None, stream: TextIO | None = None) -> None:
    """Set up logging for this process.

    :param verbosity: -2 only what ends the process, -1 warnings only, 0 what happens, 1 everything of ours; libraries only ever warn
    :param json: one object a line; default: unless the stream is a terminal
    :param stream: default: standard error
    """
    stream = stream or sys.stderr
    terminal = stream.isatty()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(_formatter(json=not terminal if json is None else json, colour=terminal))
    root = logging.getLogger()
    for old in root.handlers[:]:
        root.removeHandler(old)
    root.addHandler(handler)
    root.setLevel(logging.WARNING)
    for name in OURS:
        logging.getLogger(name).setLevel(LEVELS.get(verbosity, logging.DEBUG))
    for name, level in QUIETER.items():
        logging.getLogger(name).setLevel(level)
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *_shared(),
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,  # whoever configures anew, a test above all, is heard by every logger
    )
    sys.excepthook = _log_uncaught
    threading.excepthook = _log_uncaught_in_thread


def _shared() -> list[Processor]:
    """For our events and foreign records alike."""
    return [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.stdlib.PositionalArgumentsFormatter(),
        structlog.processors.StackInfoRenderer(),
        structlog.processors.TimeStamper("iso", utc=True),
    ]


def _formatter(*, json: bool, colour: bool) -> logging.Formatter:
    # structlog shows local variables in tracebacks unless told not to
    as_dict = structlog.processors.ExceptionRenderer(ExceptionDictTransformer(show_locals=False))
    ends: list[Processor] = (
        [as_dict, redact, structlog.processors.JSONRenderer(ensure_ascii=False)]
        if json
        else [structlog.processors.format_exc_info, redact, _one_line, structlog.dev.ConsoleRenderer(colors=colour)]
    )
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=_shared(), processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *ends]
    )


def _one_line(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """On a terminal only a traceback has lines of its own: no title from a tracker can forge a record."""
    return {
        key: value.replace("\n", "\\n") if isinstance(value, str) and key not in ("exception", "stack") else value
        for key, value in event.items()
    }


def _log_uncaught(kind: type[BaseException], error: BaseException, trace: Any) -> None:
    if issubclass(kind, KeyboardInterrupt):
        return
    logging.getLogger("syncd").critical("uncaught_error", exc_info=(kind, error, trace))


def _log_uncaught_in_thread(failed: threading.ExceptHookArgs) -> None:
    if failed.exc_value is not None and not issubclass(failed.exc_type, SystemExit):
        _log_uncaught(failed.exc_type, failed.exc_value, failed.exc_traceback)
