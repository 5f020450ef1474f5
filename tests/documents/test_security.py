"""What SECURITY.md promises is held to the design, and what it calls its proof is there."""

import re

import pytest

from tests.documents.reading import ROOT

SECURITY = (ROOT / "SECURITY.md").read_text("utf-8")
PROOFS = sorted(set(re.findall(r"`(tests/[\w/.]+)`", SECURITY)))


@pytest.mark.parametrize("proof", PROOFS)
def test_every_test_that_is_named_as_a_proof_is_there(proof: str) -> None:
    path = ROOT / proof
    assert path.suffix == ".py" or any(path.glob("test_*.py"))


def test_end_to_end_is_said_of_one_thing_alone() -> None:
    said = [line for line in SECURITY.splitlines() if "end-to-end" in line.casefold()]
    human = "after a person was handed to a human, and of nothing else."
    assert said == [f'"End-to-end" is said of the web chat with JavaScript {human}']
