"""Searches files for words and numbers that must not be there, in every form they might hide in.

It decides what counts as found and nothing about what should be there. It never shows what stands
around a hit.

Forms of a text: raw, upper and lower case, UTF-16 LE and BE, base64 (standard and url-safe, at each
of three offsets), hex (upper and lower), percent-encoded, JSON-escaped. Of a number: the same of
its decimal digits, and 4, 6 and 8 bytes LE and BE (SQLite stores a number of 33 to 48 bits in 6)
and as a varint. All of that again inside zlib, gzip and raw-deflate (zip) streams, three deep.

A number of 4 bytes is found by chance about once in 4 GB of random bytes; take larger ones for
large trials.
"""

import json
import zlib
from base64 import b64encode, urlsafe_b64encode
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, quote_plus

import numpy as np

Canary = str | bytes | int

_DEEPEST = 3
_LARGEST_STREAM = 64 << 20
_AT_ONCE = 1 << 20
_PIECE = 1 << 28
_OVERLAP = 1 << 12
"""Bytes by which two pieces of a large file overlap: no canary is cut by all of them."""
_SHORTEST = 4
"""Bytes: what is shorter is found everywhere by chance and is refused as a canary."""


@dataclass(frozen=True, slots=True, order=True)
class Hit:
    """A canary in a file. `form` says how it was written, and in which streams."""

    path: Path
    offset: int
    """Bytes from the start of the file, or of the innermost stream."""
    form: str
    canary: Canary


def find(paths: Iterable[Path], canaries: Iterable[Canary], *, piece: int = _PIECE) -> list[Hit]:
    """Every canary in these files and devices and in all files below these directories, in order.

    What is longer than `piece` bytes is read in pieces; a stream that is cut is searched up to
    there. Raises `ValueError` for a canary that is too short to be told from chance.
    """
    patterns = _Patterns(canaries)
    return sorted(
        (
            Hit(file, offset, form, canary)
            for file in _files(paths)
            for data in _pieces(file, piece)
            for offset, form, canary in patterns.search(data)
        ),
        key=lambda hit: (hit.path, hit.offset, hit.form),
    )


def forms(canary: Canary) -> dict[str, bytes]:
    """The ways in which a canary may be written, each by its name. Short ones are left out."""
    if isinstance(canary, bytes):
        found = _forms_of_bytes(canary)
    elif isinstance(canary, str):
        found = _forms_of_text(canary)
    else:
        found = {f"decimal {name}": form for name, form in _forms_of_text(str(canary)).items()}
        found |= _forms_of_number(canary)
    if _size(canary) < _SHORTEST:
        raise ValueError("a canary needs at least four bytes, or it is found by chance")
    return {name: form for name, form in found.items() if len(form) >= _SHORTEST}


def _size(canary: Canary) -> int:
    if isinstance(canary, int):
        return (canary.bit_length() + 7) // 8
    return len(canary if isinstance(canary, bytes) else canary.encode("utf-8", "surrogatepass"))


class _Patterns:
    """All forms of all canaries, by their first bytes: one walk over the data finds any of them."""

    def __init__(self, canaries: Iterable[Canary]) -> None:
        self._starts: dict[bytes, list[tuple[bytes, str, Canary]]] = defaultdict(list)
        for canary in canaries:
            unlike: dict[bytes, str] = {}
            for name, form in forms(canary).items():
                unlike.setdefault(form, name)
            for form, name in unlike.items():
                self._starts[form[:_SHORTEST]].append((form, name, canary))
        self._known = np.zeros(1 << 24, dtype=np.bool_)
        self._known[[int.from_bytes(start[:3], "big") for start in self._starts]] = True

    def search(
        self, data: bytes, within: str = "", depth: int = 0
    ) -> Iterator[tuple[int, str, Canary]]:
        for offset in self._places(data):
            for form, name, canary in self._starts.get(data[offset : offset + _SHORTEST], ()):
                if data.startswith(form, offset):
                    yield offset, within + name, canary
        if depth < _DEEPEST:
            for kind, stream in _streams(data):
                yield from self.search(stream, f"{within}{kind} > ", depth + 1)

    def _places(self, data: bytes) -> Iterator[int]:
        """Where three bytes stand with which some form begins: one place in a hundred."""
        for begin in range(0, len(data), _AT_ONCE):
            seen = np.frombuffer(data[begin : begin + _AT_ONCE + 2], np.uint8).astype(np.uint32)
            threes = seen[:-2] << 16 | seen[1:-1] << 8 | seen[2:]
            yield from (begin + np.flatnonzero(self._known[threes])).tolist()


