"""A mail server on loopback that says what a test tells it to."""

import socket
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

from tests.unit.peer import Peer, treating

YES = {"EHLO": "250 mail.test", "QUIT": "221 bye", "DATA": "354 go on", ".": "250 taken"}


@dataclass
class MailPeer:
    """`messages` holds what it took, headers and body as they came."""

    host: str
    port: int
    said: list[str] = field(default_factory=list)
    messages: list[str] = field(default_factory=list)


@contextmanager
def mail_server(
    answers: Mapping[str, str] | None = None, *, greeting: str = "220 mail.test"
) -> Iterator[MailPeer]:
    """Answers by the command's first word; `.` is the end of a message. An empty answer hangs up."""
    told = {**YES, **(answers or {})}

    def treat(peer: Peer, sock: socket.socket) -> None:
        with sock.makefile("rwb") as talk:

            def say(line: str) -> None:
                talk.write(line.encode() + b"\r\n")
                talk.flush()

            say("220 mail.test")
            for raw in talk:
                command = raw.decode().rstrip("\r\n")
                name = command.split(" ")[0].upper()
                server.said.append(command)
                answer = told.get(name, "250 fine")
                if not answer:
                    return
                say(answer)
                if name == "DATA" and answer.startswith("354"):
                    text = "".join(iter(lambda: talk.readline().decode(), ".\r\n"))
                    if told["."].startswith("250"):
                        server.messages.append(text)
                    say(told["."])

    with treating(treat) as peer:
        host, port = peer.url.removeprefix("http://").split(":")
        server = MailPeer(host, int(port))
        yield server
