"""The benchmark of the web service, with small sizes: it loads, asks, sweeps, and says what was not expected."""

import shutil
import tempfile
import threading
from collections.abc import Iterator
from contextlib import closing
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from bench.running import Failed
from bench.table import Row
from bench.web.clients import Browser, Browsers, together
from bench.web.first_cases import FACTS, reference_of
from bench.web.measures import Sizes, measure
from bench.web.ours import WORK
from makegood.rooms.cases.rules.references import read_reference


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder with a path that is short enough for a socket."""
    made = Path(tempfile.mkdtemp(prefix="mgb-"))
    yield made
    shutil.rmtree(made, ignore_errors=True)


def test_every_page_and_the_sweep_are_measured(folder: Path) -> None:
    sizes = Sizes(cases=(400,), tickets=0, due=20, escalated=0, seconds=0.4)
    measured = list(measure(sizes, folder))
    assert [each for each in measured if isinstance(each, Failed)] == []
    rows = {each.measure: each for each in measured if isinstance(each, Row)}
    assert f"{400 * FACTS:,} facts" in rows["400 cases taken in"].yardstick
    assert set(rows) == {
        "400 cases taken in",
        *(f"{name}, 400 cases" for name in WORK),
        "sweep of 20 due at one second",
    }


def test_every_case_has_a_reference_of_its_own() -> None:
    references = [reference_of(number) for number in range(1, 5_001)]
    assert len(set(references)) == 5_000
    assert all(read_reference(each) == each for each in references)


@pytest.fixture
def server() -> Iterator[int]:
    """A server that answers a cookie to /cookie, nothing to /none, and else what it was sent as cookies; its port."""

    class Answers(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            said = self.headers.get("Cookie", "").encode()
            self.send_response(404 if self.path == "/none" else 200)
            if self.path == "/cookie":
                self.send_header("Set-Cookie", "sessionid=one; Path=/")
            self.send_header("Content-Length", str(len(said)))
            self.end_headers()
            self.wfile.write(said)

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Answers) as serving:
        threading.Thread(target=serving.serve_forever, daemon=True).start()
        yield serving.server_address[1]
        serving.shutdown()


def test_a_browser_keeps_its_cookies(server: int) -> None:
    with closing(Browser(server)) as browser:
        browser.get("/cookie")
        assert browser.get("/").body == "sessionid=one"


def test_every_client_is_counted_and_the_slow_ones_are_not_quicker_than_the_middle(server: int) -> None:
    with closing(Browsers(server)) as browsers:
        one, other = browsers.new(), browsers.new()
        pace = together([lambda: one.get("/"), lambda: other.get("/")], 0.2)
    assert pace.count >= 2
    assert pace.p50 <= pace.p95


def test_an_answer_that_was_not_expected_is_a_failure(server: int) -> None:
    with closing(Browser(server)) as browser, pytest.raises(Failed, match="404"):
        together([lambda: browser.get("/none")], 0.2)
