"""An organisation with two who answer, as the tests need them."""

from dataclasses import dataclass
from typing import Final, Self

from bot.sealing import (
    IdentityPair,
    OnDuty,
    Organisation,
    Prekey,
    PrekeyPair,
    SignedRoster,
    make_identity,
    make_prekey,
)
from bot.sealing.identity import _prekey_data
from bot.vault.signing import SigningKeys

NOW: Final = 1_800_000_000
HOUR: Final = 3600


@dataclass(frozen=True, slots=True)
class Helpline:
    """Maple and Juniper are on duty."""

    organisation: Organisation
    maple: IdentityPair
    juniper: IdentityPair
    maple_key: PrekeyPair
    juniper_key: PrekeyPair

    @classmethod
    def of(cls, signing: SigningKeys) -> Self:
        maple, juniper = make_identity(), make_identity()
        until = NOW + 75 * HOUR
        keys = make_prekey(maple, until), make_prekey(juniper, until)
        return cls(Organisation(signing), maple, juniper, *keys)

    def entries(self, until: int = NOW + 90 * 24 * HOUR) -> list[OnDuty]:
        certify = self.organisation.certify
        return [
            OnDuty(certify(self.maple.public, "Maple", until), (self.maple_key.public,)),
            OnDuty(certify(self.juniper.public, "Ялівець", until), (self.juniper_key.public,)),
        ]

    def roster(self, issued: int = NOW, serial: int = 7) -> SignedRoster:
        return self.organisation.roster(self.entries(), issued, serial)


def hollow_prekey(identity: IdentityPair, until: int) -> Prekey:
    """Well signed, and nothing that can be sealed to: a point of small order, and no point."""
    x25519, p256, owner = bytes(32), b"\4" + bytes(64), identity.public.id
    signature = identity.sign(_prekey_data(owner, x25519, p256, until))
    return Prekey(x25519, p256, until, owner, signature)
