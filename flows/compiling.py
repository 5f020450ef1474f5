"""Makes `.mo` files for tools that want them. The service itself reads the `.po` files.

Only what would be said is in them: nothing fuzzy, nothing with a lost placeholder, and no plural of
which a form is missing.
"""

from collections.abc import Iterator
from pathlib import Path

from babel.core import UnknownLocaleError
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.plurals import get_plural

from authored import Mistake, Mistakes
from flows.catalogue import messages, placeholder_faults, po_path, read_catalogue
from flows.languages import ENGLISH, read_languages
from flows.translating import Sources


def compile_all(sources: Sources, out: Path | None = None) -> list[Path]:
    """Write `<language>/LC_MESSAGES/<domain>.mo`, beside the catalogues or under `out`.

    The files written. Raises `Mistakes` with every fault, and writes nothing then.
    """
    found: list[Mistake] = []
    made = {}
    for language in read_languages(sources.locales):
        for domain in sources.domains if language != ENGLISH else ():
            path = po_path(sources.locales, language, domain)
            if not path.exists():
                continue
            catalogue = read_catalogue(path)
            found += placeholder_faults(path, messages(catalogue))
            found += _plural_faults(path, catalogue, language)
            for entry in [*catalogue]:
                if entry.id and not isinstance(entry.string, str) and not all(entry.string):
                    # gettext would say an empty line where a form is missing.
                    catalogue.delete(entry.id, entry.context)
            made[po_path(out or sources.locales, language, domain).with_suffix(".mo")] = catalogue
    if found:
        raise Mistakes(found)
    for path, catalogue in made.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("wb") as file:
            write_mo(file, catalogue, use_fuzzy=False)
    return list(made)


def _plural_faults(path: Path, catalogue: Catalog, language: str) -> Iterator[Mistake]:
    try:
        right = get_plural(language)
    except UnknownLocaleError:
        # Babel does not know the language; its header is taken at its word.
        return
    if catalogue.num_plurals != right.num_plurals:
        message = f"has {catalogue.num_plurals} plural forms; {language} has {right.num_plurals}"
        mend = f"Write in its header: Plural-Forms: {right.plural_forms}"
        yield Mistake(str(path), 1, 1, message, mend, "plural")
