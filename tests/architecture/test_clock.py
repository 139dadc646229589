"""No clock is hidden: the instant is always an argument."""

import subprocess
import sys

import pytest

from tests.architecture.source import ROOT


def complaints(code: str) -> str:
    """What ruff, with the project's own settings, says about this code as if it were in the library."""
    command = [sys.executable, "-m", "ruff", "check", "--no-cache", "--quiet", "--select", "TID251"]
    where = ["--stdin-filename", "src/makegood/rules/example.py", "-"]
    answer = subprocess.run([*command, *where], cwd=ROOT, input=code, capture_output=True, check=False, text=True)
    assert answer.returncode in {0, 1}, answer.stderr
    return answer.stdout


@pytest.mark.parametrize(
    "code",
    [
        "import datetime\ndatetime.datetime.now(datetime.UTC)\n",
        "from datetime import datetime as instant\ninstant.utcnow()\n",
        "from datetime import datetime\ndatetime.today()\n",
        "from datetime import date\ndate.today()\n",
        "import time\ntime.time()\n",
        "from time import time_ns\n",
        "from django.utils import timezone\ntimezone.now()\n",
    ],
)
def test_reading_the_clock_is_refused(code: str) -> None:
    assert "as an argument" in complaints(code)


def test_measuring_how_long_something_took_is_no_clock() -> None:
    assert complaints("import time\n\ntime.perf_counter()\n") == ""
