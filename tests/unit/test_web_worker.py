"""How the web server treats a connection."""

from socket import socketpair

import pytest

from leadping.web_worker import limit_waiting

MORE_THAN_FITS = b"x" * 2**24


def test_no_thread_waits_for_good_for_a_sender_who_stopped_in_the_middle() -> None:
    ours, theirs = socketpair()
    with ours, theirs:
        limit_waiting(ours, 1)
        # As gunicorn does before each request.
        ours.setblocking(True)
        theirs.sendall(b"POST /leads HTTP/1.1\r\n")
        assert ours.recv(1_000)
        with pytest.raises(BlockingIOError):
            ours.recv(1_000)


def test_nor_for_one_who_does_not_read_the_answer() -> None:
    ours, theirs = socketpair()
    with ours, theirs:
        limit_waiting(ours, 1)
        ours.setblocking(True)
        with pytest.raises(BlockingIOError):
            ours.sendall(MORE_THAN_FITS)
