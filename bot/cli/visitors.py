"""Scripted visitors for a demonstration, so that one person can try the desk alone.

They talk to the service as a page without JavaScript does, through the same door as everyone: they
ask for a person, wait, write, and answer what an operator writes. They are plainly made up and say
nothing that happened to anyone.
"""

import asyncio
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import cycle
from typing import Final

from bot import report
from bot.app import Service
from bot.channels.contract import Address, Heard, Incoming, Outgoing, Pressed, Words
from bot.handoff.hours import Weekly
from bot.human import Human

BETWEEN_SECONDS: Final = 6.0
"""From one visitor to the next."""
LOOK_SECONDS: Final = 1.0
AT_ONCE: Final = 8
"""Visitors that are there at the same time; when one goes, another comes."""
ASK: Final = "!human"
WAY_IN: Final = ("wait", "yes", "noted")
"""Choices that lead from the question to a place in line, whether the desk is open or not."""
LIKE_A_PERSON: Final = (2.0, 5.0)
"""Seconds that a visitor takes to write."""


@dataclass(frozen=True, slots=True)
class Visitor:
    """Somebody made up."""

    language: str
    need: str
    """What they write first: a need and a place, which the guide understands."""
    lines: tuple[str, ...]
    """What they write to a person: the first while they wait, each other as an answer."""


VISITORS: Final = (
    Visitor(
        "uk",
        "потрібен юрист, Харківська область",
        (
            "Добрий вечір. Мені потрібна порада щодо документів.",
            "Дякую, що відповіли.",
            "Так, я можу зачекати.",
            "Зрозуміло. Куди краще звернутися спочатку?",
            "Дякую, це допомогло.",
        ),
    ),
    Visitor(
        "uk",
        "мені потрібен психолог, Київ",
        (
            "Вітаю. Мені важко засинати, хочу з кимось поговорити.",
            "Дякую. Мені вже трохи легше від того, що хтось є.",
            "Так, давайте спробуємо подихати разом.",
            "Дякую вам.",
        ),
    ),
    Visitor(
        "ru",
        "нужен врач, Одесса",
        (
            "Здравствуйте. Подскажите, куда можно прийти без записи?",
            "Спасибо. А это бесплатно?",
            "Хорошо, я запишу номер.",
            "Спасибо большое.",
        ),
    ),
    Visitor(
        "en",
        "a safe place to stay, Lviv",
        (
            "Hello. Is there a place where I can stay with a child?",
            "Thank you. What do I need to bring?",
            "That is clear. Thank you.",
        ),
    ),
    Visitor(
        "fr",
        "soins médicaux, Nord-Kivu",
        (
            "Bonjour. Je cherche un centre de santé pas trop loin.",
            "Merci. Est-ce que c'est ouvert demain ?",
            "Merci beaucoup.",
        ),
    ),
    Visitor(
        "es",
        "ayuda legal, Bogotá",
        (
            "Hola. Quisiera saber cómo registrarme.",
            "Gracias. ¿Puedo ir con otra persona?",
            "Muchas gracias.",
        ),
    ),
    Visitor(
        "lt",
        "reikia psichologo, Vilnius",
        (
            "Laba diena. Norėčiau su kuo nors pasikalbėti.",
            "Ačiū, kad atsakėte.",
            "Ačiū, to užtenka.",
        ),
    ),
    Visitor(
        "az",
        "hüquqi yardım, Bakı",
        (
            "Salam. Mənə sənədlərlə bağlı məsləhət lazımdır.",
            "Təşəkkür edirəm. Sonra nə edim?",
            "Çox sağ olun.",
        ),
    ),
)


class Visitors:
    """Visitors who come one after another until they are sent home."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """From now on they come."""
        self._task = asyncio.create_task(self._come())

    async def stop(self) -> None:
        """All go home."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def _come(self) -> None:
        if self._service.human is not None:
            await asyncio.to_thread(open_desk, self._service.human)
        there: set[asyncio.Task[None]] = set()
        try:
            for visitor in _for_ever():
                while len(there) >= AT_ONCE:
                    _, there = await asyncio.wait(there, return_when=asyncio.FIRST_COMPLETED)
                there.add(asyncio.create_task(_visit(self._service, visitor)))
                await asyncio.sleep(BETWEEN_SECONDS)
        finally:
            for one in there:
                one.cancel()


def open_desk(human: Human) -> None:
    """Hours for every language, so that people can wait also while nobody is on shift yet."""
    wanted = {visitor.language for visitor in VISITORS} - set(human.opening.languages())
    if wanted:
        human.opening.save("demo", dict.fromkeys(sorted(wanted), 0), Weekly(rules="24/7"))


def _for_ever() -> Iterator[Visitor]:
    return cycle(VISITORS)


async def _visit(service: Service, visitor: Visitor) -> None:
    try:
        await _Talk(service, visitor).run()
    except Exception as error:  # noqa: BLE001 - a made-up visitor must not end the demonstration
        report.alarm("visitor_failed", error)


class _Talk:
    """One visit."""

    def __init__(self, service: Service, visitor: Visitor) -> None:
        self._service, self._visitor = service, visitor
        self._address = Address("web", "web", secrets.token_bytes(32), secrets.token_bytes(32))
        self._number = 0

    async def run(self) -> None:
        """Ask, wait, write, answer, go."""
        await self._take(Words(self._visitor.need))
        out = await self._take(Pressed(ASK, ""))
        for key in WAY_IN:
            if any(option.key == key for option in out.options):
                out = await self._take(Pressed(key, out.mark))
        first, *answers = self._visitor.lines
        said = False
        heard = 0
        while True:
            out = await self._service.look(self._address, self._visitor.language)
            if out.chat is None or (said and not out.chat.can_write):
                return
            if not said and out.chat.can_write:
                await self._write(first)
                said = True
            theirs = [line for line in out.chat.lines if line.by == "them"]
            if len(theirs) > heard:
                heard = len(theirs)
                if answers:
                    await asyncio.sleep(secrets.SystemRandom().uniform(*LIKE_A_PERSON))
                    await self._write(answers.pop(0))
            await asyncio.sleep(LOOK_SECONDS)

    async def _write(self, text: str) -> None:
        await self._take(Words(text))

    async def _take(self, heard: Heard) -> Outgoing:
        self._number += 1
        incoming = Incoming(
            self._address, heard, once=f"{self._number}", language=self._visitor.language
        )
        out = await self._service.take(incoming)
        return out or await self._service.look(self._address, self._visitor.language)
