"""The searcher finds a canary in each form it might hide in, and does not cry wolf."""

import gzip
import io
import json
import os
import sqlite3
import zipfile
import zlib
from base64 import b64encode, urlsafe_b64encode
from contextlib import closing
from pathlib import Path
from urllib.parse import quote, quote_plus

import pytest

from tests.canary import Canary, find, forms

WORD = "Чорнобривці"
PLAIN = "marigoldwren"
NUMBER = 7_000_000_001
SMALL = 700_000_001


def number_in_sqlite(number: int) -> bytes:
    with closing(sqlite3.connect(":memory:")) as database:
        database.execute("CREATE TABLE chat (id INTEGER, name TEXT)")
        database.execute("INSERT INTO chat VALUES (?, 'x')", (number,))
        return database.serialize()


def zipped(data: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("inner.txt", data)
    return out.getvalue()


HIDDEN: list[tuple[str, Canary, bytes]] = [
    ("raw", WORD, WORD.encode()),
    ("upper case", PLAIN, PLAIN.upper().encode()),
    ("lower case", WORD, WORD.lower().encode()),
    ("UTF-16 LE", WORD, WORD.encode("utf-16-le")),
    ("UTF-16 BE", WORD, WORD.encode("utf-16-be")),
    *((f"base64 at {n}", WORD, b64encode(b"." * n + WORD.encode() + b"...")) for n in range(6)),
    *(
        (
            f"url-safe base64 at {n}",
            b"\xfb\xff\xfe\xfb\xff",
            urlsafe_b64encode(b"." * n + b"\xfb\xff\xfe\xfb\xff"),
        )
        for n in range(3)
    ),
    ("base64 of UTF-16", PLAIN, b64encode(b"." + PLAIN.encode("utf-16-le"))),
    ("hex", WORD, WORD.encode().hex().encode()),
    ("upper hex", WORD, WORD.encode().hex().upper().encode()),
    ("url", WORD, quote(WORD).encode()),
    ("lower url", WORD, quote(WORD).lower().encode()),
    ("form", "two words, ще", quote_plus("two words, ще").encode()),
    ("all percent", PLAIN, "".join(f"%{byte:02X}" for byte in PLAIN.encode()).encode()),
    ("json", WORD, json.dumps({"text": WORD}).encode()),
    ("decimal", NUMBER, b'{"id":7000000001}'),
    ("decimal in UTF-16", NUMBER, str(NUMBER).encode("utf-16-le")),
    ("decimal in base64", NUMBER, b64encode(b"id=7000000001")),
    ("8 bytes LE", NUMBER, NUMBER.to_bytes(8, "little")),
    ("8 bytes BE", NUMBER, NUMBER.to_bytes(8, "big")),
    ("4 bytes LE", SMALL, SMALL.to_bytes(4, "little")),
    ("4 bytes BE", SMALL, SMALL.to_bytes(4, "big")),
    ("varint", SMALL, bytes([0x81, 0xCE, 0xE4, 0xCD, 0x02])),
    ("small in SQLite", SMALL, number_in_sqlite(SMALL)),
    ("large in SQLite", NUMBER, number_in_sqlite(NUMBER)),
    ("bytes", b"\0\1\2\3\4", b"..\0\1\2\3\4.."),
    ("zlib", WORD, zlib.compress(b"before " * 99 + WORD.encode())),
    ("zlib fast", WORD, zlib.compress(WORD.encode() * 9, 1)),
    ("zlib best", WORD, zlib.compress(WORD.encode() * 9, 9)),
    ("zlib stored", WORD, zlib.compress(WORD.encode("utf-16-le"), 0)),
    ("zlib cut off", WORD, zlib.compress(WORD.encode() + os.urandom(9_000))[:5_000]),
    (
        "zlib damaged later",
        WORD,
        zlib.compress(WORD.encode() + bytes(9) + os.urandom(9_000), 0)[:4_000] + b"\xff" * 9_000,
    ),
    ("gzip", WORD, gzip.compress(WORD.encode())),
    ("zip", WORD, zipped(WORD.encode())),
    ("gzip in zip in zlib", WORD, zlib.compress(zipped(gzip.compress(WORD.encode() * 20)))),
]


@pytest.mark.parametrize(
    ("canary", "written"), [row[1:] for row in HIDDEN], ids=[row[0] for row in HIDDEN]
)
def test_a_canary_is_found_as(tmp_path: Path, canary: Canary, written: bytes) -> None:
    (tmp_path / "file").write_bytes(os.urandom(777) + written + os.urandom(555))
    assert canary in {hit.canary for hit in find([tmp_path], [canary, "somethingelse"])}


def test_a_hit_says_where_and_how(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "file").write_bytes(b"." * 10 + PLAIN.encode())
    (tmp_path / "clean").write_bytes(b"nothing here" * 100)
    (hit,) = find([tmp_path / "a", tmp_path / "clean", tmp_path / "not there"], [PLAIN])
    assert (hit.path, hit.offset, hit.form) == (tmp_path / "a" / "file", 10, "utf-8 raw")


def test_a_canary_is_found_where_two_pieces_of_a_large_file_meet(tmp_path: Path) -> None:
    large = tmp_path / "swap"
    large.write_bytes(b"\0" * 9_995 + b"cucumbertree" + b"\0" * 20_000)
    assert {hit.canary for hit in find([large], ["cucumbertree"], piece=10_000)} == {"cucumbertree"}


def test_random_bytes_hold_no_canary(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(os.urandom(1 << 20))
    assert find([tmp_path], [WORD, PLAIN, NUMBER, b"\0\1\2\3\4\5\6\7"]) == []


@pytest.mark.parametrize("canary", ["", b"", "a", b"abc", 12, 65_535])
def test_a_canary_too_short_to_mean_anything_is_refused(canary: Canary) -> None:
    with pytest.raises(ValueError, match="four bytes"):
        forms(canary)


def test_no_form_is_short_enough_to_be_met_by_chance() -> None:
    assert "int32 LE" in forms(SMALL)
    assert "int32 LE" not in forms(NUMBER)
    assert {"int48 BE", "int64 BE"} <= forms(NUMBER).keys()
    assert all(len(form) >= 4 for number in (SMALL, NUMBER) for form in forms(number).values())
