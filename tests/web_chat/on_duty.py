"""Who is on duty at the small desk, with the keys that their browser would hold."""

from bot.channels.contract import Say, Sealed
from bot.sealing import (
    Context,
    IdentityPair,
    OnDuty,
    Organisation,
    PrekeyPair,
    Suite,
    make_identity,
    make_prekey,
    open_at_desk,
    seal_for_person,
    sign_reply,
)

CHAT = bytes(range(16))


class Operator:
    """Somebody on duty, with the keys that their browser would hold."""

    def __init__(self, who: str, until: int) -> None:
        self.who, self._until = who, until
        self.identity: IdentityPair = make_identity()
        self.prekey: PrekeyPair = make_prekey(self.identity, until)

    def on_duty(self, organisation: Organisation) -> OnDuty:
        certificate = organisation.certify(self.identity.public, self.who, self._until)
        return OnDuty(certificate, (self.prekey.public,))

    def read(self, said: Say) -> str:
        """What a person wrote, opened with this operator's key."""
        wrap = said.wraps[self.prekey.public.id.hex()]
        suite: Suite = 1 if wrap[0] == 1 else 2
        place = Context(CHAT, "in", said.number)
        return open_at_desk(place, said.body, wrap, suite, self.prekey.private[suite])

    def write(self, text: str, number: int, suite: int, public: bytes) -> Sealed:
        """A reply as this operator's browser seals and signs it."""
        place = Context(CHAT, "out", number)
        sealed = seal_for_person(place, text, 1 if suite == 1 else 2, public)
        signature = sign_reply(place, sealed, self.identity)
        return Sealed(number, sealed, signature, self.identity.public.id)
