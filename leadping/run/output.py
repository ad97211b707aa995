"""What the started processes print: into a file until all is ready, then onto the screen."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock, Thread

CHUNK = 64 * 1024


class Output:
    """`entrance` is where the processes print to."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self.exit, self.entrance = os.pipe()
        self.lock = Lock()
        self.held = True
        self.file.write_bytes(b"")
        self.carrier = Thread(target=self.carry, daemon=True)

    def carry(self) -> None:
        while chunk := os.read(self.exit, CHUNK):
            with self.lock:
                if self.held:
                    with self.file.open("ab") as file:
                        file.write(chunk)
                else:
                    put(chunk)

    def release(self, last_word: str) -> None:
        """From here on everything is shown, after these words."""
        with self.lock:
            put(f"{last_word}\n".encode())
            self.held = False


def put(text: bytes) -> None:
    sys.stdout.flush()
    sys.stdout.buffer.write(text)
    sys.stdout.buffer.flush()


@contextmanager
def held_back(file: Path) -> Iterator[Output]:
    """Should it end before all is ready, what was printed tells why, and is shown."""
    output = Output(file)
    output.carrier.start()
    try:
        yield output
    finally:
        os.close(output.entrance)
        # A process that outlives us would keep it open.
        output.carrier.join(timeout=1)
        if output.held:
            put(file.read_bytes())
