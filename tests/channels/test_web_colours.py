"""Whether the page can be read by weak eyes: contrast of its colours, in light and in dark."""

import re

import pytest

from bot.channels.web_page import TEMPLATES

CSS = (TEMPLATES / "page.css").read_text("utf-8")
LIGHT, DARK = (
    dict(re.findall(r"--(\w+):(#\w+)", palette)) for palette in re.findall(r":root\{(.*?)\}", CSS)
)
WORDS = (
    ("ink", "paper"),
    ("ink", "card"),
    ("ink", "note"),
    ("soft", "paper"),
    ("soft", "card"),
    ("act", "paper"),
    ("act", "card"),
    ("on", "act"),
    ("exit", "paper"),
)
EDGES = (("line", "paper"), ("line", "card"), ("line", "note"), ("exit", "paper"), ("act", "paper"))


def light_of(colour: str) -> float:
    """Relative luminance, as WCAG 2.2 defines it."""
    digits = colour[1:] if len(colour) == 7 else "".join(c + c for c in colour[1:])
    parts = [int(digits[i : i + 2], 16) / 255 for i in (0, 2, 4)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    dark, light = sorted((light_of(one), light_of(other)))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("palette", [LIGHT, LIGHT | DARK], ids=["light", "dark"])
def test_words_and_edges_stand_out(palette: dict[str, str]) -> None:
    assert contrast("#000000", "#fff") == 21
    for one, other in WORDS:
        assert contrast(palette[one], palette[other]) >= 4.5, (one, other)
    for one, other in EDGES:
        assert contrast(palette[one], palette[other]) >= 3, (one, other)


def test_the_dark_palette_names_every_colour_of_the_light_one() -> None:
    assert set(DARK) == set(LIGHT)


def test_the_style_is_small_and_turns_with_the_language() -> None:
    assert len(CSS.encode()) < 8 * 1024
    assert not re.search(r"(?:margin|padding|border)-(?:left|right)|float:|text-align:left", CSS)
    assert "outline:none" not in CSS
