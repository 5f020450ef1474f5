"""Each harmful file is refused within two seconds, in a process that may not have 200 MB."""

import json
import subprocess
import sys
from typing import Any

from tests.exchange.files import FOOT, HEAD, raw_xlsx
from tests.exchange.test_refusals import CASES
from tests.trial import WHOLE, size

MEGABYTES = 200
MOST_SECONDS = 2
PROGRAM = f"""
import json, resource, sys, time
resource.setrlimit(resource.RLIMIT_DATA, ({MEGABYTES} << 20, {MEGABYTES} << 20))
from referral_directory.exchange.rows import Refused
from referral_directory.exchange.tables import read_table
while head := sys.stdin.buffer.read(8):
    data = sys.stdin.buffer.read(int.from_bytes(head))
    began, code = time.process_time(), "taken"
    try:
        read_table(data, "services.xlsx")
    except Refused as refused:
        code = refused.code
    took = time.process_time() - began
    # Not what the system says of its children: that begins with what the parent had.
    said = open("/proc/self/status").read().split("VmHWM:")[1].split()[0]
    print(json.dumps([code, took, int(said) // 1024]))
"""


def worst() -> dict[str, bytes]:
    """Those that need most; the larger of them take long to make."""
    lines = {"a million lines": b"a,b\n" + b"1,2\n" * 1_000_000}
    if not WHOLE:
        return lines
    rows = "".join(f'<row r="{i}"><c r="A{i}"/></row>' for i in range(1, 1_000_001))
    return lines | {
        "a bomb of 100 MB": raw_xlsx(HEAD + " " * 100_000_000),
        "a million rows": raw_xlsx(HEAD + rows + FOOT),
        "a text in one cell": raw_xlsx(f"{HEAD}<row><c><v>{'a' * 60_000_000}</v></c></row>{FOOT}"),
    }


def test_no_harmful_file_takes_two_seconds_or_two_hundred_megabytes(record_property: Any) -> None:
    small = list(CASES)[:: size(few=6, whole=1)]
    files = worst() | {name: CASES[name][1]() for name in small}
    given = b"".join(len(data).to_bytes(8) + data for data in files.values())
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM], input=given, capture_output=True, check=False
    )
    assert done.stderr == b""
    told = dict(zip(files, map(json.loads, done.stdout.splitlines()), strict=True))
    record_property("slowest, seconds", round(max(took for _, took, _ in told.values()), 2))
    record_property("most memory, MB", max(most for *_, most in told.values()))
    assert [name for name, (code, *_) in told.items() if code == "taken"] == []
    assert {name: took for name, (_, took, _) in told.items() if took > MOST_SECONDS} == {}
    assert max(most for *_, most in told.values()) < MEGABYTES
