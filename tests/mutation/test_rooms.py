"""In every room, nine of ten small faults are noticed. It takes an hour of a quiet machine, so it
runs where everything is asked for, or by itself: `./quietline mutation`.
"""

import os
import re
import subprocess
import sys
from collections.abc import Callable

import pytest

from tests.mutation.putting import ROOT
from tests.mutation.rooms import LEAST, Room, rooms


@pytest.mark.timeout(3_600)
@pytest.mark.whole
@pytest.mark.parametrize("room", rooms(), ids=lambda room: room.name)
def test_nine_of_ten_faults_are_noticed(
    room: Room, record_property: Callable[[str, object], None]
) -> None:
    done = subprocess.run(
        (sys.executable, "-P", "-m", "tests.mutation", room.name, "--seconds=3500"),
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    (percent,) = re.findall(r"([0-9.]+) % noticed", done.stdout) or ["0"]
    record_property("percent_noticed", float(percent))
    assert done.returncode == 0, done.stdout + done.stderr
    assert float(percent) >= LEAST
