"""A file that is carried where there is no network: ours, whole and not too old, or it says so."""

import json
import re
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.vault.signing import SigningKeys
from referral_directory import Listing
from referral_directory.insight.ground import country_of
from referral_directory.offline.choosing import sections, ways
from referral_directory.offline.field import checked, data, embedded, signed
from tests.directory.helpers import CHAT, HOTLINE, directory, listing
from tests.often import often

TODAY = date(2026, 11, 23)


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> SigningKeys:
    return SigningKeys.open(tmp_path_factory.mktemp("signing") / "keys")


def one(tmp_path: Path, **said: str) -> Listing:
    found = directory(tmp_path, listing("ua-a", **said)).serving(None).listing("ua-a")
    assert found is not None
    return found


def file(listings: list[Listing], keys: SigningKeys, made: date = TODAY) -> bytes:
    told = embedded(data(listings, place="UA-63", language="uk", today=made))
    page = f'<p>Call</p>\n<script type="application/json" id="directory">{told}</script>\n'
    return signed(page, keys.sign)


def test_our_own_file_is_good_for_thirty_days(tmp_path: Path, keys: SigningKeys) -> None:
    given_out = file([one(tmp_path)], keys)
    told = checked(given_out, keys.verify, TODAY + timedelta(days=30))
    assert told.good
    assert (told.place, told.language, told.made, told.listings) == ("UA-63", "uk", TODAY, 1)
    late = checked(given_out, keys.verify, TODAY + timedelta(days=31))
    assert (late.fault, late.until) == ("too_old", TODAY + timedelta(days=30))
    early = checked(given_out, keys.verify, TODAY - timedelta(days=2))
    assert early.fault == "from_the_future"


def test_a_file_signed_with_a_key_that_was_replaced_is_still_ours(tmp_path: Path) -> None:
    keys = SigningKeys.open(tmp_path / "keys")
    given_out = file([one(tmp_path)], keys)
    keys.rotate()
    assert checked(given_out, keys.verify, TODAY).good


def test_a_file_of_somebody_else_is_not_ours(tmp_path: Path, keys: SigningKeys) -> None:
    others = SigningKeys.open(tmp_path / "others")
    assert checked(file([one(tmp_path)], others), keys.verify, TODAY).fault == "not_ours"


def test_what_was_signed_for_another_purpose_is_no_file(keys: SigningKeys) -> None:
    body = b"<p>Call</p>\n"
    signed_elsewhere = signed("", lambda _: keys.sign(body)).replace(b"\n", body, 1)
    assert checked(signed_elsewhere, keys.verify, TODAY).fault == "not_ours"


@settings(max_examples=often(60), deadline=None)
@given(at=st.integers(0, 10**6), bit=st.integers(0, 7))
def test_one_bit_changed_anywhere_is_noticed(
    tmp_path_factory: pytest.TempPathFactory, keys: SigningKeys, at: int, bit: int
) -> None:
    whole = bytearray(file([one(tmp_path_factory.mktemp("packs"))], keys))
    whole[at % len(whole)] ^= 1 << bit
    assert checked(bytes(whole), keys.verify, TODAY).fault in {"not_ours", "not_a_field_file"}


@pytest.mark.parametrize("more", [b" ", b"<p>Call 0 900 000 000</p>", b"\n"])
def test_nothing_can_be_put_behind_the_signature(
    tmp_path: Path, keys: SigningKeys, more: bytes
) -> None:
    whole = file([one(tmp_path)], keys)
    assert checked(whole + more, keys.verify, TODAY).fault == "not_a_field_file"
    assert checked(whole[:-40], keys.verify, TODAY).fault == "not_a_field_file"
    assert checked(b"", keys.verify, TODAY).fault == "not_a_field_file"


def test_words_of_a_listing_cannot_end_the_element_that_holds_them(
    tmp_path: Path, keys: SigningKeys
) -> None:
    name = "</script><script>alert(1)</script><!--"
    shown = replace(one(tmp_path), names={"en": name})
    whole = file([shown], keys).decode()
    assert whole.count("</script>") == 1
    assert "<script>alert" not in whole
    found = re.search(r'id="directory">(.*?)</script>', whole)
    assert found is not None
    assert json.loads(found[1])["listings"][0]["names"]["en"] == name
    assert checked(whole.encode(), keys.verify, TODAY).listings == 1


def test_paper_has_each_service_once_who_always_answers_first(tmp_path: Path) -> None:
    there = directory(
        tmp_path,
        listing("ua-a", needs="[medical, emergency.hotline]", area="[UA-63]"),
        listing("ua-b", needs=HOTLINE, contacts='[{kind: phone, number: "1547", hours: "Mo 9"}]')
        .replace('"Mo 9"', '"Mo 09:00-18:00"'),
        listing("ua-c", needs=HOTLINE, languages="[fr]"),
        listing("ua-d", needs=HOTLINE),
        listing("ua-e", needs=HOTLINE, only="[man]"),
        listing("ua-f", area="[UA-65]"),
    )  # fmt: skip
    live = there.serving(None)
    chosen = sections(live, there.needs, there.places, place="UA-63", language="uk")
    assert [(part.need, [found.id for found in part.listings]) for part in chosen] == [
        ("emergency", ["ua-d", "ua-b", "ua-c", "ua-e"]),
        ("medical", ["ua-a"]),
    ]
    few = sections(
        live, there.needs, there.places, place="UA-63", language="uk", wanted=("emergency",),
        most=1,
    )  # fmt: skip
    best = [[found.id for found in part.listings] for part in few]
    assert best == [["ua-a"]], "it helps with that too, and is of the region itself"


def test_where_no_calls_work_no_number_to_call_is_printed(tmp_path: Path) -> None:
    both = CHAT[:-1] + ', {kind: phone, number: "+380441234567"}]'
    there = directory(tmp_path, listing("ua-a", occupied="yes", contacts=both), listing("ua-b"))
    live = there.serving(None)
    for place in ("occupied", "UA-43"):
        chosen = sections(live, there.needs, there.places, place=place)
        assert [[found.id for found in part.listings] for part in chosen] == [["ua-a"]]
        kinds = [way.kind for way in ways(chosen[0].listings[0], place, there.places)]
        assert kinds == ["chat"]
    assert country_of("occupied", there.places) == "UA"
