"""`quietline understand`: what is heard in lines of text, and how well, for authors of lexicons.

It shows; what is heard is decided in `understanding`, what is measured in its `evaluating`.
"""

import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from authored import Mistakes, did_you_mean
from understanding import Understanding, read_understanding
from understanding.building import TOGETHER
from understanding.evaluating import PARTS, Measured, measure, sentences_of, unseen
from understanding.hearing import WEIGHTS
from understanding.spelling import CYRILLIC

ROOT = Path(__file__).resolve().parents[2]
PHRASES = ROOT / "flows" / "phrases"
PACKS = ROOT / "referral_directory" / "packs"
SENTENCES = ROOT / "understanding" / "sentences"
LANGUAGES = ("en", "uk", "ru", "lt", "az", "fr", "es")


def loaded(lang: str = "", *, rules_only: bool = False) -> Understanding:
    """All lexicons, with the places of the packs. Raises `Mistakes`.

    With a language, a fault in the lexicon of another is told and does not stop.
    """
    places = pack_places(PACKS)
    weights = None if rules_only else WEIGHTS
    try:
        return read_understanding(PHRASES, places, weights=weights)
    except Mistakes as mistakes:
        spoken = TOGETHER.get(lang, (lang,))
        files = {Path(one.file).stem.split("_")[0] for one in mistakes.found}
        if not lang or not files.isdisjoint(spoken):
            raise
        print(f"Without {', '.join(sorted(files))}:\n{mistakes}", file=sys.stderr)
        return read_understanding(PHRASES, places, only=("en", *spoken), weights=weights)


def pack_places(packs: Path) -> dict[str, dict[str, list[str]]]:
    """Code → language → names and aliases, of every pack whose places can be read."""
    from authored import read_file

    places: dict[str, dict[str, list[str]]] = {}
    for path in sorted(packs.glob("*/places.yaml")):
        try:
            written = read_file(path).value
        except Mistakes:
            continue  # another command says what is wrong in a pack
        for code, place in (written.get("places") or {}).items():
            of = places.setdefault(code, {})
            for language, name in (place.get("names") or {}).items():
                of.setdefault(language, []).append(str(name))
            for language, names in (place.get("aliases") or {}).items():
                of.setdefault(language, []).extend(map(str, names))
    return places


def run_understand(
    lang: str, *, measured: bool, trained: bool, part: str, wrong: bool, rules_only: bool
) -> int:
    """Hear the lines of standard input, or measure. Returns 0, or 2 for an unknown language."""
    if lang and lang not in LANGUAGES:
        print(f"There is no language '{lang}'. {did_you_mean(lang, LANGUAGES)}", file=sys.stderr)
        return 2
    if trained:
        return run_train((lang,) if lang else LANGUAGES)
    understanding = loaded(lang, rules_only=rules_only)
    if measured:
        parts = PARTS if part == "both" else (part,)
        run_measure(understanding, (lang,) if lang else LANGUAGES, parts, wrong=wrong)
        return 0
    for line in sys.stdin:
        text = line.rstrip("\n")
        heard = understanding.hear(text, lang or "en")
        shown = {
            "text": text,
            "crisis": heard.crisis,
            "need": heard.need,
            "place": heard.place,
            "command": heard.command,
            "why": list(heard.why),
        }
        print(json.dumps(shown, ensure_ascii=False), flush=True)
    return 0


def run_train(languages: Sequence[str]) -> int:
    """Train the model of every language that has sentences; the same sentences, the same bytes."""
    from understanding.training import plain_words, train

    development = SENTENCES / "development"
    found = {code: sentences_of(development, code) for code in LANGUAGES}
    sentences = {code: some for code, some in found.items() if some}
    WEIGHTS.mkdir(exist_ok=True)
    for code in languages:
        if code in sentences:
            drawn = code in CYRILLIC
            some = [one for language in TOGETHER.get(code, (code,)) for one in sentences[language]]
            data = train(some, plain_words(sentences[code], drawn=drawn), drawn=drawn)
            (WEIGHTS / f"{code}.npz").write_bytes(data)
            print(f"{code}: {len(some)} sentences, {len(data) // 1024} KB")
    return 0


def run_measure(
    understanding: Understanding, languages: Sequence[str], parts: Sequence[str], *, wrong: bool
) -> None:
    """Print the figures of every file; with `wrong`, what went wrong in development."""
    print(f"{'':14}{'any crisis':>18}{'same crisis':>18}{'false alarms':>18}", end="")
    print(f"{'need':>18}{'place':>18}{'command':>18}")
    for part in parts:
        for language in languages:
            sentences = sentences_of(SENTENCES / part, language)
            if part != "development":
                sentences = unseen(sentences, sentences_of(SENTENCES / "development", language))
            if not sentences:
                continue
            figures = measure(understanding, sentences, language)
            _print_row(f"{part[:11]} {language}", figures)
            if wrong and part == "development":
                _print_wrong(figures)


def _print_row(title: str, figures: Measured) -> None:
    scores: Mapping[str, object] = {
        "any": figures.any_crisis,
        "same": figures.same_crisis,
        "false": figures.false_alarms,
        "need": figures.need,
        "place": figures.place,
        "command": figures.command,
    }
    print(f"{title:14}" + "".join(f"{score!s:>18}" for score in scores.values()))


def _print_wrong(figures: Measured) -> None:
    for one, got in figures.wrong:
        print(f"  {one.file}:{one.line}: {one.text}")
        for title in ("crisis", "need", "place", "command"):
            wanted, told = getattr(one, title), getattr(got, title)
            if wanted != told and (wanted or title == "crisis"):
                print(f"      {title}: {told}, and not {wanted}")
        if got.why:
            print(f"      because {'; '.join(got.why)}")
