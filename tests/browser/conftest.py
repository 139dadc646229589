"""Real Chromium against a real server: the pages as people meet them. Skipped, and said so, where there is none."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser") or ""
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")  # the test asks the database while the browser's loop runs


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    """One Chromium for all tests."""
    if not CHROMIUM:
        pytest.skip("NOT RUN: no Chromium here, so no page was tried in a browser; on Debian: apt install chromium")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        started = playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-background-networking", "--disable-gpu"]
        )
        yield started
        started.close()


@pytest.fixture
def server(live_database: str, settings: Any, tmp_path: Path) -> Iterator[str]:
    """The service on a port of this machine, with a database of its own; its address."""
    from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler
    from django.core.wsgi import get_wsgi_application

    settings.STATIC_ROOT = tmp_path

    class Quiet(WSGIRequestHandler):
        def log_message(self, format: str, *arguments: object) -> None:
            """Nothing: the service keeps its own log."""

    listening = ThreadedWSGIServer(("127.0.0.1", 0), Quiet, connections_override={})
    listening.daemon_threads = True
    address = f"http://127.0.0.1:{listening.server_address[1]}"
    settings.PLACE_ADDRESS = address
    listening.set_app(get_wsgi_application())
    thread = Thread(target=listening.serve_forever, daemon=True)
    thread.start()
    yield address
    listening.shutdown()
    listening.server_close()
    thread.join()


@pytest.fixture
def window(chromium: Any, server: str) -> Iterator[Callable[..., Any]]:
    """Opens a browser window of somebody new: `window(width=390, javascript=False)` gives its page."""
    contexts = []

    def opened(*, width: int = 390, height: int = 844, javascript: bool = True, **more: Any) -> Any:
        context = chromium.new_context(
            base_url=server, viewport={"width": width, "height": height}, java_script_enabled=javascript, **more
        )
        context.set_default_timeout(10_000)
        contexts.append(context)
        return context.new_page()

    yield opened
    for context in contexts:
        context.close()


@pytest.fixture
def page(window: Callable[..., Any]) -> Any:
    """A phone."""
    return window()


@pytest.fixture
def axe() -> Callable[[Any], list[str]]:
    """What axe finds wrong with a page, in words; nothing for a good one."""
    from axe_playwright_python.sync_playwright import Axe

    def found(shown: Any) -> list[str]:
        result = Axe().run(shown, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"]})
        return [
            f"{each['id']}: {each['help']}: {node['html'][:160]}"
            for each in result.response["violations"]
            for node in each["nodes"]
        ]

    return found


@pytest.fixture
def screenshots() -> Path | None:
    """Where to put pictures of pages, if SCREENSHOTS names a folder."""
    folder = os.environ.get("SCREENSHOTS")
    if not folder:
        return None
    Path(folder).mkdir(parents=True, exist_ok=True)
    return Path(folder)
