"""What stays open ends with the session that opened it, and takes nothing from strangers."""

import asyncio
from collections.abc import Callable

import pytest
from aiohttp import ClientWebSocketResponse, WSMsgType, WSServerHandshakeError

from tests.console_frame.visitors import Clock, Console, Visitor


async def line(visitor: Visitor, **headers: str) -> ClientWebSocketResponse:
    head = {"Origin": visitor.url, **headers}
    return await visitor.http.ws_connect(f"{visitor.url}/live", headers=head)


async def told(stream: ClientWebSocketResponse) -> str:
    """The word that comes, and then the end; or the test ends it."""
    async with asyncio.timeout(5):
        message = await stream.receive()
        assert (await stream.receive()).type in {WSMsgType.CLOSE, WSMsgType.CLOSED}
    return str(message.data)


ENDINGS: dict[str, Callable[[Console, Visitor], object]] = {
    "revoked": lambda c, v: c.office.book.accounts.revoke(_id(v)),
    "reset": lambda c, v: c.office.book.accounts.reset(_id(v)),
    "other roles": lambda c, v: c.office.book.accounts.set_roles(_id(v), ["viewer"], []),
    "signed out everywhere": lambda c, v: c.office.book.sessions.end_others(_id(v)),
}


def _id(visitor: Visitor) -> str:
    assert visitor.staff is not None
    return visitor.staff.id


@pytest.mark.parametrize("ending", ENDINGS)
async def test_an_open_page_learns_within_a_second_that_it_is_over(
    console: Console, ending: str
) -> None:
    anna = await console.someone("Anna Example", "editor")
    boris = await console.someone("Boris Example", "editor")
    hers, his = await line(anna), await line(boris)
    await asyncio.to_thread(ENDINGS[ending], console, anna)
    assert await told(hers) == "over"
    assert not his.closed
    await anna.get("/", status=303)
    await his.close()


async def test_an_open_page_that_nobody_looks_at_does_not_keep_the_session_alive(
    console: Console, clock: Clock
) -> None:
    anna = await console.someone("Anna Example", "editor")
    clock.now += 10 * 60
    stream = await line(anna)
    clock.now += 5 * 60
    console.office.book.sessions.end(b"somebody else's")
    assert await told(stream) == "over"


async def test_asking_whether_it_is_over_is_no_sign_of_life(console: Console, clock: Clock) -> None:
    anna = await console.someone("Anna Example", "editor")
    for _ in range(2):
        clock.now += 7 * 60
        await anna.get("/live", status=204)
    clock.now += 60
    await anna.get("/live", status=303)


async def test_typing_keeps_the_session_alive(console: Console, clock: Clock) -> None:
    anna = await console.someone("Anna Example", "editor")
    for _ in range(3):
        clock.now += 10 * 60
        await anna.get("/here", status=204)
    await anna.get("/")


async def test_another_site_opens_no_line_and_neither_does_a_stranger(console: Console) -> None:
    anna = await console.someone("Anna Example", "editor")
    with pytest.raises(WSServerHandshakeError) as refused:
        await line(anna, Origin="https://evil.example")
    assert refused.value.status == 403
    with pytest.raises(WSServerHandshakeError):
        await line(console.browser())


async def test_a_line_takes_no_flood(console: Console) -> None:
    anna = await console.someone("Anna Example", "editor")
    stream = await line(anna)
    for _ in range(30):
        await stream.send_str("x")
    async with asyncio.timeout(5):
        assert (await stream.receive()).type in {WSMsgType.CLOSE, WSMsgType.CLOSED}
    large = await line(anna)
    await large.send_str("x" * 2000)
    async with asyncio.timeout(5):
        assert (await large.receive()).type in {WSMsgType.CLOSE, WSMsgType.CLOSED}


async def test_one_browser_opens_twenty_lines_and_no_more(console: Console) -> None:
    anna = await console.someone("Anna Example", "editor")
    lines = [await line(anna) for _ in range(20)]
    with pytest.raises(WSServerHandshakeError):
        await line(anna)
    for one in lines:
        await one.close()
