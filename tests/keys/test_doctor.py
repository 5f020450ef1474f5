"""The doctor holds this machine's clock against the key service's."""

import time
from pathlib import Path

import pytest

from bot.cli.doctor_machine import clock
from bot.settings import Settings
from tests.keys.conftest import SetClock, Sites


@pytest.mark.parametrize(("skew", "verdict"), [(0, "ok"), (300, "fail"), (-172_800, "fail")])
def test_a_clock_that_is_not_the_key_services_is_found_with_its_mend(
    sites: Sites, tmp_path: Path, skew: int, verdict: str
) -> None:
    site = sites("keys")
    site.clock = SetClock(time.time() + skew)
    site.start()
    known = Settings.model_validate({"data": tmp_path / "data", "key_service": site.where})
    found = clock(known)
    if verdict == "ok":
        assert found.verdict != "fail"
        return
    assert found.verdict == "fail"
    seconds = int(next(word for word in found.said.split() if word.isdigit()))
    assert abs(seconds - abs(skew)) < 60
    assert found.mend.startswith("timedatectl set-ntp true")


def test_a_key_service_that_does_not_answer_is_not_a_wrong_clock(tmp_path: Path) -> None:
    nowhere = f"unix:{tmp_path}/nobody.sock"
    known = Settings.model_validate({"data": tmp_path / "data", "key_service": nowhere})
    assert clock(known).verdict != "fail"
