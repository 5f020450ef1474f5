"""What docs/deploy.md copies onto a machine is there, and fits together."""

import os
import re
import subprocess
from fnmatch import filter as matching
from pathlib import Path

from bot.settings import read_settings
from tests.documents.reading import ROOT, blocks

GUIDE = ROOT / "docs" / "deploy.md"
DEPLOY = ROOT / "deploy"
WORDS = [words for block in blocks(GUIDE) for words in map(str.split, block.body.splitlines())]


def test_every_file_that_the_guide_installs_is_there() -> None:
    sources = [
        word.removeprefix("/opt/quietline/deploy/").removeprefix("systemd/")
        for words in WORDS
        if words[:1] == ["install"]
        for word in words[1:-1]
        if "quietline/deploy/" in word or re.fullmatch(r"[*\w]+\.\w+", word)
    ]
    here = [path.relative_to(DEPLOY) for path in DEPLOY.rglob("*") if path.is_file()]
    known = [str(path).removeprefix("systemd/") for path in here]
    assert len(sources) > 10
    assert [source for source in sources if not matching(known, source)] == []


def test_the_settings_it_copies_are_settings_and_lead_into_its_own_folders() -> None:
    settings = read_settings(DEPLOY / "settings.yaml", {})
    assert settings.data == Path("/var/lib/quietline/data")
    assert settings.signing_keys == Path("/var/lib/quietline/signing")
    assert settings.key_ring == Path("/run/quietline/keys")
    assert settings.web_behind_proxy
    assert settings.web_host == "127.0.0.1"


def test_its_line_for_replicas_makes_the_settings_of_replicas(tmp_path: Path) -> None:
    (line,) = [words for words in WORDS if words[:1] == ["sed"]]
    file = tmp_path / "settings.yaml"
    file.write_text((DEPLOY / "settings.yaml").read_text("utf-8"), "utf-8")
    said = " ".join(line).replace("/etc/quietline/settings.yaml", str(file))
    subprocess.run(["sh", "-c", said], check=True)
    settings = read_settings(file, {})
    assert settings.key_ring is None
    assert settings.key_service == "unix:/run/quietline/keys.sock"
    assert settings.database.get_secret_value().startswith("postgresql://quietline@/quietline?")


def test_scripts_say_nothing_wrong_to_the_shell_and_the_command_is_roots_alone() -> None:
    for script in (DEPLOY / "quietline", DEPLOY / "compose" / "first-secrets"):
        assert os.access(script, os.X_OK)
        subprocess.run(["sh", "-n", script], check=True)
    assert "exec runuser -u quietline -- env" in (DEPLOY / "quietline").read_text("utf-8")
