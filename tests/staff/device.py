"""A device that holds passkeys, made of plain code: what a browser would send of it."""

import hashlib
import json
import secrets
import struct
from base64 import urlsafe_b64encode
from dataclasses import dataclass, field
from typing import Any

import cbor2
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

PRESENT, VERIFIED, ATTESTED = 0x01, 0x04, 0x40


@dataclass
class Device:
    """One passkey of one person."""

    name: str
    """The site's."""
    origin: str
    verifies: bool = True
    """Whether it asks for a finger or a PIN."""
    count: int = 0
    key: ec.EllipticCurvePrivateKey = field(
        default_factory=lambda: ec.generate_private_key(ec.SECP256R1()), repr=False
    )
    id: bytes = field(default_factory=lambda: secrets.token_bytes(16))

    def add(self, options: str) -> str:
        """Its answer to what a site asks to make a passkey."""
        numbers = self.key.public_key().public_numbers()
        x, y = numbers.x.to_bytes(32, "big"), numbers.y.to_bytes(32, "big")
        public = cbor2.dumps({1: 2, 3: -7, -1: 1, -2: x, -3: y})
        held = bytes(16) + struct.pack(">H", len(self.id)) + self.id + public
        about = self._about(ATTESTED) + held
        said = self._said("webauthn.create", options)
        return self._answer(
            clientDataJSON=_text(said),
            attestationObject=_text(cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": about})),
        )

    def show(self, options: str) -> str:
        """Its answer to what a site asks to show one."""
        about, said = self._about(), self._said("webauthn.get", options)
        signed = self.key.sign(about + hashlib.sha256(said).digest(), ec.ECDSA(hashes.SHA256()))
        return self._answer(
            clientDataJSON=_text(said), authenticatorData=_text(about), signature=_text(signed)
        )

    def _about(self, more: int = 0) -> bytes:
        self.count += 1
        flags = PRESENT | more | (VERIFIED if self.verifies else 0)
        return hashlib.sha256(self.name.encode()).digest() + struct.pack(">BI", flags, self.count)

    def _said(self, kind: str, options: str) -> bytes:
        challenge = json.loads(options)["challenge"]
        said = {"type": kind, "challenge": challenge, "origin": self.origin, "crossOrigin": False}
        return json.dumps(said).encode()

    def _answer(self, **response: str) -> str:
        said: dict[str, Any] = {
            "id": _text(self.id),
            "rawId": _text(self.id),
            "type": "public-key",
            "clientExtensionResults": {},
            "response": response,
        }
        return json.dumps(said)


def _text(raw: bytes) -> str:
    return urlsafe_b64encode(raw).rstrip(b"=").decode("ascii")
