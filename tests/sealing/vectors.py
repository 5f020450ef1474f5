"""Published vectors of HPKE, base mode: what others computed with fixed keys.

The first two are RFC 9180, A.1.1 and A.3.1. The other two are those of BoringSSL with the AEAD that
is used here; they are known from the sender's side only. The P-256 one gives what the sender's key
is derived from (RFC 9180, 7.1.3).
"""

import hashlib
import hmac
from dataclasses import dataclass, field

from bot.sealing.suites import Suite

INFO = "4f6465206f6e2061204772656369616e2055726e"
PLAINTEXT = "4265617574792069732074727574682c20747275746820626561757479"
AAD = "436f756e742d30"
"""Of the first message, number 0."""


@dataclass(frozen=True, slots=True)
class Vector:
    """Hexadecimal, as they are printed."""

    name: str
    suite: Suite
    key_bytes: int
    ephemeral: str = field(repr=False)
    receiver_public: str
    sealed: str
    receiver: str = field(default="", repr=False)
    """Private half; empty where it was not published."""
    enc: str = ""


VECTORS = (
    Vector(
        *("RFC 9180 A.1.1: X25519, AES-128-GCM", 1, 16),
        "52c4a758a802cd8b936eceea314432798d5baf2d7e9235dc084ab1b9cfa2f736",
        "3948cfe0ad1ddb695d780e59077195da6c56506b027329794ab02bca80815c4d",
        "f938558b5d72f1a23810b4be2ab4f84331acc02fc97babc53a52ae8218a355a96d8770ac83d07bea87e13c512a",
        "4612c550263fc8ad58375df3f557aac531d26850903e55a9f23f21d8534e8ac8",
        "37fda3567bdbd628e88668c3c8d7e97d1d1253b6d4ea6d44c150f741f1bf4431",
    ),
    Vector(
        *("RFC 9180 A.3.1: P-256, AES-128-GCM", 2, 16),
        "4995788ef4b9d6132b249ce59a77281493eb39af373d236a1fe415cb0c2d7beb",
        "04fe8c19ce0905191ebc298a9245792531f26f0cece2460639e8bc39cb7f706a826a779b4cf969b8a0e539c7f6"
        "2fb3d30ad6aa8f80e30f1d128aafd68a2ce72ea0",
        "5ad590bb8baa577f8619db35a36311226a896e7342a6d836d8b7bcd2f20b6c7f9076ac232e3ab2523f39513434",
        "f3ce7fdae57e1a310d87f1ebbde6f328be0a99cdbcadf4d6589cf29de4b8ffd2",
        "04a92719c6195d5085104f469a8b9814d5838ff72b60501e2c4466e5e67b325ac98536d7b61a1af4b78e5b7f95"
        "1c0900be863c403ce65c9bfcb9382657222d18c4",
    ),
    Vector(
        *("BoringSSL: X25519, AES-256-GCM", 1, 32),
        "28e212563a8b6f068af7ff17400ff1baf23612b7a738bbaf5dfb321b2b5b431a",
        "ac66bae9ffa270cf4a89ed9f274e30c0456babae2572aaaf002ff0d8884ab018",
        "23ded2d5d90ea89d975dac4792b297240f194952d7421aacbff0474100052b6bb8aa58d18ef6c42b6960e2e28f",
    ),
    Vector(
        *("BoringSSL: P-256, AES-256-GCM", 2, 32),
        "",
        "04abc7e49a4c6b3566d77d0304addc6ed0e98512ffccf505e6a8e3eb25c685136f853148544876de76c0f2ef99"
        "cdc3a05ccf5ded7860c7c021238f9e2073d2356c",
        "58c61a45059d0c5704560e9d88b564a8b63f1364b8d1fcb3c4c6ddc1d291742465e902cd216f8908da49f8f96f",
    ),
)
SEED_OF_THE_LAST = bytes.fromhex("a90d3417c3da9cb6c6ae19b4b5dd6cc9529a4cc24efb7ae0ace1f31887a8cd6c")


def derived_p256(seed: bytes) -> bytes:
    """The private half that follows from a seed: DeriveKeyPair of DHKEM(P-256), first candidate."""
    label = b"HPKE-v1KEM\x00\x10"
    prk = hmac.digest(bytes(32), label + b"dkp_prk" + seed, hashlib.sha256)
    return hmac.digest(prk, b"\x00\x20" + label + b"candidate\x00\x01", hashlib.sha256)
