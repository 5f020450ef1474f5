"""A key service as a process of its own, on a machine whose clock a test may move on.

    python service_program.py FOLDER SIGNING LISTEN PEER [STATE]

The file `../later` beside the folder holds the seconds by which all machines are later than ours.
"""

import asyncio
import sys
import time
from pathlib import Path

from bot import report
from bot.keys.clock import SteadyClock, since_boot
from bot.keys.running import Place, running
from bot.vault import SigningKeys


async def main(folder: Path, signing: str, listen: str, peer: str, state: str = "") -> None:
    """Serves until it is killed."""

    def later() -> float:
        return float((folder.parent / "later").read_text())

    host, _, port = listen.partition(":")
    place = Place(
        folder / "keys.sock",
        (host, int(port)) if listen else None,
        peer,
        folder / "authority" if listen else None,
        state=Path(state) if state else None,
    )
    held = SigningKeys.open(signing) if signing else None
    clock = SteadyClock(lambda: time.time() + later(), lambda: since_boot() + later())
    async with running(place, 72, held, clock):
        await asyncio.Event().wait()


if __name__ == "__main__":
    report.set_up()
    asyncio.run(main(Path(sys.argv[1]), *sys.argv[2:]))
