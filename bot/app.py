"""The composition root: reads everything once, builds every part once, and starts and stops them.

It alone knows all rooms. It decides nothing at run time. Whatever is wrong in a file that a
person wrote, a directory or a key ring stops the start with a message that says where and how to
mend it.
"""

import asyncio
import time
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from bot import report
from bot.again import taken_again
from bot.atlas import read_atlas
from bot.audit.audit import Held
from bot.carrying import Carrying, ended
from bot.channels.contract import (
    Address,
    Incoming,
    Outgoing,
    TalkAsked,
    TalkTold,
    Typing,
    Unavailable,
)
from bot.counting import counted_in, settle
from bot.errands import errands, nowhere
from bot.figures import Figures
from bot.footprints import Footprints
from bot.handing import Handing
from bot.handing_page import Page
from bot.handoff.acting import untold
from bot.handoff.hours import holidays_in
from bot.handoff.model import DeskRules
from bot.human import Human
from bot.news import News, Wake
from bot.once import made_once, once
from bot.pack_words import worded
from bot.privacy import promised
from bot.pump import Deliver, Pump, Ready
from bot.replicas import Replicas
from bot.reports.tally import Tally
from bot.reports.vouching import Vouch
from bot.serving import Serving, Shelf
from bot.settings import Settings
from bot.slipping import open_slips, unlisted, without_slips
from bot.speech import read_lexicon, read_speech
from bot.storage import Store
from bot.sweeping import Sweep, Sweeping
from bot.tasks import Look, Talk
from bot.told import Told
from bot.turns import Turns
from bot.upkeep import Upkeep
from bot.vault import Signing, Vault
from bot.wiring import (
    LIBRARY,
    LOCALES,
    ROOT,
    check_key_ring,
    check_language,
    database_of,
    make_wording,
    open_ring,
    read_vocabulary,
    vocabulary_of,
)
from bot.writer import Writer
from flows.reader import read_script
from flows.table import Table
from referral_directory import Live

__all__ = ["LIBRARY", "LOCALES", "ROOT", "Service", "check_key_ring", "check_language"]
__all__ += ["make_wording", "read_vocabulary", "vocabulary_of"]

Clock = Callable[[], float]
"""Seconds since 1970."""


