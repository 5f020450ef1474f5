"""The organisation that runs the helpline, as it signs: who is one of theirs, and who answers now.

It decides which key signs what. It keeps no list and no key: the Ed25519 keys are those of the
signing folder, the P-256 one follows from a secret beside them.
"""

from collections.abc import Mapping, Sequence
from typing import Final, Protocol

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from bot.sealing.identity import Identity
from bot.sealing.roster import Certificate, OnDuty, OrganisationKeys, SignedRoster, write_roster
from bot.sealing.suites import SIGNATURE_BYTES, p256_pair, sign, signed

_FOLLOWS_FROM: Final = "handoff-p256"
"""The secret in the signing folder that the P-256 key follows from."""

_P256_LABEL: Final = b"quietline/organisation-p256/v1"


class Signing(Protocol):
    """What is asked of the folder of signing keys; `bot.vault.SigningKeys` is one."""

    def sign(self, data: bytes) -> tuple[str, bytes]:
        """The id of the key that signs now, and its signature."""

    def verify(self, key_id: str, data: bytes, signature: bytes) -> bool:
        """Whether one of these keys, now or before, signed exactly that."""

    def public(self) -> Mapping[str, bytes]:
        """The public bytes of every key, by id."""

    @property
    def current(self) -> str:
        """The id of the key that signs now."""

    def secret(self, name: str) -> bytes:
        """32 random bytes of that name, made when missing."""


class Organisation:
    """Signs for the organisation, under both suites."""

    __slots__ = ("_p256", "_signing")

    def __init__(self, signing: Signing) -> None:
        """Makes the secret of the P-256 key when there is none. Raises what the folder raises."""
        secret = signing.secret(_FOLLOWS_FROM)
        self._signing = signing
        self._p256 = p256_pair(HKDF(SHA256(), 48, None, _P256_LABEL).derive(secret))

    @property
    def keys(self) -> OrganisationKeys:
        """The public halves that sign now. They change when the signing key is rotated."""
        signing = self._signing
        return OrganisationKeys(signing.public()[signing.current], self._p256.public)

    def certify(self, identity: Identity, who: str, until: int) -> Certificate:
        """Says that this identity is one of theirs, under that pseudonym, until that second."""
        signer = self._signing.current
        plain = Certificate(identity, who, until, signer, b"")
        signer, signature = self._sign(plain.data)
        return Certificate(identity, who, until, signer, signature)

    def vouches(self, certificate: Certificate) -> bool:
        """Whether the organisation said so, also with a signing key of before."""
        one, two = (
            certificate.signature[:SIGNATURE_BYTES],
            certificate.signature[SIGNATURE_BYTES:],
        )
        return self._signing.verify(certificate.signer, certificate.data, one) and signed(
            2, self._p256.public, certificate.data, two
        )

    def roster(self, entries: Sequence[OnDuty], issued: int, serial: int) -> SignedRoster:
        """A roster of these, signed. Who has a certificate that is not ours is left out.

        A certificate of an older signing key is signed anew. `issued` is seconds since 1970; the
        serial is never to go back.
        """
        renewed = [
            OnDuty(self._renewed(entry.certificate), entry.prekeys)
            for entry in entries
            if self.vouches(entry.certificate)
        ]
        data, to_sign = write_roster(renewed, issued, serial)
        return SignedRoster(data, self._sign(to_sign)[1])

    def _renewed(self, one: Certificate) -> Certificate:
        if one.signer == self._signing.current:
            return one
        return self.certify(one.identity, one.who, one.until)

    def _sign(self, data: bytes) -> tuple[str, bytes]:
        signer, signature = self._signing.sign(data)
        return signer, signature + sign(2, self._p256.private, data)

    def __repr__(self) -> str:
        return "Organisation()"
