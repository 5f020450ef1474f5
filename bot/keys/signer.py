"""What a key service answers about signing: it asks the folder, and gives turns to be alone.

It decides which small files may be named: never a key itself. It logs nothing of what it is asked.
"""

import secrets
import time
from collections.abc import Callable
from typing import Final

from bot.keys import wire
from bot.vault.ring import Signing

ALONE_SECONDS: Final = 30.0
"""A turn to be alone that nobody gave back is over after so long."""


class No(Exception):
    """The service will not. A fixed word, and what helps."""

    def __init__(self, word: str, mend: str = "") -> None:
        """Both are the program's own words."""
        self.refusal = wire.Refusal(word, mend)
        super().__init__(word)


class Signer:
    """The signing side of a service; without a folder it refuses everything."""

    def __init__(
        self, signing: Signing | None, steady: Callable[[], float] = time.monotonic
    ) -> None:
        """`signing`: the folder, where this service has one."""
        self.signing, self._steady = signing, steady
        self._alone: dict[str, tuple[bytes, float]] = {}

    async def sign(self, ask: wire.Data) -> wire.Signed:
        """A signature."""
        return wire.Signed(*self._signing.sign(ask.data or b""))

    async def public(self, _: wire.Nothing) -> wire.Public:
        """The keys to verify with."""
        return wire.Public(self._signing.current, dict(self._signing.public()))

    async def rotate(self, _: wire.Nothing) -> wire.Public:
        """A new key signs from now on."""
        self._signing.rotate()
        return await self.public(_)

    async def secret(self, ask: wire.Name) -> wire.Data:
        """32 bytes by name."""
        return wire.Data(self._signing.secret(_safe(ask.name)))

    async def mark(self, ask: wire.Name) -> wire.Number:
        """The highest number of that name."""
        return wire.Number(ask.name, self._signing.mark(_safe(ask.name)))

    async def raise_mark(self, ask: wire.Number) -> wire.Nothing:
        """A higher number."""
        self._signing.raise_mark(_safe(ask.name), ask.number)
        return wire.Nothing()

    async def lower_mark(self, ask: wire.Number) -> wire.Nothing:
        """A lower one, on purpose."""
        self._signing.lower_mark(_safe(ask.name), ask.number)
        return wire.Nothing()

    async def kept(self, ask: wire.Name) -> wire.Data:
        """A small file."""
        return wire.Data(self._signing.kept(_safe(ask.name)))

    async def keep(self, ask: wire.Keep) -> wire.Nothing:
        """Keep a small file."""
        try:
            self._signing.keep(_safe(ask.name), ask.content)
        except ValueError:
            raise No("too-long") from None
        return wire.Nothing()

    async def drop(self, ask: wire.Name) -> wire.Nothing:
        """Remove a small file."""
        self._signing.drop(_safe(ask.name))
        return wire.Nothing()

    async def alone(self, ask: wire.Name) -> wire.Data:
        """A turn to be alone with that name; None while somebody else has it."""
        held = self._alone.get(ask.name)
        if held is not None and held[1] > self._steady():
            return wire.Data(None)
        token = secrets.token_bytes(16)
        self._alone[ask.name] = (token, self._steady() + ALONE_SECONDS)
        return wire.Data(token)

    async def not_alone(self, ask: wire.Name) -> wire.Nothing:
        """The turn is given back."""
        held = self._alone.get(ask.name)
        if held is not None and held[0] == ask.token:
            del self._alone[ask.name]
        return wire.Nothing()

    @property
    def _signing(self) -> Signing:
        if self.signing is None:
            raise No("no-signing", "Another service has the signing keys, or start with --signing.")
        return self.signing


def _safe(name: str) -> str:
    """Names of small files that replicas may ask for: never a key itself, never another folder."""
    if not name or "/" in name or name.startswith(".") or name.endswith((".sign", ".lock", ".new")):
        raise No("name")
    return name
