"""No pattern of the program looks at a hostile text for long."""

import json
import re
import subprocess
import sys
from typing import Any

from tests.attacks.patterns import ROOT, texts
from tests.trial import WHOLE, size

LENGTH = size(few=40, whole=4_096)
"""Letters of a hostile text. A message of a person holds no more than the larger."""
MOST_SECONDS = 2.0
"""Of a processor, for one text. What runs away takes years."""
RUNS_AWAY = r"\A(?:\w+\s?)*\Z"


def test_every_pattern_is_done_with_a_hostile_text_at_once(record_property: Any) -> None:
    command = [sys.executable, "-m", "tests.attacks.patterns", str(LENGTH)]
    command += ["made"] if WHOLE else []
    try:
        done = subprocess.run(command, cwd=ROOT, capture_output=True, timeout=600, check=False)
    except subprocess.TimeoutExpired as stuck:
        last = (stuck.stdout or b"").splitlines()[-1]
        raise AssertionError(f"did not come back from {last.decode()}") from None
    assert done.returncode == 0, done.stderr.decode()[-2_000:]
    told = [json.loads(line) for line in done.stdout.splitlines()]
    tried = [one for one in told if "seconds" in one]
    slowest = max(tried, key=lambda one: one["seconds"])
    record_property("patterns", len(tried))
    record_property("slowest, seconds", slowest["seconds"])
    assert [one for one in tried if one["seconds"] > MOST_SECONDS] == []
    # The search for patterns finds those of far rooms, at their top and inside functions.
    rooms = {one["where"].split("/")[0] for one in tried}
    assert {"authored", "bot", "flows", "referral_directory", "understanding"} <= rooms
    assert len(tried) > 100


def test_a_pattern_that_runs_away_would_be_seen() -> None:
    made = list(texts(RUNS_AWAY, re.compile(RUNS_AWAY).flags, 24))
    program = "import re, sys; re.search(sys.argv[1], sys.argv[2])"
    slow = 0
    for one in made:
        command = [sys.executable, "-c", program, RUNS_AWAY, one.replace("\x00", "\x01") * 1]
        try:
            subprocess.run([*command], timeout=0.5, check=True)
        except subprocess.TimeoutExpired:
            slow += 1
            break
    assert slow
