"""A mail server on this machine that keeps what it is given."""

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default


@dataclass
class Sink:
    """What a server took, and how it answers."""

    port: int = 0
    #: Envelope's recipients and message of each letter taken.
    taken: list[tuple[list[str], EmailMessage]] = field(default_factory=list)
    connections: int = 0
    #: Answer to RCPT by the local part of an address.
    answers: dict[str, str] = field(default_factory=dict)

    @property
    def url(self) -> str:
        return f"smtp+plain://127.0.0.1:{self.port}"


class _Handler(socketserver.StreamRequestHandler):
    def say(self, words: str) -> None:
        self.wfile.write(words.encode() + b"\r\n")

    def handle(self) -> None:
        sink: Sink = self.server.sink  # type: ignore[attr-defined]
        sink.connections += 1
        recipients: list[str] = []
        self.say("220 sink")
        for line in self.rfile:
            verb = line[:4].upper()
            if verb == b"EHLO":
                self.say("250 sink")
            elif verb == b"RCPT":
                address = line.decode().partition("<")[2].partition(">")[0]
                answer = sink.answers.get(address.partition("@")[0], "250 ok")
                if answer.startswith("250"):
                    recipients.append(address)
                self.say(answer)
            elif verb == b"DATA":
                self.say("354 go on")
                sink.taken.append((recipients, self._message()))
                recipients = []
                self.say("250 taken")
            elif verb == b"QUIT":
                self.say("221 bye")
                return
            else:
                recipients = [] if verb in (b"RSET", b"MAIL") else recipients
                self.say("250 ok")

    def _message(self) -> EmailMessage:
        lines = []
        for line in self.rfile:
            if line == b".\r\n":
                break
            lines.append(line.removeprefix(b".") if line.startswith(b"..") else line)
        return message_from_bytes(b"".join(lines), policy=default)  # type: ignore[return-value]


@contextmanager
def smtp_sink() -> Iterator[Sink]:
    """Run a server until the block ends."""
    sink = Sink()
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), _Handler) as server:
        server.daemon_threads = True
        server.sink = sink  # type: ignore[attr-defined]
        sink.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        try:
            yield sink
        finally:
            server.shutdown()
            thread.join()
