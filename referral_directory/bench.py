"""How quick the search is with many services: made-up listings through the same index and the same
search.

The listings are nobody's. Queries differ in need, place, language, person and hour, day and night,
and none is asked twice in a row, so that what is measured is a search and not a memory of one.
"""

import gc
import json
import random
import resource
import sys
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import Any, Final

from referral_directory.codes import WHO, Answer
from referral_directory.country import CountryFile
from referral_directory.directory import Directory
from referral_directory.live import Live, World
from referral_directory.loading import PACKS, read_needs
from referral_directory.model import Country, Need, Place, Query
from referral_directory.served import Served

COUNTRIES: Final = tuple(
    "UA LT AZ CD CO PL SD SS ET IQ SY MM HT ML CF YE LY AF SO NG".split()  # noqa: SIM905
)
ZONES: Final = ("Europe/Kyiv", "Africa/Kinshasa", "America/Bogota", "Asia/Baku", "Asia/Yangon")
REGIONS: Final = 26
NATIONAL: Final = 0.03
"""The share that serves a whole country; the others serve a region, some of them two."""
START: Final = datetime(2026, 11, 16, tzinfo=UTC)


def bench_directory(services: int, queries: int = 4000, seed: int = 7) -> dict[str, float]:
    """Microseconds a search (p50, p99), seconds to build from the texts of published listings,
    milliseconds until an edit and a suspension hold.

    And the most memory the process ever had (MiB).
    """
    needs = read_needs(PACKS)
    chance = random.Random(seed)  # nosec B311  # the same listings in every run
    texts = list(_listings(services, tuple(needs), chance))
    world = World(needs, _places(), (), _country)
    before, worked = time.perf_counter(), time.thread_time()
    live = Live.of(world, texts)
    built, cpu = time.perf_counter() - before, time.thread_time() - worked
    changes = _changed(live, texts)
    del texts
    for _ in live.press():
        pass
    asked = list(_queries(queries + 200, needs, world.places, chance))
    told = _timed(live, asked)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return {
        "services": services,
        "queries": queries,
        **told,
        "build_s": round(built, 2),
        "build_cpu_s": round(cpu, 2),
        **changes,
        "peak_rss_mib": round(peak / (1024 if sys.platform != "darwin" else 1024 * 1024), 1),
    }


def made_up(count: int, seed: int = 7) -> tuple[Directory, Iterator[Served]]:
    """A directory of countries that are named only, and so many listings of nobody in it."""
    needs = read_needs(PACKS)
    countries = tuple(Country(code, {"en": code}, {}, "Etc/UTC") for code in COUNTRIES)
    files = {code: _country(code, ()) for code in COUNTRIES}
    directory = Directory(_places(), needs, {}, countries, files)
    return directory, _listings(count, tuple(needs), random.Random(seed))  # nosec B311  # the same listings in every run


