"""The settings of an installation of one machine, in the environment as well."""

import os
from pathlib import Path

import pytest

from bot.settings import Settings, read_settings


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """Of a folder of its own, with nothing in it yet."""
    values = {
        "data": tmp_path / "data",
        "key_ring": tmp_path / "keys",
        "signing_keys": tmp_path / "signing",
        "backup_folder": tmp_path / "backups",
        "countries": "lt",
    }
    for name in [name for name in os.environ if name.startswith("QUIETLINE_")]:
        monkeypatch.delenv(name)
    for name, value in values.items():
        monkeypatch.setenv(f"QUIETLINE_{name.upper()}", str(value))
    return read_settings(None)
