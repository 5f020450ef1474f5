"""`directory offline`, `offline-check`: a signed file for those who work without a network.

It carries out what `referral_directory.offline` decides. Checking needs neither the service nor a
network: a file and a public key.
"""

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli import directory_exchange  # noqa: F401  (its commands stand beside these)
from bot.cli.directory_opened import fail, opened
from referral_directory.commands import app as directory_app

if TYPE_CHECKING:
    from referral_directory.offline.field import Verify

__all__ = ["directory_app"]

Settings_ = Annotated[
    Path | None, typer.Option("--settings", help="A YAML file of settings.", dir_okay=False)
]
KEY_BYTES = 32


@directory_app.command()
def offline(
    out: Annotated[Path, typer.Argument(help="The file to write.", dir_okay=False)],
    area: Annotated[str, typer.Option(help="UA, UA-63, LT, abroad or occupied.")],
    lang: Annotated[str, typer.Option(help="The language of who will read it, like uk.")],
    settings: Settings_ = None,
) -> None:
    """Write a signed page of what survivors are shown for a place: opens without a network."""
    from authored import did_you_mean
    from bot.app import LOCALES
    from bot.console.paper import Papers
    from bot.serving import Serving
    from bot.speech import read_speech

    today = datetime.now(UTC).date()
    speech = read_speech(LOCALES)
    with opened(settings, "") as here:
        live = Serving(here.kept.ledger, here.directory).live
        papers = Papers(speech, here.directory, lambda: live)
        if lang not in papers.languages:
            fail(f"'{lang}' is not spoken here", did_you_mean(lang, list(papers.languages)))
        if area not in papers.places(lang):
            fail(f"there is no place '{area}'", did_you_mean(area, list(papers.places(lang))))
        if not papers.paper(area, lang, today).sections:
            fail(f"nothing is shown for {area} now", "Publish listings first, at the console.")
        signing = here.kept.signing
        file = papers.file(area, lang, today, signing.sign)
        key = signing.public()[signing.current].hex()
    try:
        out.write_bytes(file)
    except OSError as error:
        fail(f"{out} cannot be written: {error.strerror}", "Name another file.")
    typer.echo(f"{out}: {len(file) // 1024 + 1} KiB, for {area} in {lang}.")
    typer.echo(f"To check it anywhere: ./quietline directory offline-check FILE --key {key}")


@directory_app.command("offline-check")
def offline_check(
    file: Annotated[Path, typer.Argument(help="The file that was carried.", dir_okay=False)],
    key: Annotated[
        list[str],
        typer.Option(help="A public key, 64 digits and letters, from who made the file."),
    ],
) -> None:
    """Say whether a file is ours, whole and not too old. Fails when it is not."""
    from referral_directory.offline.field import MEND, checked

    verify = _verify(key)
    try:
        content = file.read_bytes()
    except OSError as error:
        fail(f"{file} cannot be read: {error.strerror}", "Look at its name and place.")
    verdict = checked(content, verify, datetime.now(UTC).date())
    if verdict.fault is not None:
        made = f" It was made on {verdict.made}." if verdict.made else ""
        fail(f"{file}: do not use it.{made}", MEND[verdict.fault])
    typer.echo(f"{file}: ours and whole, made on {verdict.made}, good until {verdict.until}.")
    typer.echo(f"{verdict.listings} listings for {verdict.place} in {verdict.language}.")


def _verify(keys: list[str]) -> "Verify":
    """What says whether one of these keys signed something. Fails for what is no key."""
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    public = []
    for text in keys:
        try:
            raw = bytes.fromhex(text)
        except ValueError:
            raw = b""
        if len(raw) != KEY_BYTES:
            fail("--key is not a public key", "It has 64 digits and letters a to f.")
        public.append(Ed25519PublicKey.from_public_bytes(raw))

    def verify(_: str, data: bytes, signature: bytes) -> bool:
        for one in public:
            try:
                one.verify(signature, data)
            except InvalidSignature:
                continue
            return True
        return False

    return verify
