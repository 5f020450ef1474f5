"""`quietline chat`: the guide in the terminal, on a store of its own that goes with the
conversation.
"""

import asyncio
import sys
import tempfile
from pathlib import Path
from typing import TextIO

from authored import Mistake, Mistakes, did_you_mean
from bot import report
from bot.app import Service
from bot.channels.terminal import run_terminal
from bot.settings import Settings


def run_chat(language: str, script: str | None) -> int:
    """Talk until the input ends. Raises `Mistakes` for a language or file that is not there."""
    report.set_up()
    with tempfile.TemporaryDirectory(prefix="quietline-chat-") as folder:
        settings = Settings(data=Path(folder), key_ring=Path(folder) / "keys")
        service = Service(settings, demo=True)
        known = [one.code for one in service.speech.languages]
        if language not in known:
            hint = did_you_mean(language, known)
            raise Mistakes([Mistake("--lang", 0, 0, f"'{language}' is not spoken here", hint)])
        if script is None:
            return asyncio.run(_talk(service, language, None))
        if script == "-":
            return asyncio.run(_talk(service, language, sys.stdin))
        try:
            with Path(script).open(encoding="utf-8", errors="replace") as lines:
                return asyncio.run(_talk(service, language, lines))
        except OSError as error:
            raise Mistakes([Mistake(script, 0, 0, f"cannot be read: {error.strerror}")]) from None


async def _talk(service: Service, language: str, script: TextIO | None) -> int:
    await service.start()
    try:
        return await run_terminal(service, language, script, sys.stdout, service.speech.words)
    finally:
        await service.stop()
