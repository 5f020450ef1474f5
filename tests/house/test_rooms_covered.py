"""Coverage is judged room by room, and a gap is named by its lines."""

from typing import Any

from tests.house.rooms_covered import ROOT, is_measured, judge


def seen(
    *, lines: tuple[int, int], branches: tuple[int, int], missing: tuple[list[int], list[list[int]]]
) -> dict[str, Any]:
    """What coverage.py reports of one file: covered and all lines, covered and all branches."""
    return {
        "summary": {
            "covered_lines": lines[0],
            "num_statements": lines[1],
            "covered_branches": branches[0],
            "num_branches": branches[1],
        },
        "missing_lines": missing[0],
        "missing_branches": missing[1],
    }


WHOLE = seen(lines=(10, 10), branches=(4, 4), missing=([], []))
GAPS = seen(lines=(6, 10), branches=(2, 4), missing=([3, 4, 5, 9], [[2, 3], [7, -1]]))


def test_a_room_that_is_whole_passes() -> None:
    (room,) = judge({"flows/a.py": WHOLE, "bot/vault/a.py": GAPS}, {"flows": 100})
    assert (room.reached, room.falls_short, room.gaps) == (100, False, ())


def test_a_line_or_a_branch_that_no_test_took_is_told() -> None:
    (room,) = judge({"flows/a.py": WHOLE, "flows/b/c.py": GAPS}, {"flows": 100})
    assert room.falls_short
    assert round(room.reached, 1) == round(100 * 22 / 28, 1)
    assert room.gaps == ("flows/b/c.py: 3-5, 9, 7 to the end",)


def test_less_is_enough_where_less_is_demanded() -> None:
    (room,) = judge({"flows/b.py": GAPS}, {"flows": 50})
    assert not room.falls_short


def test_a_room_of_which_nothing_was_seen_falls_short() -> None:
    (room,) = judge({}, {"bot/vault": 100})
    assert room.falls_short


def test_a_room_is_covered_by_its_own_tests_and_by_no_others() -> None:
    def measured(test: str) -> bool:
        return is_measured(ROOT / "tests" / test, ["bot/vault", "flows"])

    assert measured("vault/test_sealing.py")
    assert measured("flows/deep/test_table.py")
    assert not measured("walks/test_flows.py")
