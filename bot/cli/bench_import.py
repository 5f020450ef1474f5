"""`quietline bench import`: a workbook of many listings, read, planned and taken in.

The listings are those of the packs with names, numbers and ids of their own; none is real. The
ledger is a real file that goes at the end.
"""

import gc
import json
import resource
import tempfile
import time
from pathlib import Path
from typing import Any, Final

_ROWS_OF_MEMORY: Final = 1024


def run_bench_import(rows: int, *, as_json: bool) -> int:
    """Measure and print seconds and MiB."""
    from bot.atlas import read_atlas
    from bot.ledger.batches import Imports
    from bot.ledger.known import Known
    from bot.ledger.ledger import Ledger
    from bot.ledger.model import Actor
    from bot.vault import SigningKeys
    from referral_directory.exchange.files import Wanted, bring
    from referral_directory.exchange.plan import plan

    directory = read_atlas().every
    data = _workbook(directory, rows)
    figures: dict[str, float] = {"rows": rows, "mib_file": round(len(data) / 2**20, 1)}
    with tempfile.TemporaryDirectory() as folder:
        keys = SigningKeys.open(Path(folder) / "keys")
        ledger = Ledger.open(Path(folder) / "directory.db", keys, known=Known.of(directory))
        imports, actor = Imports(ledger.books), Actor("bench", (), restricted=True)
        standing = imports.standing(actor)
        gc.disable()  # as `directory import` does
        start, busy = time.perf_counter(), time.process_time()
        brought = bring(data, "bench.xlsx", directory, standing.base, Wanted())
        made = plan(
            brought.rows, standing, source="bench.xlsx", country="UA", faults=brought.faults
        )
        digest = made.digest
        figures["planned_s"] = round(time.perf_counter() - start, 2)
        figures["planned_cpu_s"] = round(time.process_time() - busy, 2)
        figures |= dict(made.counts)
        start, busy = time.perf_counter(), time.process_time()
        batch = imports.commit(actor, made)
        figures["committed_s"] = round(time.perf_counter() - start, 2)
        figures["committed_cpu_s"] = round(time.process_time() - busy, 2)
        figures["waiting"] = batch.waiting
        ledger.close()
        gc.enable()
    figures["mib_peak"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // _ROWS_OF_MEMORY
    if as_json:
        print(json.dumps(figures | {"digest": digest[:12]}))
        return 0
    for name, value in figures.items():
        print(f"{name:>15}  {value}")
    return 0


def _workbook(directory: Any, rows: int) -> bytes:
    from referral_directory.exchange.sheets import Exported, sheet_of
    from referral_directory.exchange.xlsx_out import write_xlsx

    entries = list(directory.entries.values())
    listings = []
    for number in range(rows):
        entry = entries[number % len(entries)]
        content = entry.written.model_dump(mode="json", exclude_defaults=True, by_alias=True)
        content["names"] = {
            language: f"{name} {number}" for language, name in content["names"].items()
        }
        for place, contact in enumerate(content.get("contacts", [])):
            contact.pop("shown", None)
            if "number" in contact:
                contact["number"] = f"+3800{number:06}{place}"
            elif "url" in contact:
                contact["url"] = f"https://example.org/{number}/{place}"
            else:
                contact["email"] = f"help{number}-{place}@example.org"
        listings.append(Exported(f"xx-bench-{number}", 0, content))
    sheet = sheet_of(listings, restricted=True)
    return write_xlsx(sheet)
