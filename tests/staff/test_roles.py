"""The table of who may do what, written down a second time by hand: an act more or less for a role
is a decision, and shows here.
"""

import pytest

from bot.staff import ACTS, ROLES, Act, Role, may

WHO_MAY = """
                       viewer editor approver vetting_officer translator operator lead administrator auditor
directory.view         x      x      x        x               x          x        x    x             x
directory.restricted   .      .      .        x               .          .        x    .             .
directory.edit         .      x      .        x               .          .        x    .             .
directory.approve      .      .      x        .               .          .        x    .             .
directory.check        .      x      x        x               .          .        x    .             .
directory.suspend      .      x      x        x               .          x        x    .             .
directory.tasks        .      x      x        x               .          x        x    .             .
directory.vet          .      .      .        x               .          .        .    .             .
directory.translate    .      .      .        .               x          .        .    .             .
directory.review_text  .      .      x        .               x          .        x    .             .
directory.merge        .      x      .        .               .          .        x    .             .
directory.import       .      x      .        .               .          .        x    .             .
directory.export       .      x      x        .               .          .        x    .             .
directory.purge        .      .      .        .               .          .        x    x             .
staff.manage           .      .      .        .               .          .        .    x             .
keys.manage            .      .      .        .               .          .        .    x             .
audit.read             .      .      .        .               .          .        x    x             x
help.read              x      x      x        x               x          x        x    x             x
desk.work              .      .      .        .               .          x        x    .             .
desk.lead              .      .      .        .               .          .        x    .             .
reports.read           .      .      .        .               .          .        x    x             x
"""  # noqa: E501  # a table is read as a table


def test_every_role_may_do_what_was_decided_and_nothing_else() -> None:
    heading, *lines = WHO_MAY.strip().splitlines()
    roles = heading.split()
    decided = {
        (role, act): mark == "x"
        for act, *marks in map(str.split, lines)
        for role, mark in zip(roles, marks, strict=True)
    }
    assert decided == {(role, act): may([role], act) for role in ROLES for act in ACTS}


def test_whoever_has_several_roles_may_do_what_one_of_them_may() -> None:
    both: tuple[Role, ...] = ("translator", "operator")
    may_do = {act for act in ACTS if may(both, act)}
    each = [{act for act in ACTS if may([role], act)} for role in both]
    assert may_do == each[0] | each[1]
    assert each[0] != each[1]


@pytest.mark.parametrize("act", ACTS)
def test_whoever_has_no_role_may_do_nothing(act: Act) -> None:
    assert not may([], act)
