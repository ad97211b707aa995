# ruff: noqa: RUF001 (letters that look like others are what this is about)
"""Certificate URLs that mean no good, by family, and a watch on every connection that this process opens."""

import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

HEX = "ff5e209f324c43e2cf57ce1a080e778fecbf8285"
REAL = "cert.trustedform.com"
PRIVATE = (
    *("127.0.0.1", "localhost", "0.0.0.0", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254"),
    *("100.64.0.1", "2130706433", "0x7f000001", "0177.0.0.1", "127.1", "[::1]", "[::]", "[fd00::1]"),
    *("[fe80::1]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[64:ff9b::7f00:1]", "[2002:7f00:1::]"),
    *("metadata.google.internal", "127.0.0.1.nip.io", "localtest.me", "instance-data"),
)
LOOK_ALIKES = (
    *("cert.trustedform.com.evil.example", "evilcert.trustedform.com", "cert-trustedform.com"),
    *("cert.trustedform.co", "cert.trustedform.com.", "cert..trustedform.com", "cert.trustedf0rm.com"),
    *("certtrustedform.com", "cert.trustedform.org", "trustedform.com", "www.cert.trustedform.com"),
    *("cert.staging.trustedform.com", "cert.trustedform-dev.com", "cert.trustedform.localhost"),
    *("cert.trustedform-staging.com", "ping.trustedform.com", "api.trustedform.com", "app.trustedform.com"),
    *("cert.trustedform.com%2eevil.example", "cert%2etrustedform%2ecom", "cert.trustedform.com%00.evil"),
    *("cert.trustedform.com%20", "cert.trustedform.com&evil.example", "cert.trustedform.com;evil.example"),
    *("xn--cert-trustedform.com", "cert.trustedform.com_", "-cert.trustedform.com", "cert.trustedform.com-"),
)
# Letters that look the same, dots that are none, and what folds to the real name.
IDN = (
    *("сert.trustedform.com", "cеrt.trustedform.com", "cert.trustеdform.com", "cert.trusτedform.com"),
    *("cert。trustedform。com", "cert.trustedform。com", "cert．trustedform．com", "cert｡trustedform｡com"),
    *("ｃｅｒｔ.trustedform.com", "cert.trustedform.cοm", "cert.trustedſorm.com", "cert.truſtedform.com"),
    *("cert.trustedform.com\u200b", "cert.trusted\u00adform.com", "cert.trustedform.com\u2024evil.example"),
    *("cert.trustedform.com\u3002evil.example", "℃ert.trustedform.com", "cert.trustedform.ｃom"),
)
USERS = (
    *("user@", "user:pw@", "API:key@", ":@", "@", "cert.trustedform.com@", "a@b@", "user%40"),
    *("cert.trustedform.com:443@", "cert.trustedform.com%2f@", "cert.trustedform.com%23@"),
)
PORTS = ("443", "80", "8443", "0", "65536", "99999999", "-1", "+443", "443a", "", " 443", "４４３", "22")
SCHEMES = (
    *("ftp", "file", "gopher", "javascript", "data", "ws", "wss", "httpss", "http+unix", "jar:https"),
    *("https:https", "view-source:https", "ht tps", "https\t", "ldap", "dict", "tftp", "smb", "ssh", "git"),
)
PATHS = (
    *("..", "../..", "%2e%2e", "%2E%2E/admin", "..%2f", "a/../b", "a//b", "a/b", "%2f", "%5c", "a%00b"),
    *("a b", "a\tb", "a\nb", "a\r\nHost: evil.example", "é", "a%0d%0aHost:%20evil.example", "a|b", "a;b"),
    *("a:b", "a@evil.example", "a*b", "{a}", "a`b", "a'b", 'a"b', "<a>", "a^b", "a$b", "a&b", "a=b", "~a"),
    *(f"{HEX}/validate", f"{HEX}/ping", f"{HEX}/peek", f"{HEX}/check_in", f"{HEX}/snapshot/index.html"),
    *("." + HEX, "x" * 256, "", "/", "//", "%", "%zz", "%u002e%u002e"),
)


def hostile_urls(trap: str) -> list[str]:
    """Each is to be refused. `trap` is a host and port at which somebody listens."""
    found = [f"{scheme}://{host}/{HEX}" for scheme in ("https", "http") for host in (*PRIVATE, trap)]
    found += [f"https://{host}/{HEX}" for host in (*LOOK_ALIKES, *IDN)]
    found += [f"http://{host}/{HEX}" for host in (*LOOK_ALIKES, *IDN)]
    hosts = [f"{user}{host}" for user in USERS for host in (REAL, trap)]
    found += [f"{scheme}://{host}/{HEX}" for scheme in ("https", "http") for host in hosts]
    found += [f"https://{REAL}:{port}/{HEX}" for port in PORTS]
    found += [f"http://{REAL}:{port}/{HEX}" for port in PORTS]
    found += [f"{scheme}://{REAL}/{HEX}" for scheme in SCHEMES]
    found += [f"https://{REAL}/{path}" for path in PATHS]
    found += list(slashes(trap))
    return list(dict.fromkeys(found))


def slashes(trap: str) -> Iterator[str]:
    """Which one reader of URLs takes for the host, and another for the path or the user."""
    yield from (
        f"https:\\\\{REAL}\\{HEX}",
        f"https:/\\{REAL}/{HEX}",
        f"https://{REAL}\\@{trap}/{HEX}",
        f"https://{trap}\\@{REAL}/{HEX}",
        f"https://{REAL}\\.{trap}/{HEX}",
        f"https://{trap}\\{REAL}/{HEX}",
        f"https:///{REAL}/{HEX}",
        f"https:{REAL}/{HEX}",
        f"https:/{REAL}/{HEX}",
        f"//{REAL}/{HEX}",
        f"{REAL}/{HEX}",
        f"https://{trap}/https://{REAL}/{HEX}",
        f"https://{trap}?@{REAL}/{HEX}",
        f"https://{trap}#@{REAL}/{HEX}",
        f"https://{trap}/#{REAL}/{HEX}",
        f"https://{trap}?{REAL}/{HEX}",
        f"https://[{REAL}]/{HEX}",
        f"https://[::1]@{REAL}/{HEX}",
        f"https://{REAL}:{trap}/{HEX}",
        f"https://{REAL} @{trap}/{HEX}",
        f"https://{REAL}\t.{trap}/{HEX}",
        f"https://{REAL}\n{trap}/{HEX}",
        f"https://{trap},https://{REAL}/{HEX}",
        HEX,
        "undefined",
        "null",
        "[object Object]",
        f"<a href='https://{REAL}/{HEX}'>",
        f"url({trap})",
    )


def odd_urls() -> list[str]:
    """Other ways of writing the real thing: each is taken, and asked about at the host that is allowed."""
    return [
        f"HTTPS://CERT.TRUSTEDFORM.COM/{HEX}",
        f"http://{REAL}/{HEX}",
        f"https://{REAL}/{HEX}?next=https://evil.example/",
        f"https://{REAL}/{HEX}#https://evil.example/",
        f"https://{REAL}/{HEX}/",
        f" https://{REAL}/{HEX} ",
        f"https://{REAL}/{HEX},https://evil.example/{HEX}",
        f"https://{REAL}/{HEX}?@evil.example",
    ]


class Watch:
    """Addresses connected to, and names looked up, while it is on. Sockets of the database are files."""

    def __init__(self) -> None:
        self.connected: list[Any] = []
        self.looked_up: list[Any] = []


watches: list[Watch] = []


def notice(event: str, arguments: tuple[Any, ...]) -> None:
    if not watches:
        return
    if event == "socket.connect" and arguments[0].family != socket.AF_UNIX:
        watches[-1].connected.append(arguments[1])
    elif event == "socket.getaddrinfo":
        watches[-1].looked_up.append(arguments[0])


# The interpreter tells each connection to it, whichever library opens it. It cannot be taken away again.
sys.addaudithook(notice)


@contextmanager
def watching() -> Iterator[Watch]:
    watches.append(Watch())
    try:
        yield watches[-1]
    finally:
        watches.pop()


class Trap:
    """A socket that listens and expects nobody."""

    def __init__(self, listening: socket.socket) -> None:
        self.listening = listening
        host, port = listening.getsockname()
        self.address = f"{host}:{port}"

    def caught(self) -> bool:
        """Whether somebody is in the queue."""
        try:
            self.listening.accept()
        except BlockingIOError:
            return False
        return True


@contextmanager
def trapping() -> Iterator[Trap]:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.setblocking(False)
        yield Trap(listening)
