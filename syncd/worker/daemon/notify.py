"""Telling systemd how we are: sd_notify(3), a datagram to a socket it names."""

import os
import socket
from collections.abc import Mapping


def notify(message: str, environ: Mapping[str, str] = os.environ) -> None:
    """Send one message (``READY=1``, ``STATUS=…``); nothing happens where nobody listens."""
    if not (address := environ.get("NOTIFY_SOCKET")):
        return
    if address.startswith("@"):  # Linux's abstract names
        address = "\0" + address[1:]
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as channel:
        try:
            channel.sendto(message.encode(), address)
        except OSError:
            return  # the service manager has gone; that is its affair


def watchdog_interval(environ: Mapping[str, str] = os.environ) -> float | None:
    """Seconds between two signs of life that systemd asks for, halved as it advises; None if it does not ask."""
    wanted = environ.get("WATCHDOG_USEC", "")
    return int(wanted) / 2_000_000 if wanted.isdigit() else None
