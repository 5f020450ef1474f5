"""Files as people bring them to the console, and what the console answers."""

from typing import Any

from aiohttp import FormData

from tests.console_frame.visitors import Visitor
from tests.exchange.files import GOOD, csv_of

MISTAKES = (
    {"Name": ""},
    {"Needs": "legal.advise"},
    {"Area": "Kharkov oblst"},
    {"Phone": "044 123 45 67, 050 123 45 67"},
    {"Languages": "Ukrainan"},
    {"Source date": "1/7/2026"},
    {"Email": "help at example.org"},
    {"Website": "example.org"},
    {"Women": "perhaps"},
    {"Summary": "x" * 300},
)
"""Ten mistakes, each in the column that it names."""


def ten_mistakes() -> list[dict[str, str]]:
    """A row for each of them, all else in it good."""
    named = [f"Service of mistake {place}" for place in range(10)]
    return [
        GOOD
        | {"Name": name, "Назва": "", "Phone": f"+38044000010{place}"}
        | {"Organisation": f"Organisation {place} (example)", "Організація": ""}
        | wrong
        for place, (name, wrong) in enumerate(zip(named, MISTAKES, strict=True))
    ]


def row(name: str, **cells: str) -> dict[str, str]:
    """A good row about another service than every other row."""
    told = {key.replace("__", " "): value for key, value in cells.items()}
    own = {"Name": name, "Назва": "", "Organisation": f"{name} (example)", "Організація": ""}
    page = name.lower().replace(" ", "-")
    return GOOD | own | {"Source": f"https://{page}.example.org/about"} | told


async def bring(
    who: Visitor, data: bytes | str | list[dict[str, str]], name: str = "services.csv", **more: Any
) -> tuple[int, str, str]:
    """Uploads a file: status, where it leads, and the page that came."""
    if isinstance(data, list):
        data = csv_of(data)
    form = FormData()
    form.add_field("token", who.token)
    for key, value in more.items():
        form.add_field(key, value)
    sent = data.encode() if isinstance(data, str) else data
    form.add_field("file", sent, filename=name, content_type="application/octet-stream")
    async with who.http.post(
        f"{who.url}/imports", data=form, headers=who.headers(), allow_redirects=False
    ) as answer:
        return answer.status, answer.headers.get("Location", ""), await answer.text()


async def lead(who: Visitor, path: str, data: Any = None, **fields: str) -> str:
    """Sends a form that leads on; gives where."""
    answer = await who.post(path, data, **fields)
    assert answer.status == 303, await answer.text()
    return answer.headers["Location"]


async def fetch(who: Visitor, path: str, fields: list[tuple[str, str]]) -> tuple[str, bytes]:
    """Sends a form that is answered with a file; its name as the browser is told it, and it."""
    pairs = [("token", who.token), *fields]
    async with who.http.post(who.url + path, data=pairs, headers=who.headers()) as answer:
        return answer.headers.get("Content-Disposition", ""), await answer.read()
