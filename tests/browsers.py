"""A real browser, under the real content security policy."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Literal

from playwright.sync_api import Page, sync_playwright
from pytest_django.live_server_helper import LiveServer

CHROMIUM = "/usr/bin/chromium"
SWITCHES = (
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"),
    *("--disable-background-networking", "--disable-component-update"),
)


@contextmanager
def browsing(
    server: LiveServer,
    *,
    javascript: bool = True,
    width: int = 1280,
    scheme: Literal["light", "dark"] = "light",
) -> Iterator[Page]:
    """A page of a new browser. At the end, whatever it complained of on the way fails the test.

    Nothing in it may use the database: Playwright runs an event loop in this thread.
    """
    complaints: list[str] = []
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=SWITCHES)
        page = chromium.new_page(
            base_url=server.url,
            java_script_enabled=javascript,
            viewport={"width": width, "height": 844},
            color_scheme=scheme,
        )
        # Below these it only chats, of a slow machine for example.
        page.on(
            "console",
            lambda message: complaints.append(message.text) if message.type in {"error", "warning"} else None,
        )
        page.on("pageerror", lambda error: complaints.append(str(error)))
        yield page
        chromium.close()
    assert complaints == [], complaints
