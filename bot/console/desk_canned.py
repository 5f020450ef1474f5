"""What operators can put into a chat with two keys: fixed texts, one file, read once.

It decides that nothing is offered that says nothing in English, the source of every translation. It
must not know any chat.
"""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Final

from pydantic import BaseModel, ConfigDict, Field, RootModel

from authored import read_file, shape
from bot.console.said import ENGLISH

FILE: Final = Path(__file__).parent / "canned.yaml"


class Canned(BaseModel):
    """One text in the languages it has been translated to."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    slash: str = Field(pattern="^[a-z]{2}$")
    name: dict[str, str]
    texts: dict[str, str]


class _File(RootModel[dict[str, Canned]]):
    pass


@cache
def canned(file: Path = FILE) -> Mapping[str, Canned]:
    """Code → text, in the order of the file. Raises `Mistakes`."""
    return shape(_File, read_file(file)).root


def offered(language: str) -> list[dict[str, object]]:
    """All of them for a page; their names in its language."""
    return [
        {
            "code": code,
            "slash": one.slash,
            "name": one.name.get(language) or one.name[ENGLISH],
            "texts": one.texts,
        }
        for code, one in canned().items()
    ]
