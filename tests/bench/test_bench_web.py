"""`bench web` measures what it says: every update is taken once, and every page stays open."""

import json
import subprocess
import sys
from pathlib import Path

from tests.trials.programs import ROOT, environment

SMALL = "from bot.cli.bench_web import run_bench_web\nif __name__ == '__main__':\n    {}\n"


def test_every_update_has_its_reply_and_every_page_stays_open(tmp_path: Path) -> None:
    program = tmp_path / "small.py"
    program.write_text(SMALL.format("raise SystemExit(run_bench_web(True, people=12, pages=20))"))
    done = subprocess.run(
        [sys.executable, program],
        cwd=tmp_path,
        env=environment(ROOT),
        capture_output=True,
        check=False,
        text=True,
    )
    assert (done.returncode, done.stderr) == (0, "")
    figures = json.loads(done.stdout)
    assert figures["updates"] == figures["replies_taken_out"] == 96
    assert figures["idle_pages"] == 20
    assert min(figures["webhook_updates_per_s"], figures["bare_json_posts_per_s"]) > 0
    assert list(tmp_path.iterdir()) == [program]
