"""What is held of a file between its upload and a decision."""

from bot.console.uploads import OF_ONE, SECONDS, Shelf, tidy_name
from referral_directory.exchange.files import Wanted


def test_files_are_held_for_an_hour_and_of_one_person_only_a_few() -> None:
    shelf = Shelf()
    keys = [shelf.put("anna", f"{n}.csv", b"x", Wanted(), 0.0) for n in range(OF_ONE + 1)]
    other = shelf.put("ben", "b.csv", b"y", Wanted(), 1.0)
    assert [shelf.get("anna", key, 1.0) is not None for key in keys] == [False, True, True]
    assert shelf.get("anna", other, 1.0) is None
    assert shelf.get("ben", other, SECONDS + 1.0) is not None
    assert shelf.get("ben", other, SECONDS + 2.0) is None
    again = shelf.read_as("ben", other, Wanted("PL"), 2.0)
    assert again is None


def test_the_name_of_a_file_passes_for_nothing_else() -> None:
    assert tidy_name("pack:ua") == "pack_ua"
    assert tidy_name("a\u202eb\n.csv") == "ab.csv"
    assert tidy_name("") == "file"
