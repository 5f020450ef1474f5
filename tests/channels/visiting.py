"""What a browser does on the page: reads it, sends a form."""

from http import HTTPStatus

import aiohttp

from tests.channels.html import Page


async def read(browser: aiohttp.ClientSession, path: str = "/") -> Page:
    async with browser.get(path) as answer:
        assert answer.status == HTTPStatus.OK
        return Page(await answer.text())


async def send(
    browser: aiohttp.ClientSession, data: dict[str, str], **headers: str
) -> aiohttp.ClientResponse:
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    async with browser.post("/", data=data, headers=names, allow_redirects=False) as answer:
        await answer.read()
        return answer
