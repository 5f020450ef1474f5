"""Delivers updates to a webhook: one at a time of each chat, many chats at once, again until it
answers 2xx. It must not reorder what one chat said.
"""

import asyncio
import contextlib
import json
import re
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Final
from urllib.parse import urlsplit

from aiohttp import ClientError, ClientSession, ClientTimeout

from tests.botapi.bell import Bell
from tests.botapi.refusals import bad
from tests.botapi.updates import Update, Updates

SECRET_HEADER: Final = "X-Telegram-Bot-Api-Secret-Token"
SECRET: Final = re.compile(r"[A-Za-z0-9_-]{1,256}")
PORTS: Final = frozenset({443, 80, 88, 8443})
LOCAL: Final = frozenset({"127.0.0.1", "localhost", "::1"})
"""Reached by plain http on any port, as a Bot API server of one's own allows it."""


@dataclass(frozen=True, slots=True)
class Target:
    """Where to."""

    url: str
    secret: str = ""
    most_at_once: int = 40


@dataclass(frozen=True, slots=True)
class Delivery:
    """One try. `status` is 0 when there was no answer."""

    update: int
    status: int


class Webhook:
    """The sender of updates of one bot."""

    def __init__(self, updates: Updates, bell: Bell, retry_seconds: float) -> None:
        """`retry_seconds`: the first wait after a refusal; it doubles up to 32 times that."""
        self.target: Target | None = None
        self.deliveries: list[Delivery] = []
        self.seconds = 60.0
        """How long an answer is waited for."""
        self._updates, self._bell, self._retry = updates, bell, retry_seconds
        self._sending: dict[Update, asyncio.Task[None]] = {}
        self._session: ClientSession | None = None
        self._runner: asyncio.Task[None] | None = None
        self._error = ""
        self._error_at = 0.0

    @property
    def is_set(self) -> bool:
        """Whether updates go to a webhook."""
        return self.target is not None

    async def start(self) -> None:
        """Begin to deliver whatever there is to deliver."""
        self._session = ClientSession()
        self._runner = asyncio.create_task(self._run())

    async def stop(self) -> None:
        """End all deliveries."""
        for task in (*self._sending.values(), *([self._runner] if self._runner else [])):
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task
        if self._session is not None:
            await self._session.close()

    def set(self, params: dict[str, Any]) -> None:
        """`setWebhook`. Raises `Refused`."""
        url = str(params.get("url") or "")
        if not url:
            self.unset()
            return
        parts = urlsplit(url)
        if parts.hostname not in LOCAL:
            if parts.scheme != "https":
                raise bad("bad webhook: An HTTPS URL must be provided for webhook")
            if (parts.port or 443) not in PORTS:
                raise bad("bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443")
        secret = str(params.get("secret_token") or "")
        if secret and not SECRET.fullmatch(secret):
            raise bad("secret token contains unallowed characters")
        most = int(params.get("max_connections") or 40)
        self.target = Target(url, secret, min(100, max(1, most)))
        self._bell.ring()

    def unset(self) -> None:
        """`deleteWebhook`. What is under way is ended and stays in the queue."""
        self.target = None
        for task in self._sending.values():
            task.cancel()
        self._bell.ring()

    def info(self) -> dict[str, Any]:
        """`getWebhookInfo`."""
        told: dict[str, Any] = {
            "url": self.target.url if self.target else "",
            "has_custom_certificate": False,
            "pending_update_count": len(self._updates.waiting),
        }
        if self.target:
            told["max_connections"] = self.target.most_at_once
        if self._error:
            told |= {"last_error_date": int(self._error_at), "last_error_message": self._error}
        if self._updates.allowed:
            told["allowed_updates"] = list(self._updates.allowed)
        return told

    async def post(self, body: bytes, *, secret: str | None = None) -> int:
        """Send any bytes to the webhook, past the queue; gives the status, 0 without an answer.

        `secret`: what to send instead of the right one.
        """
        if self.target is None or self._session is None:
            raise AssertionError("no webhook is set")
        headers = {"Content-Type": "application/json"}
        known = self.target.secret if secret is None else secret
        if known:
            headers[SECRET_HEADER] = known
        try:
            async with self._session.post(
                self.target.url,
                data=body,
                headers=headers,
                timeout=ClientTimeout(total=self.seconds),
                allow_redirects=False,
            ) as answer:
                await answer.read()
                return answer.status
        except (ClientError, OSError, TimeoutError):
            return 0

    async def _run(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            rest = self._begin(loop.time())
            try:
                async with asyncio.timeout(rest):
                    await self._bell.heard()
            except TimeoutError:
                continue

    def _begin(self, now: float) -> float | None:
        """Send all that may be sent now; gives the seconds until the next one may be."""
        self._updates.expire()
        if self.target is None:
            return None
        busy = {one.chat for one in self._sending}
        rest: float | None = None
        for one in self._updates.waiting:
            if len(self._sending) >= self.target.most_at_once:
                break
            if one in self._sending or one.chat in busy:
                continue
            busy.add(one.chat)
            if one.not_before > now:
                left = one.not_before - now
                rest = left if rest is None else min(rest, left)
                continue
            self._sending[one] = asyncio.create_task(self._deliver(one))
        return rest

    async def _deliver(self, update: Update) -> None:
        try:
            update.tries += 1
            body = json.dumps(update.json(), ensure_ascii=False).encode("utf-8", "replace")
            status = await self.post(body)
            self.deliveries.append(Delivery(update.id, status))
            if 200 <= status < 300:
                self._updates.confirm([update])
                return
            said = HTTPStatus(status).phrase if status in set(HTTPStatus) else "Connection failed"
            self._error = f"Wrong response from the webhook: {status} {said}"
            self._error_at = update.at
            wait = self._retry * min(32, 2 ** (update.tries - 1))
            update.not_before = asyncio.get_running_loop().time() + wait
        finally:
            self._sending.pop(update, None)
            self._bell.ring()