def _changed(live: Live, texts: list[Served]) -> dict[str, float]:
    """How long one listing takes that is edited, and one that is taken out."""
    one = texts[len(texts) // 2]
    began = time.perf_counter()
    changed = live.with_changes([], [one])
    edited = time.perf_counter()
    changed.without([texts[-1].id])
    return {
        "edit_ms": round((edited - began) * 1e3, 2),
        "suspend_ms": round((time.perf_counter() - edited) * 1e3, 2),
    }


def _timed(live: Live, asked: list[tuple[Query, datetime]]) -> dict[str, float]:
    for query, at in asked[:200]:
        live.search(query, at)
    gc.collect()
    taken, cpu = [], []
    for query, at in asked[200:]:
        began, worked = time.perf_counter_ns(), time.thread_time_ns()
        live.search(query, at)
        cpu.append(time.thread_time_ns() - worked)
        taken.append(time.perf_counter_ns() - began)
    taken.sort()
    cpu.sort()
    return {
        "p50_us": round(taken[len(taken) // 2] / 1000, 1),
        "p99_us": round(taken[len(taken) * 99 // 100] / 1000, 1),
        "cpu_p50_us": round(cpu[len(cpu) // 2] / 1000, 1),
        "cpu_p99_us": round(cpu[len(cpu) * 99 // 100] / 1000, 1),
        "max_us": round(taken[-1] / 1000, 1),
    }


@cache
def _country(code: str, area: tuple[str, ...]) -> CountryFile:
    del area
    return CountryFile(country=code, names={"en": code}, zone="Etc/UTC", languages=("en",))


def _places() -> tuple[Place, ...]:
    found = []
    for country in COUNTRIES:
        for i in range(REGIONS):
            code = f"{country}-{i:02}"
            found.append(Place(code, {"en": code}, {}, "region", country))
    found.append(Place("abroad", {"en": "abroad"}, {}, "abroad", COUNTRIES[0]))
    found.append(
        Place("occupied", {"en": "occupied"}, {}, "occupied", COUNTRIES[0], online_only=True)
    )
    return tuple(found)


def _queries(
    count: int, needs: dict[str, Need], places: tuple[Place, ...], chance: random.Random
) -> Iterator[tuple[Query, datetime]]:
    codes = tuple(needs)
    tops = tuple(code for code in codes if "." not in code)
    people = (("woman", "adult"), ("man", "adult", "captivity"), ("man",), ("under18",), (), ())
    for _ in range(count):
        place = chance.choice(places).code
        if chance.random() < 0.05:
            place = chance.choice(("abroad", "occupied"))
        need = (chance.choice(tops if chance.random() < 0.5 else codes),)
        since = chance.choice((None, None, (0, 48), (48, 72), (120, None)))
        yield (
            Query(
                needs=need,
                place=place,
                languages=(chance.choice(LANGUAGES),) if chance.random() < 0.9 else (),
                who=frozenset(chance.choice(people)),
                hours_since=since,
            ),
            START + timedelta(minutes=chance.randrange(7 * 1440)),
        )


LANGUAGES: Final = ("uk", "en", "fr", "es", "ar", "sw", "ru", "pl", "my", "so")


def _listings(count: int, codes: tuple[str, ...], chance: random.Random) -> Iterator[Served]:
    """Made-up services as they would be published."""
    hours = _hours(chance)
    answers: tuple[Answer, ...] = ("yes", "yes", "yes", "unknown", "unknown", "no")
    for i in range(count):
        country = chance.choice(COUNTRIES)
        region = f"{country}-{chance.randrange(REGIONS):02}"
        area = [country] if chance.random() < NATIONAL else [region]
        if chance.random() < 0.03:
            area.append("abroad")
        name = f"{country.lower()}-service-{i:07}"
        online = chance.random() < 0.2
        kinds = ("phone", "phone", "telegram", "web") if online else ("phone", "phone")
        usual = chance.choice(hours)
        contacts = [
            {
                "kind": kind,
                **(
                    {"number": f"+38044{chance.randrange(10**6, 10**7)}", "abroad": "no"}
                    if kind == "phone"
                    else {"url": f"https://{name}.org"}
                ),
                "label": {"en": "Reception", "uk": "Приймальня"},
                "free": "yes",
                **({} if chance.random() < 0.8 else {"hours": chance.choice(hours)}),
            }
            for kind in kinds[: chance.randint(1, 4)]
        ]
        content = {
            "names": {"en": f"Service {i} of {region}", "uk": f"Служба {i}, {region}"},
            "organization": {"en": f"Organization {i // 4}", "uk": f"Організація {i // 4}"},
            "summary": {
                "en": f"A coordinator answers, listens and says what {i} can do for you.",
                "uk": f"Відповідає координатор: вислухає, розкаже, чим {i} може допомогти й коли.",
            },
            "needs": list(dict.fromkeys(chance.choices(codes, k=chance.randint(1, 4)))),
            "area": area,
            "occupied": "yes" if online and chance.random() < 0.2 else "no",
            "who": {word: chance.choice(answers) for word in WHO[:5]}
            | {word: chance.choice(answers[2:]) for word in WHO[5:7]},
            "only": ["captivity"] if chance.random() < 0.03 else [],
            "welcomes": ["man"] if chance.random() < 0.1 else [],
            "anonymous": chance.choice(answers[2:]),
            "contacts": contacts,
            "hours": usual,
            "cost": chance.choice(("free", "free", "unknown")),
            "languages": list(dict.fromkeys(chance.choices(LANGUAGES, k=chance.randint(1, 3)))),
            "windows": {"medical.pep": 72} if chance.random() < 0.02 else {},
            "run_by": "ngo",
            "source": {
                "url": f"https://{name}.org",
                "date": f"20{chance.randint(20, 26)}-0{chance.randint(1, 9)}",
            },
            "recheck": chance.random() < 0.2,
        }
        yield Served(name, json.dumps(content, ensure_ascii=False).encode(), country)


def _hours(chance: random.Random) -> list[dict[str, Any]]:
    """Three hundred different ones.

    Day and night, overnight, split days, closed for a while, not known.
    """
    found: list[dict[str, Any]] = [
        {"printed": words, "rules": rules, "zone": zone}
        for words, rules in (("Day and night", "24/7"), ("By appointment", None))
        for zone in ZONES
    ]
    for _ in range(290):
        opens, length = chance.randrange(0, 48) * 30, chance.randrange(8, 40) * 30
        closes = (opens + length) % 1440
        span = f"{opens // 60:02}:{opens % 60:02}-{closes // 60:02}:{closes % 60:02}"
        days = chance.choice(("Mo-Fr", "Mo-Fr", "daily", "Mo-Sa", "Tu,Th", "Sa-Su", "We-Su"))
        closed = []
        if chance.random() < 0.1:
            first = date(2026, 11, 10) + timedelta(days=chance.randrange(60))
            closed = [{"from": f"{first}", "to": f"{first + timedelta(days=7)}"}]
        rules, zone = f"{days} {span}", chance.choice(ZONES)
        found.append({"printed": rules, "rules": rules, "zone": zone, "closed": closed})
    return found


if __name__ == "__main__":
    print(json.dumps(bench_directory(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)))  # noqa: T201
