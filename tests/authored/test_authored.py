"""Files that people write: what is taken as it stands, and what is said of the rest."""

from pathlib import Path
from typing import Annotated

import pytest
from pydantic import BaseModel, ConfigDict, Field

from authored import Mistake, Mistakes, Spot, did_you_mean, read_file, read_text, shape


def test_words_stay_words_and_the_plain_forms_become_values() -> None:
    file = read_text(
        "no: No\non: on\ntime: 12:30\nzero: 012\nquoted: '5'\nwhole: -5\nhalf: 2.5\n"
        "yes: true\nnone:\nlist: [a, 1]\nnul: ~\n",
        "x.yaml",
    )

    assert file.value == {
        "no": "No",
        "on": "on",
        "time": "12:30",
        "zero": "012",
        "quoted": "5",
        "whole": -5,
        "half": 2.5,
        "yes": True,
        "none": None,
        "list": ["a", 1],
        "nul": None,
    }


def test_every_value_remembers_where_it_stands() -> None:
    file = read_text("a:\n  - b: 1\n    c: 2\n", "x.yaml")

    assert file.spot(("a", 0, "c")) == Spot(3, 5)
    assert file.spot(("a", 0, "c", "gone")) == Spot(3, 5)
    assert file.spot(()) == Spot(1, 1)
    assert read_text("", "x.yaml").spot(("a",)) == Spot(1, 1)
    assert str(file.mistake(("a",), "is wrong", "Mend it.", "R1")) == (
        "x.yaml:1:1: is wrong [R1]\n    Mend it."
    )


@pytest.mark.parametrize(
    ("text", "line", "message", "mend"),
    [
        ("a: 1\na: 2\n", 2, "'a' is written twice (first on line 1)", "Keep one"),
        ("a: &x 1\nb: *x\n", 1, "anchors and aliases are not used", "Write the value out."),
        ("[a]: 1\n", 1, "a key must be a word", ""),
        ("a:\n\t- b\n", 2, "is not plain YAML", "spaces, not tabs"),
        ("a: b: c\n", 1, "mapping values are not allowed", "quotes"),
        ("a:\n  - b\n c: d\n", 3, "is not plain YAML", "indentation"),
        ("a: 'x\n", 2, "is not plain YAML", ""),
        ("a: 1\n---\nb: 2\n", 2, "is not plain YAML", ""),
        ("a: !python/object x\n", 1, "tag", ""),
        ("[" * 60 + "]" * 60, 1, "is nested too deep", ""),
        ("a: \x07\n", 0, "is not plain YAML", ""),
    ],
)
def test_what_an_author_could_not_see_is_refused(
    text: str, line: int, message: str, mend: str
) -> None:
    with pytest.raises(Mistakes) as caught:
        read_text(text, "x.yaml")

    first = caught.value.found[0]
    assert message in first.message
    assert mend in first.mend
    assert first.line == line


def test_a_file_that_is_missing_too_large_or_not_utf8_is_told(tmp_path: Path) -> None:
    large, latin = tmp_path / "large.yaml", tmp_path / "latin.yaml"
    large.write_bytes(b"#" * 1_000_001)
    latin.write_bytes(b"a: 1\nb: \xe9\n")

    for path, message in [
        (tmp_path / "gone.yaml", "cannot be read"),
        (large, "is over 1000000 bytes"),
        (latin, "shown.yaml:2:1: is not UTF-8"),
    ]:
        with pytest.raises(Mistakes, match=message):
            read_file(path, shown_as="shown.yaml")


def test_a_file_is_read_under_its_own_name(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_text("a: 1\n")

    assert read_file(path).file == str(path)


def test_a_near_word_is_offered_or_all_words_when_they_are_few() -> None:
    assert did_you_mean("chioces", ["choices", "ask"]) == "Did you mean 'choices'?"
    assert did_you_mean("zzz", ["b", "a"]) == "Known here: a, b."
    assert did_you_mean("zzz", [f"word_{i}" for i in range(13)]) == ""
    assert did_you_mean("zzz", []) == ""


def test_mistakes_are_sorted_and_said_once() -> None:
    one = Mistake("a", 2, 1, "second")
    found = Mistakes([one, Mistake("a", 1, 1, "first", severity="warning"), one])

    assert str(found) == "a:1:1: warning: first\na:2:1: second"
    assert str(Mistake("a", 0, 0, "whole")) == "a: whole"


class _Inner(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)
    label: str
    if_: str | None = Field(None, alias="if")
    count: int = Field(0, ge=1)


class _Outer(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)
    inner: dict[str, _Inner] = Field(default_factory=dict)
    many: list[_Inner] = Field(default_factory=list)
    maybe: Annotated[_Inner, "x"] | None = None
    noted: list[Annotated[_Inner, "x"]] = Field(default_factory=list)
    either: _Inner | str = ""


@pytest.mark.parametrize(
    ("text", "message", "mend"),
    [
        ("inner: {label: {lable: x, label: y}}", "'lable' is not known here", "'label'"),
        (
            "inner: {label: {label: x, fi: y}}",
            "'fi' is not known here",
            "Known here: count, if, label.",
        ),
        ("many: [{label: x}, {labl: x, label: y}]", "'labl' is not known here", "'label'"),
        ("maybe: {labl: x, label: y}", "'labl' is not known here", "'label'"),
        ("noted: [{labl: x, label: y}]", "'labl' is not known here", "'label'"),
        ("either: {labl: x, label: y}", "'labl' is not known here", "'label'"),
        ("inner: {a: {}}", "'label' is missing in inner.a", "Add it."),
        ("many: [{label: 5}]", "many.0.label: should be text", "quotes"),
        ("many: [{label: x, count: 0}]", "many.0.count: should be greater than or equal", ""),
        ("many: 5", "many: should be a list", "one '- item' a line"),
        ("- a", "the file: should be a mapping", "name: value"),
        ("oter: 5", "'oter' is not known here", ""),
    ],
)
def test_a_wrong_shape_is_said_in_the_authors_words(text: str, message: str, mend: str) -> None:
    with pytest.raises(Mistakes) as caught:
        shape(_Outer, read_text(text, "x.yaml"))

    assert any(message in m.message and mend in m.mend for m in caught.value.found), caught.value


def test_a_right_shape_is_given() -> None:
    assert shape(_Outer, read_text("inner: {a: {label: x}}", "x.yaml")).inner["a"].label == "x"
