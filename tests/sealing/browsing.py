"""What the tests of the scripts say to the browser, and how bytes go there and back."""

import base64
from typing import Any, Final

from playwright.async_api import Page

from bot.sealing import Context, Pair

START: Final = """async (given) => {
  const s = await import("/sealing.js"), r = await import("/roster.js");
  const un = s.fromBase64, refused = async (act) => {
    try { await act(); return "taken"; }
    catch (error) { return error.code ?? error.constructor.name; }
  };
  const context = (one) => ({ ...one, chat: un(one.chat) });
  const pair = (one) => s.importPair(one.suite, un(one.private), un(one.public));
"""


def b64(raw: bytes) -> str:
    return base64.b64encode(raw).decode()


def place(context: Context) -> dict[str, Any]:
    return {
        "chat": b64(context.chat),
        "direction": context.direction,
        "number": context.number,
    }


def halves(pair: Pair) -> dict[str, Any]:
    return {"suite": pair.suite, "private": b64(pair.private), "public": b64(pair.public)}


async def run(page: Page, body: str, given: Any = None) -> Any:
    return await page.evaluate(START + body + "}", given)
