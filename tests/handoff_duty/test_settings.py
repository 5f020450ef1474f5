"""What the lead set counts; what somebody wrote into the database does not."""

import shutil
from collections.abc import Iterator

import pytest

from bot import report
from bot.handoff.hours import Weekly
from bot.handoff.settings import Setting, Stale
from tests.handoff_duty.office import Office

PAUSED = '{"mode":"pause","message":"trouble","until":9e9}'
ALARM = "setting_changed_by_hand"


@pytest.fixture
def alarms() -> Iterator[list[str]]:
    heard: list[str] = []
    ended = report.on_alarm(heard.append)
    yield heard
    ended()


def by_hand(office: Office, statement: str, *values: object) -> None:
    """Somebody who can write into the database, and has no key."""
    with office.store.group() as group:
        group.run(statement, [values])


def lies(office: Office, name: str) -> tuple[int, str]:
    with office.store.group() as group:
        ((version, body),) = group.ask(
            "SELECT version, body FROM desk_setting WHERE name = ?", (name,)
        )
    return version, body


PUT = "INSERT INTO desk_setting (name, version, body) VALUES (?, ?, ?)"
CHANGE = "UPDATE desk_setting SET version = ?, body = ? WHERE name = ?"


def test_who_writes_into_the_database_pauses_nobody_and_opens_nothing(
    office: Office, alarms: list[str]
) -> None:
    office.settings.vouch()
    office.opening.save("lead", {"uk": 0}, Weekly(rules="Mo-Fr 09:00-17:00", zone="Europe/Kyiv"))
    by_hand(office, PUT, "surge/all", 1, PAUSED)
    version, body = lies(office, "hours/uk")
    by_hand(office, PUT, "hours/ru", version, body)
    by_hand(office, CHANGE, version, body.replace("Mo-Fr", "Mo-Su"), "hours/uk")
    for another in (False, True):
        one = office.beside() if another else office
        one.settings.look()
        one.settings.look()
        assert one.surge.of("uk") is None
        assert one.opening.languages() == ()
        assert one.opening.state("uk", one.clock()) is None
        # It is told once of each by every process, not each second.
        assert alarms == [ALARM] * 3
        alarms.clear()
        if another:
            one.store.close()
    # Whoever is the lead sets it anew, over what lies there.
    office.opening.save("lead", {"uk": 1}, Weekly(rules="24/7", zone="Europe/Kyiv"))
    assert office.opening.open_now("uk", office.clock())
    assert office.opening.languages() == ("uk",)


def test_an_earlier_row_under_another_number_does_not_count(
    office: Office, alarms: list[str]
) -> None:
    office.settings.vouch()
    first = office.settings.save("lead", "surge/uk", 0, PAUSED)
    _, body = lies(office, "surge/uk")
    office.settings.save("lead", "surge/uk", first.version, "{}")
    by_hand(office, CHANGE, 3, body, "surge/uk")
    office.settings.look()
    assert office.settings.read("surge/uk") == Setting(3)
    assert alarms == [ALARM]


def test_what_stood_there_before_settings_were_vouched_for_is_believed_once(
    office: Office, alarms: list[str]
) -> None:
    by_hand(office, PUT, "surge/uk", 4, PAUSED)
    office.settings.look()
    assert office.settings.read("surge/uk") == Setting(4, PAUSED)
    other = office.beside()
    office.settings.vouch()
    office.settings.vouch()
    other.settings.vouch()
    for one in (office, other):
        assert one.settings.read("surge/uk") == Setting(4, PAUSED)
    with pytest.raises(Stale):
        office.settings.save("lead", "surge/uk", 3, "{}")
    other.store.close()
    by_hand(office, PUT, "surge/ru", 1, PAUSED)
    again = office.restarted()
    again.settings.vouch()
    assert (again.settings.read("surge/uk").body, again.settings.read("surge/ru").body) == (
        PAUSED,
        "",
    )
    assert alarms == [ALARM]
    again.store.close()


def test_where_the_signing_keys_were_lost_the_hours_are_still_there(
    office: Office, alarms: list[str]
) -> None:
    office.settings.vouch()
    office.opening.save("lead", {"uk": 0}, Weekly(rules="24/7", zone="Europe/Kyiv"))
    shutil.rmtree(office.folder / "signing")
    again = office.restarted()
    assert again.opening.weekly("uk")[1].rules == "24/7"
    again.settings.vouch()
    again.settings.look()
    assert again.opening.weekly("uk") == (1, Weekly(rules="24/7", zone="Europe/Kyiv"))
    assert alarms == []
    again.store.close()
