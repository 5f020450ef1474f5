"""An organisation with two who answer, as the tests need them."""

from dataclasses import dataclass
from typing import Final, Self

from bot.sealing import (
    IdentityPair,
    OnDuty,
    Organisation,
    PrekeyPair,
    SignedRoster,
    make_identity,
    make_prekey,
)
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
