"""The lint as authors and translators run it: over everything, over a flow, over one file."""

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from flows import commands
from flows.commands import Places
from tests.flows.wise import FILES, VOCABULARY

LANGUAGES = """\
format = 1
[[language]]
code = "en"
endonym = "English"
dir = "ltr"
script = "Latn"
fallback = []
started = true
"""
Run = Callable[..., Any]


@pytest.fixture
def places(tmp_path: Path) -> Places:
    library, locales = tmp_path / "library", tmp_path / "locales"
    library.mkdir()
    locales.mkdir()
    for flow, text in FILES.items():
        (library / f"{flow}.yaml").write_text(text, encoding="utf-8")
    (locales / "languages.toml").write_text(LANGUAGES, encoding="utf-8")
    (locales / "ui.yaml").write_text("format: 1\nmessages: {a: Hello.}\n", encoding="utf-8")
    return Places(
        library, tmp_path / "tests", locales, tmp_path / "allow.yaml", tmp_path / "signoffs.yaml"
    )


@pytest.fixture
def run(places: Places) -> Run:
    numbers = {"102": frozenset({"UA"})}
    app = commands.make_app(
        lambda: VOCABULARY,
        lambda: None,  # type: ignore[arg-type, return-value]  # nobody talks here
        places,
        lambda: numbers,
        lambda: date(2026, 11, 22),
    )
    return lambda *words: CliRunner().invoke(app, list(words))


def change(places: Places, flow: str, old: str, new: str) -> Path:
    path = places.library / f"{flow}.yaml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
    return path


def test_a_wise_library_ends_well(run: Run) -> None:
    result = run("lint", "--errors")

    assert result.output == "Nothing found.\n"
    assert result.exit_code == 0


def test_errors_end_it_badly_and_can_be_looked_at_one_by_one(run: Run, places: Places) -> None:
    change(places, "find", "You can ask for care at any time.", "Why did each victim call 911?")
    rules = {one["rule"] for one in json.loads(run("lint", "--format", "json").output)}

    assert {"L05", "L17", "L18", "L33"} <= rules
    assert run("lint").exit_code == 1
    assert run("lint", "--rule", "L33").exit_code == 0
    assert run("lint", "--rule", "L33", "--strict").exit_code == 1
    assert run("lint", "--flow", "hello", "--errors").output == "Nothing found.\n"
    told = run("lint", "--flow", "find", "--rule", "L05").output
    assert "find.yaml:" in told
    assert "asks 'Why' (en, find.found.say) [L05]" in told
    assert "Canada DND" in told


def test_one_file_can_be_looked_at_while_others_cannot_be_read(run: Run, places: Places) -> None:
    (places.library / "hello.yaml").write_text("format: 2\n")
    path = change(places, "find", "You can ask for care at any time.", "Why did you call?")

    assert run("lint").exit_code == 2
    result = run("lint", str(path))
    assert result.exit_code == 1
    assert "[L05]" in result.output


def test_a_catalogue_may_quote_in_flows_for_people_at_work(run: Run, places: Places) -> None:
    path = places.locales / "fr" / "LC_MESSAGES" / "flows.po"
    path.parent.mkdir(parents=True)
    path.write_text(
        'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=utf-8\\n"\n\n'
        'msgctxt "work.a.say"\nmsgid "x"\nmsgstr "On dit : « Tout ira bien »."\n',
        encoding="utf-8",
    )

    assert "[L09]" in run("lint", str(path)).output
    (places.library / "work.yaml").write_text("format: 1\nstaff: true\n", encoding="utf-8")
    assert run("lint", str(path)).output == "Nothing found.\n"


def test_a_word_list_that_cannot_be_read_is_told(run: Run, places: Places) -> None:
    places.allowed.write_text("format: 1\nallowed: [{rule: 5}]\n")

    assert run("lint").exit_code == 2


def test_the_review_shows_every_text_and_says_that_nobody_signed(
    run: Run, places: Places, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    change(places, "find", "You can ask for care at any time.", "Each <b>victim</b> can ask.")
    out = tmp_path / "pages"
    result = run("review", "--out", str(out))

    assert result.output.splitlines()[-1] == str(out / "index.html")
    page = (out / "find.html").read_text(encoding="utf-8")
    assert "Nobody has signed this flow as it stands. It is a draft." in page
    assert "Each &lt;b&gt;victim&lt;/b&gt; can ask." in page
    assert "<script" not in page
    assert "<b>L33</b>" in page
    assert "Survivors&#39; group" in page
    assert "What would help most now?" in page
    assert "stop; leave" in (out / "always.html").read_text(encoding="utf-8")
    assert "0 of 3 flows are signed" in (out / "index.html").read_text(encoding="utf-8")

    monkeypatch.setenv("PATH", str(tmp_path))
    assert run("review", "hello", "--out", str(out)).output == f"{out / 'hello.html'}\n"
    assert "→ find/need" in (out / "hello.html").read_text(encoding="utf-8")
    assert "Did you mean 'hello'?" in run("review", "helo").stderr


def test_a_signature_lasts_until_the_text_changes_or_a_year_has_passed(
    run: Run, places: Places, tmp_path: Path
) -> None:
    for role in ("clinician", "lawyer", "survivors"):
        told = run("sign", "find", "--role", role, "--by", "An organisation")
        assert told.output == (
            f"find: signed by An organisation ({role}) in en, until 2027-11-22.\n"
        )
    run("sign", "find", "--role", "lawyer", "--by", "Another", "--lang", "en")
    out = tmp_path / "pages"
    run("review", "--out", str(out))

    assert places.signoffs.read_text(encoding="utf-8").count("flow:") == 3
    page = (out / "find.html").read_text(encoding="utf-8")
    assert "Signed as it stands by: An organisation (clinician, 2026-11-22); An" in page
    assert "Another (lawyer, 2026-11-22)." in page
    assert "1 of 3 flows are signed" in (out / "index.html").read_text(encoding="utf-8")
    assert run("lint", "--rule", "signed").output == "Nothing found.\n"

    change(places, "find", "You can ask for care at any time.", "You can ask for help.")
    old = places.signoffs.read_text(encoding="utf-8")
    places.signoffs.write_text(
        old.replace("2026-11-22", "2025-01-01", 1)
        .replace('"find"', '"gone"', 2)
        .replace('"gone"', '"find"', 1)
    )
    told = run("lint", "--rule", "signed").output
    assert "signed by An organisation (clinician) on 2025-01-01, was changed since" in told
    assert "has expired on 2026-01-01" in told
    assert "there is no flow 'gone'" in told
    assert "0 errors, 4 warnings" in told
    run("review", "find", "--out", str(out))
    assert "No longer counted" in (out / "find.html").read_text(encoding="utf-8")


def test_what_cannot_be_signed_is_told(run: Run, places: Places) -> None:
    by = ("--by", "An organisation")
    assert "Did you mean 'find'?" in run("sign", "fnd", "--role", "lawyer", *by).stderr
    assert "Did you mean 'lawyer'?" in run("sign", "find", "--role", "lawer", *by).stderr
    told = run("sign", "find", "--role", "lawyer", *by, "--lang", "uk")
    assert "There is no language 'uk'" in told.stderr
    places.signoffs.mkdir()
    assert run("sign", "find", "--role", "lawyer", *by).exit_code == 2
    places.signoffs.rmdir()
    places.signoffs.symlink_to(places.library / "none" / "signoffs.yaml")
    assert run("sign", "find", "--role", "lawyer", *by).exit_code == 2
