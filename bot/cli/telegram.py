"""`quietline telegram`: tell Telegram where to bring updates, and look how that goes.

It shows nothing that is secret: of the webhook's address only its host, and never the token.
"""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from urllib.parse import urlsplit

import typer

from authored import Mistake, Mistakes
from bot.settings import Settings, read_settings

if TYPE_CHECKING:
    from bot.channels.telegram_request import Connection

telegram_app = typer.Typer(
    help="The Telegram bot: where its updates go, and how that goes.", no_args_is_help=True
)
Settings_ = Annotated[Path | None, typer.Option("--settings", help="A settings file in YAML.")]
MOST_CONNECTIONS = 40


@telegram_app.command("set-webhook")
def set_webhook(
    url: Annotated[str, typer.Argument(help="Where Telegram reaches this service: https://…")] = "",
    settings: Settings_ = None,
) -> None:
    """Have Telegram bring updates to the webhook. What waits there is kept."""
    known = read_settings(settings)
    base = url or known.telegram_webhook_url or known.public_url
    if not base:
        raise _mistake("no address is set", "Name it here, or set telegram_webhook_url.")
    base = base.rstrip("/")

    async def set_it(connection: "Connection") -> None:
        from bot.channels.telegram_reading import ALLOWED_UPDATES
        from bot.channels.telegram_webhook import path_of, secret_of

        await connection.bot.set_webhook(
            base + path_of(connection.token),
            secret_token=secret_of(connection.token),
            allowed_updates=list(ALLOWED_UPDATES),
            max_connections=MOST_CONNECTIONS,
            drop_pending_updates=False,
        )
        print(f"Telegram now brings updates to {_host(base)}.")
        if known.telegram_mode != "webhook":
            print("Set QUIETLINE_TELEGRAM_MODE=webhook too: polling would take its place again.")

    _with_telegram(known, set_it)


@telegram_app.command("delete-webhook")
def delete_webhook(settings: Settings_ = None) -> None:
    """Have Telegram bring updates nowhere, so that they can be asked for. What waits is kept."""

    async def delete_it(connection: "Connection") -> None:
        await connection.bot.delete_webhook(drop_pending_updates=False)
        print("There is no webhook any more. QUIETLINE_TELEGRAM_MODE=polling takes updates now.")

    _with_telegram(read_settings(settings), delete_it)


@telegram_app.command("info")
def info(settings: Settings_ = None) -> None:
    """Say which bot it is, where its updates go, and what went wrong last."""

    async def tell(connection: "Connection") -> None:
        me = await connection.bot.get_me()
        hook = await connection.bot.get_webhook_info()
        print(f"Bot:       {me.first_name} (@{me.username}, number {me.id})")
        print(f"Groups:    {'can be added: turn off in BotFather' if me.can_join_groups else 'no'}")
        print(f"Webhook:   {_host(hook.url) if hook.url else 'none: updates are asked for'}")
        print(f"Waiting:   {hook.pending_update_count}")
        if hook.last_error_date and hook.last_error_message:
            age = datetime.now(UTC) - hook.last_error_date
            print(
                f"Last fault: {hook.last_error_message} ({int(age.total_seconds() // 60)} min ago)"
            )

    _with_telegram(read_settings(settings), tell)


def _with_telegram(settings: Settings, work: "Callable[[Connection], Awaitable[None]]") -> None:
    """Run it with a connection. Raises `Mistakes` with what Telegram said, never the token."""
    from telegram.error import InvalidToken, TelegramError

    from bot import report
    from bot.channels.telegram_request import Connection
    from bot.cli.telegram_link import token_in

    report.set_up()
    token = token_in(settings)
    if token is None:
        raise _mistake(
            "no token is set", "Set QUIETLINE_TELEGRAM_TOKEN_FILE; see docs/telegram.md."
        )

    async def run() -> None:
        connection = Connection(token, settings.telegram_api_base)
        await connection.open()
        try:
            await work(connection)
        finally:
            await connection.close()

    try:
        asyncio.run(run())
    except InvalidToken:
        mend = "Ask BotFather for it again: /mybots, your bot, API Token."
        raise _mistake("Telegram refuses the token", mend) from None
    except TelegramError as error:
        mend = "Look at the network, and at telegram_api_base."
        raise _mistake(f"Telegram said: {error.message}", mend) from None


def _host(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}/…"


def _mistake(said: str, mend: str) -> Mistakes:
    return Mistakes([Mistake("telegram", 0, 0, said, mend)])
