"""The stand-in of the certificate service, over a socket, for the parts of its contract."""

from collections.abc import Iterator

import pytest

from compliance.trustedform.sandbox import running_sandbox
from tests.unit.peer import close_kept_connections


@pytest.fixture(scope="module")
def sandbox() -> Iterator[str]:
    with running_sandbox() as url:
        yield url
        close_kept_connections()


@pytest.fixture(autouse=True)
def closed_connections() -> Iterator[None]:
    yield
    close_kept_connections()
