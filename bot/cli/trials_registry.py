"""Which trials there are, what each demands, and what proves how much of it.

It reads `tests/trials/registry`, and refuses a proof that is not there: a trial without its tests
would count for nothing and look as if it counted. It runs nothing.
"""

import ast
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Final, Literal

from pydantic import BaseModel, ConfigDict, Field

from authored import Authored, Mistake, Mistakes, did_you_mean, read_file, shape

ROOT: Final = Path(__file__).resolve().parents[2]
REGISTRY: Final = ROOT / "tests" / "trials" / "registry"
LAST: Final = 72

Status = Literal["whole", "part", "not here"]


class Trial(BaseModel):
    """One trial. Every text is one or more whole sentences."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    number: int = Field(ge=1, le=LAST)
    title: str = Field(min_length=1)
    criterion: str = Field(min_length=1)
    """What has to come out, in our words."""
    proofs: tuple[str, ...] = ()
    """Tests in pytest's words: a folder, a file, or `file::test`."""
    only_whole: tuple[str, ...] = ()
    """Tests that are only there when it is run whole, with its `environment`."""
    commands: tuple[str, ...] = ()
    """What else is called when it is run whole, as words after `./quietline`."""
    environment: Mapping[str, str] = Field(default_factory=dict)
    """Variables that make its tests as large as the criterion says."""
    shows: str = ""
    """What of the criterion the proofs really show."""
    lacks: str = ""
    """What of it they do not show."""
    needs: str = ""
    """What is missing here to show it: other machines, days, tools."""

    @property
    def is_proved(self) -> bool:
        """Whether anything of it can be run."""
        return bool(self.proofs or self.only_whole or self.commands)

    @property
    def status(self) -> Status:
        """How much of the criterion can be shown on one machine."""
        if not self.is_proved:
            return "not here"
        return "part" if self.lacks else "whole"


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    trials: tuple[Trial, ...] = Field(min_length=1)


def read_registry(folder: Path = REGISTRY, root: Path = ROOT) -> dict[int, Trial]:
    """All trials by number. Raises `Mistakes`, also for a proof that is not below `root`."""
    found: list[Mistake] = []
    trials: dict[int, Trial] = {}
    for path in _files(folder):
        try:
            authored = read_file(path, shown_as=str(path.relative_to(root)))
            read = shape(_File, authored).trials
        except Mistakes as mistakes:
            found += mistakes.found
            continue
        for place, trial in enumerate(read):
            found += _faults(authored, place, trial, root)
            if trial.number in trials:
                fault = f"trial {trial.number} stands here for the second time"
                found.append(authored.mistake(("trials", place, "number"), fault, "Take one out."))
            trials[trial.number] = trial
    missing = sorted(set(range(1, LAST + 1)) - set(trials))
    if missing and not found:
        numbers = ", ".join(map(str, missing))
        mend = "Write it, if only with what it needs."
        found.append(Mistake(str(folder.relative_to(root)), 0, 0, f"{numbers} is missing", mend))
    if found:
        raise Mistakes(found)
    return dict(sorted(trials.items()))


def chosen(words: list[str], trials: Mapping[int, Trial]) -> list[Trial]:
    """The trials of `7`, `27-30` or `27,28`, each once, in order of number. Raises `Mistakes`."""
    numbers: set[int] = set()
    for word in [part for words_ in words for part in words_.split(",") if part]:
        first, dash, last = word.partition("-")
        if not first.isdigit() or (dash and not last.isdigit()):
            raise Mistakes([_not_named(word)])
        span = range(int(first), int(last if dash else first) + 1)
        if not span or not set(span) <= set(trials):
            raise Mistakes([_not_named(word)])
        numbers |= set(span)
    return [trials[number] for number in sorted(numbers)]


def _not_named(word: str) -> Mistake:
    mend = f"They are numbered 1 to {LAST}: `./quietline trials list`. Several: 7 15-18"
    return Mistake("the command", 0, 0, f"there is no trial '{word}'", mend)


def _files(folder: Path) -> list[Path]:
    files = sorted(folder.glob("*.yaml"))
    if not files:
        message = "the trials are not here: they are part of the source, not of what is installed"
        mend = "Fetch the source of this version and call ./quietline trials in it."
        raise Mistakes([Mistake(str(folder), 0, 0, message, mend)])
    return files


def _faults(authored: Authored, place: int, trial: Trial, root: Path) -> Iterator[Mistake]:
    at = ("trials", place)
    if trial.is_proved:
        if not trial.shows:
            yield authored.mistake(at, f"trial {trial.number}: 'shows' is missing", "Write it.")
    elif not trial.needs:
        message = f"trial {trial.number} has no proof and does not say what it needs"
        yield authored.mistake(at, message, "Write 'needs', or 'proofs' and 'shows'.")
    for name in ("title", "criterion", "shows", "lacks", "needs"):
        said = getattr(trial, name)
        if said and name != "title" and not said.rstrip().endswith("."):
            message = f"trial {trial.number}: '{name}' is no sentence"
            yield authored.mistake((*at, name), message, "End it with a full stop.")
    for name in ("proofs", "only_whole"):
        for index, proof in enumerate(getattr(trial, name)):
            if fault := _not_there(proof, root):
                yield authored.mistake((*at, name, index), *fault)


def _not_there(proof: str, root: Path) -> tuple[str, str] | None:
    name, _, test = proof.partition("::")
    path = root / name
    if not path.exists():
        near = [str(one.relative_to(root)) for one in (root / "tests").glob("*/test_*.py")]
        return f"{name} is not there", did_you_mean(name, near)
    names = _tests(path) if test else ()
    if test and test not in names:
        return f"{name} has no test '{test}'", did_you_mean(test, names)
    return None


@cache
def _tests(path: Path) -> tuple[str, ...]:
    """Whatever a file names at its top: its tests, and its stateful ones, which are assigned."""
    found: list[str] = []
    for node in ast.parse(path.read_text("utf-8")).body:
        match node:
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                found.append(name)
            case ast.ClassDef(name=name):
                found.append(name)
            case ast.Assign(targets=[ast.Name(id=name)]):
                found.append(name)
    return tuple(found)