def _forms_of_bytes(data: bytes) -> dict[str, bytes]:
    found = {"raw": data, "hex": data.hex().encode(), "HEX": data.hex().upper().encode()}
    for shift in range(3):
        for name, encode in (("base64", b64encode), ("base64url", urlsafe_b64encode)):
            # Only the letters that depend on the data alone, whatever stands before and after it.
            first, last = -(-shift * 8 // 6), (shift + len(data)) * 8 // 6
            found[f"{name}+{shift}"] = encode(bytes(shift) + data)[first:last]
    escaped = "".join(f"%{byte:02x}" for byte in data)
    return found | {"percent": escaped.encode(), "PERCENT": escaped.upper().encode()}


def _forms_of_text(text: str) -> dict[str, bytes]:
    found: dict[str, bytes] = {}
    for case, written in {"": text, "lower ": text.lower(), "upper ": text.upper()}.items():
        for code in ("utf-8", "utf-16-le", "utf-16-be"):
            forms_here = _forms_of_bytes(written.encode(code, "surrogatepass"))
            found |= {f"{case}{code} {name}": form for name, form in forms_here.items()}
    told = text.encode("utf-8", "surrogatepass")
    found["url"], found["form"] = quote(told).encode(), quote_plus(told).encode()
    found["url lower"] = _lower_escapes(quote(told)).encode()
    found["json"] = json.dumps(text)[1:-1].encode()
    return found


def _forms_of_number(number: int) -> dict[str, bytes]:
    found = {}
    for size in (4, 6, 8):
        # A number that fits in fewer bytes is found in those; six are for what four cannot hold.
        if number < 1 << (8 * size) and not (size == 6 and number < 1 << 32):
            found[f"int{size * 8} LE"] = number.to_bytes(size, "little")
            found[f"int{size * 8} BE"] = number.to_bytes(size, "big")
    varint, rest = bytearray(), number
    while rest > 127:
        varint.append(rest & 127 | 128)
        rest >>= 7
    return found | {"varint": bytes([*varint, rest])}


def _lower_escapes(quoted: str) -> str:
    first, *rest = quoted.split("%")
    return "%".join([first, *(part[:2].lower() + part[2:] for part in rest)])


def _streams(data: bytes) -> Iterator[tuple[str, bytes]]:
    for kind, magic, bits in (
        ("zlib", b"x", zlib.MAX_WBITS),
        ("gzip", b"\x1f\x8b\x08", zlib.MAX_WBITS | 16),
        ("zip", b"PK\x03\x04", -zlib.MAX_WBITS),
    ):
        at = data.find(magic)
        while at >= 0:
            start = at
            if kind == "zip":
                name, extra = data[at + 26 : at + 28], data[at + 28 : at + 30]
                start = at + 30 + int.from_bytes(name, "little") + int.from_bytes(extra, "little")
            stream = _inflated(data, start, bits)
            if stream:
                yield kind, stream
            at = data.find(magic, at + 1)


def _inflated(data: bytes, start: int, bits: int) -> bytes:
    """What the stream that may begin there holds, as far as it is whole; nothing if it is none."""
    inflate, out = zlib.decompressobj(bits), bytearray()
    try:
        # In small pieces, so that what came before a cut or a damaged place is still searched.
        for at in range(start, len(data), 512):
            out += inflate.decompress(data[at : at + 512], _LARGEST_STREAM)
            if inflate.eof or len(out) > _LARGEST_STREAM:
                break
    except zlib.error:
        pass
    return bytes(out)


def _pieces(file: Path, piece: int) -> Iterator[bytes]:
    if file.is_file() and file.stat().st_size <= piece:
        yield file.read_bytes()
        return
    with file.open("rb") as large:
        before = b""
        while data := large.read(piece):
            yield before + data
            before = data[-_OVERLAP:]


def _files(paths: Iterable[Path]) -> Iterator[Path]:
    for path in paths:
        if path.is_dir():
            yield from sorted(file for file in path.rglob("*") if file.is_file())
        elif path.is_file() or path.is_block_device():
            yield path
