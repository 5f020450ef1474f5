"""Small packs written to a folder as people write them, for the tests of the directory."""

from datetime import datetime
from pathlib import Path
from textwrap import dedent, indent

from referral_directory import Directory, Query, Referral, load_packs

NOON = datetime.fromisoformat("2026-11-23T12:00+02:00")
NIGHT = datetime.fromisoformat("2026-11-23T23:10+02:00")
HOTLINE = "[emergency.hotline]"
DAY_LINE = '[{kind: phone, number: "+380441234567", hours: "Mo-Fr 09:00-18:00"}]'
CHAT = "[{kind: chat, url: https://example.org/chat, hours: daily 09:00-21:00}]"
TAXONOMY = """
needs:
  emergency: {en: Danger, uk: Небезпека}
  emergency.hotline: {en: Helpline, uk: Лінія}
  medical: {en: Medical, uk: Медична, beside: [emergency]}
  medical.pep: {en: PEP, uk: ПКП, urgent_hours: 72}
  medical.sti: {en: Tests, uk: Аналізи}
  legal: {en: Legal, uk: Правова, beside: [legal.documentation, legal.international]}
  legal.advice: {en: Lawyer, uk: Юрист}
  legal.documentation: {en: Recording, uk: Документування}
  legal.international: {en: Courts, uk: Суди}
"""
COUNTRY = """
country: UA
names: {en: Ukraine, uk: Україна}
zone: Europe/Kyiv
languages: [uk, en]
holidays: [{day: 08-24}]
"""
PLACES = """
places:
  UA-63: {names: {en: Kharkiv, uk: Харків}}
  UA-65: {names: {en: Kherson, uk: Херсон}}
  UA-43: {names: {en: Crimea, uk: Крим}, online_only: true}
  abroad: {kind: abroad, names: {en: Abroad, uk: За кордоном}}
  occupied: {kind: occupied, online_only: true, names: {en: Occupied, uk: Окупація}}
"""
USUAL = {
    "names": "{en: A service, uk: Служба}",
    "organization": "{en: An organization, uk: Організація}",
    "needs": "[medical]",
    "area": "[UA]",
    "languages": "[uk]",
    "summary": "{en: Someone answers., uk: Вам відповідять.}",
    "source": "{url: https://example.org, date: 2026-05}",
    "contacts": '[{kind: phone, number: "+380441234567", hours: "24/7"}]',
}


def write_packs(folder: Path, listings: str) -> Path:
    """A folder of packs with one country, whose listings are these lines of YAML."""
    packs = folder / "packs"
    (packs / "ua").mkdir(parents=True, exist_ok=True)
    (packs / "taxonomy.yaml").write_text(TAXONOMY, encoding="utf-8")
    (packs / "ua" / "pack.yaml").write_text(COUNTRY, encoding="utf-8")
    (packs / "ua" / "places.yaml").write_text(PLACES, encoding="utf-8")
    text = "listings:\n" + indent(dedent(listings), "  ")
    (packs / "ua" / "services.yaml").write_text(text, encoding="utf-8")
    return packs


def listing(name: str, **said: str) -> str:
    """The YAML of one listing: the usual values, and what is said besides."""
    values = USUAL | {"organization": f"{{en: {name}, uk: {name}}}"} | said
    lines = [f"  {key}: {value}" for key, value in values.items() if value]
    return "\n".join([f"{name}:", *lines, ""])


def directory(folder: Path, *listings: str) -> Directory:
    """The directory of some listings."""
    return load_packs(write_packs(folder, "".join(listings)))


def names(referral: Referral) -> list[str]:
    return [found.listing for found in referral.found]


def search(folder: Path, query: Query, *listings: str, at: datetime = NOON) -> Referral:
    return directory(folder, *listings).serving(None).search(query, at)
