"""Which languages there are, as `locales/languages.toml` says: names, scripts, fallbacks."""

import re
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from pydantic import Field

from authored import Authored, Mistake, Mistakes, Spot, did_you_mean, shape
from authored.reading import Path_
from flows.shapes import Shape

ENGLISH = "en"
"""The language flows are written in; every chain of fallbacks ends with it."""

# The scripts of ISO 15924 that run from right to left. Babel's own table is wrong for some
# languages (`ku_Arab` is ltr there), so the script decides.
RIGHT_TO_LEFT = frozenset({"Adlm", "Arab", "Aran", "Hebr", "Nkoo", "Rohg", "Syrc", "Thaa"})


@dataclass(frozen=True, slots=True)
class Language:
    """One language of the service."""

    code: str
    endonym: str
    dir: Literal["ltr", "rtl"]
    script: str
    fallback: tuple[str, ...]
    """What is spoken instead, nearest first; English is always the last and not listed."""
    started: bool


class _LanguageShape(Shape):
    code: str = Field(pattern=r"^[a-z]{2,3}(_[A-Z][a-z]{3})?(_[A-Z]{2})?$")
    endonym: str = Field(min_length=1)
    dir: Literal["ltr", "rtl"]
    script: str = Field(pattern=r"^[A-Z][a-z]{3}$")
    fallback: list[str]
    started: bool


class _LanguagesShape(Shape):
    format: Literal[1]
    language: list[_LanguageShape] = Field(min_length=1)


def read_languages(locales: Path) -> dict[str, Language]:
    """Code → language, in the order of `languages.toml`. Raises `Mistakes`."""
    file = _read_toml(locales / "languages.toml")
    shaped = shape(_LanguagesShape, file).language
    codes = [one.code for one in shaped]
    found: list[Mistake] = []
    for i, one in enumerate(shaped):
        path: Path_ = ("language", i)
        if codes.index(one.code) < i:
            found.append(file.mistake((*path, "code"), f"'{one.code}' stands here twice"))
        if (one.dir == "rtl") != (one.script in RIGHT_TO_LEFT):
            right = "rtl" if one.script in RIGHT_TO_LEFT else "ltr"
            message = f"the script {one.script} does not run {one.dir}"
            found.append(file.mistake((*path, "dir"), message, f'Write dir = "{right}".'))
        for code in one.fallback:
            if code not in codes or code == one.code:
                hint = did_you_mean(code, set(codes) - {one.code})
                message = f"{one.code} cannot fall back on '{code}'"
                found.append(file.mistake((*path, "fallback"), message, hint))
    if not any(one.code == ENGLISH and one.started for one in shaped):
        mend = "Flows are written in it: add it with started = true."
        found.append(file.mistake((), "English is not among the languages", mend))
    if found:
        raise Mistakes(found)
    return {
        one.code: Language(
            one.code, one.endonym, one.dir, one.script, tuple(one.fallback), one.started
        )
        for one in shaped
    }


def _read_toml(path: Path) -> Authored:
    """A TOML file with the line of every key, which `tomllib` does not tell."""
    name = str(path)
    try:
        text = path.read_text(encoding="utf-8")
        value = tomllib.loads(text)
    except OSError as error:
        raise Mistakes([Mistake(name, 0, 0, f"cannot be read: {error.strerror}")]) from None
    except UnicodeDecodeError:
        raise Mistakes([Mistake(name, 0, 0, "is not UTF-8", "Save it as UTF-8.")]) from None
    except tomllib.TOMLDecodeError as error:
        at = re.search(r"\(at line (\d+), column (\d+)\)", str(error))
        line, column = (int(at[1]), int(at[2])) if at else (0, 0)
        said = str(error).partition(" (at ")[0]
        raise Mistakes([Mistake(name, line, column, f"is not TOML: {said}")]) from None
    spots: dict[Path_, Spot] = {}
    count = -1
    for number, written in enumerate(text.splitlines(), 1):
        if written.strip().startswith("[[language]]"):
            count += 1
            spots["language", count] = Spot(number, 1)
        elif key := re.match(r"\s*([a-z]+)\s*=", written):
            top: Path_ = ("language", count) if count >= 0 else ()
            spots[(*top, key[1])] = Spot(number, key.start(1) + 1)
    return Authored(name, value, spots)
