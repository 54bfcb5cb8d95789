"""A mail server and an HTTP receiver on loopback, which keep what they are given."""

import socketserver
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class Mailbox:
    """What a mail server took. ``refuses``: verb -> its answer instead. ``before_answer``: run once it has a message."""

    port: int = 0
    letters: list[EmailMessage] = field(default_factory=list)
    receivers: list[str] = field(default_factory=list)
    refuses: dict[str, str] = field(default_factory=dict)
    signed_in: list[str] = field(default_factory=list)
    greeted_as: list[str] = field(default_factory=list)
    """By which name each client introduced itself: servers write it into the headers of what they pass on."""
    before_answer: Callable[[], None] | None = None
    hangs_up: bool = False
    """Whether the connection breaks when the server has the message and has not answered."""


@contextmanager
def mail_server() -> Iterator[Mailbox]:
    """RFC 5321, as far as one client needs it."""
    box = Mailbox()

    class Talk(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            self._say("220 loopback")
            while said := self.rfile.readline().decode().strip():
                verb = said.split(":")[0].split()[0].upper()
                if verb in box.refuses:
                    self._say(box.refuses[verb])
                elif verb == "QUIT":
                    self._say("221 bye")
                    return
                elif verb == "DATA":
                    self._say("354 go on")
                    if not self._data():
                        return
                else:
                    self._answer(verb, said)

        def _answer(self, verb: str, said: str) -> None:
            if verb == "EHLO":
                box.greeted_as.append(said.partition(" ")[2])
                self._say("250-loopback\r\n250 AUTH PLAIN")
                return
            if verb == "AUTH":
                box.signed_in.append(said)
                self._say("235 welcome")
                return
            if verb == "RCPT":
                box.receivers.append(said.partition("<")[2].partition(">")[0])
            self._say("250 ok")

        def _data(self) -> bool:
            lines = []
            while (line := self.rfile.readline()) not in (b".\r\n", b""):
                lines.append(line[1:] if line.startswith(b"..") else line)
            if "END" in box.refuses:
                self._say(box.refuses["END"])
                return True
            box.letters.append(message_from_bytes(b"".join(lines), policy=policy.default))  # type: ignore[arg-type]
            if box.before_answer:
                box.before_answer()
            if box.hangs_up:
                return False
            self._say("250 taken")
            return True

        def _say(self, words: str) -> None:
            self.wfile.write(f"{words}\r\n".encode())

    with _running(socketserver.ThreadingTCPServer(("127.0.0.1", 0), Talk)) as port:
        box.port = port
        yield box


@dataclass
class Received:
    """One request."""

    path: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Receiver:
    """What an HTTP server was sent. ``answers``: the next statuses; then 204."""

    port: int = 0
    had: list[Received] = field(default_factory=list)
    answers: list[int] = field(default_factory=list)
    location: str = ""

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"


@contextmanager
def http_receiver() -> Iterator[Receiver]:
    receiver = Receiver()

    class Talk(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            receiver.had.append(Received(self.path, dict(self.headers.items()), body))
            self.send_response(receiver.answers.pop(0) if receiver.answers else 204)
            if receiver.location:
                self.send_header("Location", receiver.location)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_args: object) -> None:
            pass

    with _running(ThreadingHTTPServer(("127.0.0.1", 0), Talk)) as port:
        receiver.port = port
        yield receiver


@contextmanager
def _running(server: socketserver.TCPServer) -> Iterator[int]:
    server.daemon_threads = True  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)
