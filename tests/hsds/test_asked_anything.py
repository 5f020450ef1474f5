"""Whatever partners send, the API answers as it describes itself, and never breaks."""

import contextlib
import os
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis.checks import CheckFunction, not_a_server_error
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.hsds.partners import Partner

EXAMPLES = int(os.environ.get("QUIETLINE_FUZZ", "3" if "QUIETLINE_SUITE" in os.environ else "2"))
"""Questions for each operation and each way to ask; more of them in a trial."""
CHECKS: list[CheckFunction] = [
    *(not_a_server_error, status_code_conformance, content_type_conformance),
    response_schema_conformance,
]


@pytest.mark.parametrize("wrong", [False, True], ids=["as described", "not as described"])
def test_it_answers_as_it_says_it_does(running: Partner, *, wrong: bool) -> None:
    described = schemathesis.openapi.from_url(f"{running.url}/openapi.json")
    mode = schemathesis.GenerationMode.NEGATIVE if wrong else schemathesis.GenerationMode.POSITIVE
    asked = 0
    for found in described.get_all_operations():
        assert isinstance(found, Ok)
        operation = found.ok()

        @settings(
            max_examples=EXAMPLES,
            deadline=None,
            database=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(case=operation.as_strategy(generation_mode=mode))
        def ask(case: Any) -> None:
            nonlocal asked
            response = case.call(headers={"X-API-Key": running.key})
            case.validate_response(response, checks=CHECKS)
            asked += 1

        # Nothing can be asked wrongly where there is nothing to say.
        with contextlib.suppress(*([Unsatisfiable] if wrong else [])):
            ask()
    assert asked >= 10 * EXAMPLES
