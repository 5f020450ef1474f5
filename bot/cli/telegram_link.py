"""The Telegram channel with everything it needs, started and stopped with the service.

It decides nothing at run time: it reads the token, puts the parts together, and says what is wrong
with the settings before anything listens.
"""

import asyncio
import contextlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from aiohttp import web
from telegram.error import InvalidToken, TelegramError

from authored import Mistake, Mistakes
from bot import report
from bot.app import Service
from bot.channels.telegram import Telegram
from bot.channels.telegram_contract import CHANNEL, TelegramSettings
from bot.channels.telegram_polling import POLL_SECONDS, Polling
from bot.channels.telegram_request import Connection, Token
from bot.channels.telegram_sending import Patience
from bot.channels.telegram_webhook import Webhook
from bot.channels.web_server import WebRunner
from bot.clearing import LOOK_SECONDS, Clearing, least_keep_hours
from bot.dialogue.hear import is_urgent
from bot.seals import ButtonSeal
from bot.settings import Settings

PLACE = "the settings"


@dataclass(frozen=True, slots=True)
class Times:
    """Seconds, and a number of messages; others only where nobody waits: tests, demonstration."""

    poll: int = POLL_SECONDS
    read: float = 20.0
    fade: float = 60.0
    sweep: float = LOOK_SECONDS
    burst: int = 40
    patience: Patience = field(default_factory=Patience)


class TelegramLink:
    """The channel of one bot. Make and `start` it after the service started, `stop` it before."""

    def __init__(self, service: Service, token: Token, times: Times | None = None) -> None:
        """Nothing is sent yet."""
        settings, speech = service.settings, service.speech
        self._service, self._settings, self._times = service, settings, times or Times()
        self.connection = Connection(
            token, settings.telegram_api_base, read_seconds=self._times.read
        )
        self._clearing = Clearing(
            service.footprints,
            service.writer.hand_in,
            CHANNEL,
            token.bot_id,
            settings.telegram_clear_hours,
            service.carries,
        )
        codes = [one.code for one in speech.languages]
        self.channel = Telegram(
            self.connection.bot,
            token.bot_id,
            service,
            TelegramSettings(
                languages=tuple(sorted(codes, key=lambda code: code != settings.language)),
                public_url=settings.public_url,
                clear_hours=settings.telegram_clear_hours,
                fade_seconds=self._times.fade,
                burst=self._times.burst,
            ),
            seal=ButtonSeal(service.vault, service.ring.live, CHANNEL, token.bot_id),
            footprints=self._clearing,
            say=self._say,
            urgent=lambda text: is_urgent(service.lexicon, text),
            patience=self._times.patience,
        )
        self.webhook = Webhook(token, self.channel.take)
        self._tasks: list[asyncio.Task[None]] = []
        self._runner: WebRunner | None = None

    def attach(self, page: web.Application) -> None:
        """Listen for the webhook in this application, unless it has a port of its own. Call it
        before the application runs.
        """
        settings = self._settings
        if settings.telegram_mode == "webhook" and settings.telegram_webhook_port is None:
            self.webhook.add_to(page)

    async def start(self) -> None:
        """Begin to send, to clear and to hear. Raises `Mistakes` when the token is refused."""
        await self.connection.open()
        await self._introduce()
        channel, settings = self.channel, self._settings
        self._service.carry(CHANNEL, channel.deliver, channel.ready)
        self._service.sign_on(CHANNEL, channel.typing)
        self._tasks.append(asyncio.create_task(self._clearing.run(channel, self._times.sweep)))
        if settings.telegram_mode == "polling":
            polling = Polling(
                self.connection,
                channel.take,
                poll_seconds=self._times.poll,
                patience=self._times.patience,
                carries=self._service.carries,
                urgent=channel.is_urgent,
            )
            self._tasks.append(asyncio.create_task(polling.run()))
        elif settings.telegram_webhook_port is not None:
            await self._listen(settings.telegram_webhook_port)
        report.note("telegram_ready", part=settings.telegram_mode)

    async def stop(self) -> None:
        """Hear no more, leave the rest in the outbox, send what is under way."""
        if self._runner is not None:
            await self._runner.cleanup()
        for task in self._tasks:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task
        await self._service.stop_carrying()
        await self.channel.stop()
        await self.connection.close()

    async def _introduce(self) -> None:
        """Ask who we are: a token that was mistyped is told at once, an outage is lived through."""
        try:
            await self.connection.bot.get_me()
        except InvalidToken:
            await self.connection.close()
            mend = "Ask BotFather for it again: /mybots, your bot, API Token."
            raise Mistakes([Mistake(PLACE, 0, 0, "Telegram refuses the token", mend)]) from None
        except TelegramError as error:
            report.alarm("telegram_not_reached", error)

    def _say(self, language: str, key: str, fields: Mapping[str, str]) -> str:
        return self._service.speech.phrases[language](key, **fields)

    async def _listen(self, port: int) -> None:
        app = web.Application()
        self.webhook.add_to(app)
        self._runner = WebRunner(app)
        await self._runner.setup()
        await web.TCPSite(self._runner, self._settings.web_host, port).start()
        report.note("webhook_listening", port=self._runner.addresses[0][1])


def token_in(settings: Settings) -> Token | None:
    """The token that is set; None when Telegram is not wanted. Raises `Mistakes`, without it."""
    if settings.telegram_mode == "off":
        return None
    written, file = settings.telegram_token, settings.telegram_token_file
    if written is not None and file is not None:
        raise _mistake("there are two tokens", "Set telegram_token or telegram_token_file.")
    if file is not None:
        text = _read(file)
    elif written is not None:
        text = written.get_secret_value()
    else:
        return None
    least = least_keep_hours(settings.telegram_clear_hours)
    if settings.keep_hours < least:
        said = f"keep_hours is {settings.keep_hours}, and Telegram needs {least}"
        raise _mistake(said, "Raise keep_hours, or lower telegram_clear_hours.")
    try:
        return Token(text)
    except ValueError as error:
        raise _mistake(f"the token {error}", "Copy it whole from BotFather.") from None


def _read(file: Path) -> str:
    try:
        mode = file.stat().st_mode
        text = file.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        kind = error.strerror if isinstance(error, OSError) else "it is not text"
        raise _mistake(f"{file}: {kind}", "Name a file that holds the token alone.") from None
    if mode & 0o077:
        raise _mistake(f"{file} can be read by others", f"chmod 600 {file}")
    return text


def _mistake(said: str, mend: str) -> Mistakes:
    return Mistakes([Mistake(PLACE, 0, 0, said, mend)])