class Service:
    """The service without its channels: what a channel talks to, and what keeps it well."""

    def __init__(  # noqa: PLR0913  # one for each part that is put together elsewhere
        self,
        settings: Settings,
        *,
        demo: bool,
        clock: Clock = time.time,
        locales: Path = LOCALES,
        shelf: Shelf | None = None,
        told: Told | None = None,
        signing: Signing | None = None,
        audit: Held | None = None,
        rules: DeskRules | None = None,
    ) -> None:
        """Build every part; `locales` holds the languages, `shelf` what is published, `told` takes
        what people say of listings to those who keep them. Without a
        shelf a demonstration serves what the packs say, and everybody else nothing. With `signing`
        there is a desk where humans answer; `audit` hears what they do. Raises
        `Mistakes`, `KeyRingError`, `StoreError` or `LedgerError`, each with its mend.
        """
        self.settings, self.demo = settings, demo
        atlas = read_atlas(settings.countries)
        self.directory = atlas.served
        self.serving = Serving(shelf, self.directory, clock, demo=demo)
        self.speech = read_speech(locales)
        check_language(settings.language, self.speech)
        words = vocabulary_of(atlas, self.speech)
        # All that a vocabulary may differ in is how it is written out.
        script = once(("script", repr(words)), LIBRARY, lambda: read_script(LIBRARY, words))
        self.ring, self.figures = open_ring(settings, clock, demo=demo), Figures(clock)
        place = database_of(settings, "quietline")
        self.store = Store.open(place)
        self.vault = vault = Vault(self.ring)
        vouch = None if signing is None else Vouch(signing)
        domain = counted_in(atlas.served, self.speech)
        self.tally = Tally(self.store, vault, self.ring, domain, vouch=vouch)
        self.slips = open_slips(
            *(settings.slips, signing, self.store, self.ring, locales),
            listings=worded(lambda: self.serving.live, self.speech.packs),
            needs=atlas.served.needs.values(),
            noted=nowhere if told is None else told.by_service,
            tally=self.tally,
        )
        script = script if self.slips else without_slips(script)
        self.table = made_once("table", (script,), partial(Table, script))
        self._replicas = Replicas(place)
        self.wording = make_wording(
            script,
            atlas.every,
            self.speech,
            lambda: self.serving.live,
            datetime.fromtimestamp(clock(), UTC),
            facts=promised(settings),
            language=settings.language,
        )
        self.lexicon = read_lexicon(script, atlas.every, self.speech)
        self.human = (
            None
            if signing is None
            else Human.open(
                *(self.store, vault, self.ring, clock, signing, locales),
                audit=audit or untold,
                rules=rules,
                holidays=holidays_in(atlas.served.files),
                leads=self._replicas.leads,
            )
        )
        self.footprints = Footprints(self.store, vault, self.ring.live, clock)
        self.turns = Turns(
            table=self.table,
            lexicon=self.lexicon,
            wording=self.wording,
            vault=vault,
            epochs=self.ring.live,
            store=self.store,
            errands=errands(
                lambda: self.serving.live,
                atlas.served.country_codes,
                noted=nowhere if told is None else told.noted,
                unmet=nowhere if told is None else told.unmet,
            ),
            clock=clock,
            language=settings.language,
            footprints=self.footprints,
            look=self.serving.look,
            hands=None if self.human is None else self._hands(self.human),
            tally=self.tally,
            within={} if self.slips is None else self.slips.within,
        )
        self._told = told
        self._carrying = Carrying(self._pump, self._replicas)
        self._news = News(self.human, self.take, self._carrying, self._replicas)
        self._writer: Writer | None = None
        others: list[Sweep] = [partial(settle, self.tally)]
        if self.human is not None:
            others.append(self.human.sweep)
        if (slips := self.slips) is not None:
            others.append(lambda _: slips.sweep())
        upkeep = Upkeep(settings.data)
        self._due = Sweeping(self.ring, self.store, others, self.figures, upkeep)
        self._sweeping: asyncio.Task[None] | None = None
        self._ticking: asyncio.Task[None] | None = None

    @property
    def live(self) -> Live:
        """What is served now."""
        return self.serving.live

    async def start(self) -> None:
        """Begin to take turns and to sweep."""
        await asyncio.to_thread(self.sweep)
        self.serving.start()
        if self.slips and (missing := unlisted(self.settings.slips, self.serving.live.ids())):
            report.alarm("slips_not_published", count=len(missing))
        if self._told is not None:
            self._told.start()
        self._writer = Writer(self.figures.timed(taken_again(self.turns.take, self.ring.refresh)))
        self._writer.start()
        self._sweeping = asyncio.create_task(self._due.run())
        self._news.start()
        if self.human is not None:
            self._ticking = asyncio.create_task(self.human.run())

    async def stop(self) -> None:
        """Finish the turns that were handed in and let go of the files."""
        await self.stop_carrying()
        await ended(self._sweeping)
        await ended(self._ticking)
        await self._news.stop()
        if self._writer is not None:
            await self._writer.stop()
        if self._told is not None:
            await asyncio.to_thread(self._told.stop)
        await asyncio.to_thread(self.serving.stop)
        await asyncio.to_thread(self._replicas.close)
        await asyncio.to_thread(self.store.close)
        await asyncio.to_thread(self.ring.close)

    async def take(self, incoming: Incoming) -> Outgoing | None:
        """One turn, durable when it returns. Raises `Unavailable`."""
        answer = await self.writer.hand_in(incoming)
        if incoming.push and answer.box is not None:
            self._carrying.waits()
        elif incoming.push and answer.outgoing is not None:
            # A turn that broke has no reply in the outbox: what helps now is sent all the same.
            await self._carrying.deliver(incoming.address, answer.outgoing)
        return answer.outgoing

    def carries(self) -> bool:
        """Whether this process sends, asks and clears for all replicas: one alone should."""
        return self._replicas.carries()

    def carry(self, channel: str, deliver: Deliver, ready: Ready = lambda _: 0.0) -> None:
        """From now on send the replies of this channel, those from before a restart first.
        `ready`: how soon one to somebody could leave.
        """
        self._carrying.carry(channel, self.figures.carried(deliver), ready)

    def wake_on(self, channel: str, wake: Wake) -> None:
        """From now on say so when something changed in the chat of a person of this channel, who
        comes for it by themselves.
        """
        self._news.wakes[channel] = wake

    def sign_on(self, channel: str, sign: Wake) -> None:
        """From now on say so when an operator is writing to a person of this channel."""
        self._news.signs[channel] = sign

    def _hands(self, human: Human) -> Handing:
        return Handing(
            human,
            Page(human, *(self.lexicon.words_for(command) for command in ("leave", "help_now"))),
        )

    async def stop_carrying(self) -> None:
        """Leave what is not sent yet in the outbox."""
        await self._carrying.stop()

    def _pump(self, deliver: Deliver, ready: Ready, carries: Callable[[], bool]) -> Pump:
        return Pump(
            *(self.store, self.vault, self.wording, self.turns.clock, deliver),
            look=self.serving.look,
            passed=(lambda *_: None) if self.human is None else self.human.taken_out,
            mine=carries,
            ready=ready,
            at_once=1,
        )

    async def talk(self, address: Address, asked: TalkAsked) -> TalkTold:
        """What a page that seals for itself asks and says. Raises `Unavailable`."""
        if isinstance(asked, Typing):
            self._news.typing(address)
            return TalkTold("none")
        told = (await self.writer.hand_in(Talk(address, asked))).told
        if told is None:
            raise Unavailable
        return told

    async def look(self, address: Address, language: str) -> Outgoing:
        """What was last said, again. Raises `Unavailable`."""
        answer = await self.writer.hand_in(Look(address, language))
        return answer.outgoing or self.wording.emergency(language)

    def emergency(self, language: str) -> Outgoing:
        """Where to get help now; needs no store."""
        return self.wording.emergency(language)

    @property
    def writer(self) -> Writer:
        """The one writer. Raises `RuntimeError` before `start`."""
        if self._writer is None:
            raise RuntimeError("the service was not started")
        return self._writer

    def sweep(self) -> None:
        """Destroy the keys that are due, then delete the rows that nothing can open any more."""
        self._due.sweep()
