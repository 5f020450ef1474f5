"""Listings as the rules get them: checked by the shape of the packs, defaults left out."""

from typing import Any

from referral_directory.pack import ListingShape

PHONE = {"kind": "phone", "number": "+380440000001", "hours": "24/7"}
SECOND_PHONE = {"kind": "phone", "number": "+380440000002"}
SITE = {"kind": "web", "url": "https://example.org/help"}


def content(**given: Any) -> dict[str, Any]:
    """A listing of a fictional service, with some fields otherwise; None leaves one out."""
    written: dict[str, Any] = {
        "names": {"en": "A quiet place", "uk": "Тихе місце"},
        "organization": {"en": "Example", "uk": "Приклад"},
        "needs": ["legal.advice"],
        "area": ["UA-63"],
        "languages": ["uk"],
        "summary": {"en": "Someone answers.", "uk": "Вам відповідять."},
        "contacts": [PHONE, SITE],
        "source": {"url": "https://example.org/about", "date": "2026-05"},
    } | given
    kept = {name: value for name, value in written.items() if value is not None}
    shape = ListingShape.model_validate(kept)
    return shape.model_dump(mode="json", exclude_defaults=True, by_alias=True)
