"""What the tests of HSDS share: the real packs, the real schemas, and made-up listings."""

import json
import os
from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from referral_directory import Directory, load_packs, packs_in
from referral_directory.exchange.hsds import Book, Facts
from referral_directory.exchange.rows import Content

HSDS = Path(__file__).resolve().parents[3] / "shared" / "hsds"
TODAY = date(2026, 11, 23)


def hsds(path: str) -> Path:
    """A file of the standard, which is not part of this project."""
    found = HSDS / path
    if not found.exists():
        if os.environ.get("CI"):
            pytest.fail("../shared/hsds must be there where CI is set")
        pytest.skip("../shared/hsds is not here to compare with")
    return found


@lru_cache
def directory() -> Directory:
    """All packs."""
    return load_packs(countries=packs_in())


@lru_cache
def book() -> Book:
    return Book.of(directory())


@lru_cache
def contents() -> Mapping[str, Content]:
    """Every listing of the packs as the ledger keeps it."""
    return {
        name: entry.written.model_dump(mode="json", exclude_defaults=True, by_alias=True)
        for name, entry in directory().entries.items()
    }


def facts(name: str) -> Facts:
    """What holds for a listing of the packs."""
    country = directory().entries[name].country
    return Facts(country.country, country.zone)


@lru_cache
def validator(schema: str) -> Draft202012Validator:
    """A compiled schema, with its formats checked."""
    text = hsds(f"schema/compiled/{schema}.json").read_text(encoding="utf-8")
    return Draft202012Validator(
        json.loads(text), format_checker=Draft202012Validator.FORMAT_CHECKER
    )


def faults_of(schema: str, record: Any) -> list[str]:
    """What a schema has against a record."""
    return [
        f"{fault.json_path}: {fault.message}" for fault in validator(schema).iter_errors(record)
    ]


def listing(**said: Any) -> dict[str, Any]:
    """A made-up listing, with what is said besides."""
    usual: dict[str, Any] = {
        "names": {"en": "Harbour House", "uk": "Гавань"},
        "organization": {"en": "Harbour Foundation", "uk": "Фонд «Гавань»"},
        "needs": ["psychosocial.counselling"],
        "area": ["UA-30"],
        "contacts": [{"kind": "phone", "number": "+380440000001"}],
        "languages": ["uk"],
        "summary": {"en": "Somebody listens.", "uk": "Вас вислухають."},
        "source": {"url": "https://harbour.example.org", "date": "2026-05-01"},
    }
    return usual | said
