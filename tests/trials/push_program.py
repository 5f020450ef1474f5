"""A program to be killed: the service with a push-like channel, as a messenger's would be.

stdin    `person update words`   an update, delivered again until it is acknowledged
stdout   `update`                that update is saved, never deliver it again
ledger   `person mark`           a reply was sent; appended, so a kill takes nothing back
"""

import asyncio
import os
import sys
import time
from pathlib import Path

from bot import report
from bot.channels.contract import Address, Incoming, Outgoing, Words
from bot.pump import Pump
from tests.trials.programs import make_service


def address_of(person: str) -> Address:
    """Where that person writes from."""
    return Address("push", "trial", person.encode())


async def run(data: Path, ledger: Path) -> None:
    """Until stdin ends, then until all replies are sent."""
    service = make_service(data)
    sent = os.open(ledger, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)

    async def deliver(address: Address, outgoing: Outgoing) -> None:
        await asyncio.sleep(0)
        os.write(sent, b"%b %b\n" % (address.person, outgoing.mark.encode()))

    pump = Pump(service.store, service.turns.vault, service.wording, time.time, deliver)

    async def take(person: str, update: str, words: str) -> None:
        incoming = Incoming(address_of(person), Words(words), once=update, push=True)
        await service.take(incoming)
        os.write(1, update.encode() + b"\n")
        pump.wake()

    await service.start()
    pumping = asyncio.create_task(pump.run())
    os.write(1, b"ready\n")
    updates = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(
        lambda: asyncio.StreamReaderProtocol(updates), sys.stdin
    )
    async with asyncio.TaskGroup() as turns:
        async for line in updates:
            turns.create_task(take(*line.decode().rstrip("\n").split(" ", 2)))
    while await pump.send_waiting():
        pass
    pumping.cancel()
    await asyncio.wait([pumping])
    await service.stop()


if __name__ == "__main__":
    report.set_up()
    asyncio.run(run(Path(sys.argv[1]), Path(sys.argv[2])))
