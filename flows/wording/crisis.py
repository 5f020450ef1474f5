"""L13, L19-L21, L23, L24, L27, L28, L41, L43-L45: what must stand together at certain moments.

The moments are the first screen, a crisis, the windows of medical care, a second miss, an end.
What a person sees is put together along a path first; a rule never asks one step for everything.
"""

from collections.abc import Iterable, Iterator

from flows.contexts import note_context, say_context
from flows.grammar import Step
from flows.wording.making import Found, ScriptRule
from flows.wording.patterns import has
from flows.wording.view import View
from flows.wording.ways import at

MOST_IN_A_ROW = 2
MOST_VALIDATIONS = 2
HAND_OVER = ("handoff", "hand_off", "open_handoff", "talk", "end_talk")
DISCLOSURES = ("recent_assault", "trafficking_detention")
CHILD_FLOWS = ("under_18", "under18", "minor", "teen")


def _each_language(view: View, part: str, contexts: Iterable[str], *, all_: bool) -> list[str]:
    """The languages in which a list's phrases are missing (`all_`) or present in some texts.

    A language that lacks one of the texts is not judged: it is said in another one then.
    """
    wanted, found = list(contexts), []
    for language, lists in view.languages.items():
        spoken = view.ground.spoken[language]
        if not wanted or any(context not in spoken for context in wanted):
            continue
        text = "\n".join(spoken[context] for context in wanted)
        if has(getattr(lists, part), text, language) != all_:
            found.append(language)
    return found


def _says(path: Iterable[Step]) -> list[str]:
    return [say_context(step.name) for step in path if step.say]


def _gaps(
    view: View, path: tuple[Step, ...], part: str, message: str, mend: str
) -> Iterator[Found]:
    """A finding for every language in which a path lacks what a list names."""
    for language in _each_language(view, part, _says(path), all_=True):
        found = at(view, path[-1], f"{message} ({language})", mend)
        yield Found(found.mistake, found.context, language)


WINDOWS = (
    ("three_days", "lacks 'within 3 days' (HIV)"),
    ("five_days", "lacks 'within 5 days' (pregnancy)"),
    ("care_still_helps", "lacks that care still helps later"),
)


def windows_together(view: View) -> Iterator[Found]:
    """L13: who reads of one window reads of both, and that care helps after them."""
    mend = "Say: HIV prevention within 3 days; pregnancy within 5 days; later, care still helps."
    for step in view.script.steps.values():
        for language, lists in view.languages.items():
            text = view.ground.spoken[language].get(say_context(step.name), "")
            hiv = has(lists.hiv, text, language) and has(lists.three_days, text, language)
            after = has(lists.pregnancy, text, language) and has(lists.five_days, text, language)
            for part, message in WINDOWS if hiv or after else ():
                if not has(getattr(lists, part), text, language):
                    found = at(view, step, f"{message} ({language})", mend, "say")
                    yield Found(found.mistake, found.context, language)
    recent = view.script.hears.get("recent_assault")
    for path in view.paths(recent) if recent else []:
        for part, message in WINDOWS:
            yield from _gaps(view, path, part, message, mend)


def two_routes(view: View) -> Iterator[Found]:
    """L19: a crisis shows a number or a line, a way without a call, and what if nobody answers."""
    for kind, state in view.crises.items():
        for path in view.paths(state):
            last, text = path[-1], view.text(path)
            around = "\n".join([text, *view.labels(last)])
            shows = any(step.shows for step in path)
            if not last.waits or last.ask:
                continue
            # An errand that found none has none to show; what can be done then is looked for below.
            if not shows and not _found_none(path) and not any(map(str.isdigit, text)):
                mend = "Name a number with its country, or show lines."
                yield at(view, last, f"{kind}: no line and no number is shown", mend)
            if not view.says("without_call", around):
                mend = "Add a choice such as 'I cannot call', or say where to write or go."
                yield at(view, last, f"{kind}: no way without a call", mend)
            if not view.says("nobody_answers", around):
                mend = "Say what can be done if nobody answers, or add that choice."
                yield at(view, last, f"{kind}: not said what if nobody answers", mend)


def _found_none(path: tuple[Step, ...]) -> bool:
    """Whether an errand came back with nothing on the way."""
    calls = (step.call for step in path if step.call)
    empty = {call.outcomes["none"].to for call in calls if "none" in call.outcomes}
    return any(step.name in empty for step in path)


def suicide_step(view: View) -> Iterator[Found]:
    """L20: plainly said, a line, a person."""
    state = view.script.hears.get("suicide")
    for path in view.paths(state) if state else []:
        mend = "Say plainly that it sounds like thoughts of ending one's life."
        yield from _gaps(view, path, "suicide_plain", "does not name it plainly", mend)
        around = "\n".join([view.text(path), *view.labels(path[-1])])
        if not view.says("person", around):
            yield at(view, path[-1], "suicide: no person is offered", "Offer a person.")


def child_line(view: View) -> Iterator[Found]:
    """L21: what is for children names a line for them."""
    for flow in view.script.flows.values():
        if flow.staff or not any(part in flow.id for part in CHILD_FLOWS):
            continue
        steps = [step for step in view.script.steps.values() if step.flow == flow.id]
        named = any(view.says("child_line", "\n".join([s.say, *view.labels(s)])) for s in steps)
        if not named:
            mistake = view.ground.mistake(
                flow.id, ("steps",), "names no line for children", "Add it."
            )
            yield Found(mistake, flow.id)


def says_automatic(view: View) -> Iterator[Found]:
    """L23: the first screen, and what comes after a person, say that this is a programme."""
    ended = view.script.news.get("ended")
    states = [view.script.start, *([ended] if ended else [])]
    for step in view.script.steps.values():
        if step.call and step.call.errand in HAND_OVER:
            over = ("ended", "closed", "left", "handed_back")
            states += [w.to for word, w in step.call.outcomes.items() if word in over]
    mend = "Say that it is an automatic guide and not a person."
    for state in states:
        for path in view.paths(state):
            yield from _gaps(view, path, "automatic", "does not say that it is automatic", mend)


def neutral_start(view: View) -> Iterator[Found]:
    """L24: the first screen asks whether it is safe to read, and shows nothing of the topic."""
    for path in view.paths(view.script.start):
        mend = "Ask first whether it is safe to read here."
        yield from _gaps(view, path, "safe_to_read", "does not ask whether reading is safe", mend)
        for language in _each_language(view, "topic", _says(path), all_=False):
            found = at(view, path[-1], f"the first screen shows the topic ({language})", "Later.")
            yield Found(found.mistake, found.context, language)


def topic_later(view: View) -> Iterator[Found]:
    """L27: the flow of the first screen stays neutral to its end."""
    first = view.script.start.partition("/")[0]
    for step in view.script.steps.values():
        if step.flow == first:
            for language in _each_language(view, "topic", _says([step]), all_=False):
                found = at(view, step, f"shows the topic too early ({language})", "Say it later.")
                yield Found(found.mistake, found.context, language)


def in_a_row(view: View) -> Iterator[Found]:
    """L28: more messages than two before a person can act."""
    starts = {way.to for name in view.script.steps for way in view.ground.ways[name]
              if view.script.steps[name].waits and way.to in view.script.steps}  # fmt: skip
    for state in sorted(starts | {view.script.start, *view.crises.values()}):
        for path in view.paths(state):
            said = sum(bool(step.say) for step in path)
            if said > MOST_IN_A_ROW:
                message = f"{said} messages come in a row, from {state}"
                yield at(view, path[-1], message, f"Up to {MOST_IN_A_ROW} can be read.")


def not_your_fault(view: View) -> Iterator[Found]:
    """L41: said where somebody told, and not more than twice in a flow."""
    for kind in DISCLOSURES:
        state = view.script.hears.get(kind)
        for path in view.paths(state) if state else []:
            mend = "Say once that it is not their fault."
            yield from _gaps(view, path, "validation", f"{kind}: no word of belief", mend)
    for flow in view.script.flows.values():
        if flow.staff:
            continue
        steps = [step for step in view.script.steps.values() if step.flow == flow.id]
        times = [step for step in steps if view.says("validation", step.say)]
        if len(times) > MOST_VALIDATIONS:
            message = f"says {len(times)} times in this flow that it is not their fault"
            yield at(view, times[-1], message, "Twice is enough; more sounds empty.")


def second_miss(view: View) -> Iterator[Found]:
    """L43: after a second miss a person and the menu are offered."""
    for part in ("person", "menu"):
        for language in _each_language(view, part, [note_context("again")], all_=True):
            message = f"the second miss does not offer: {part} ({language})"
            mistake = view.ground.mistake("always", ("notes", "again", "say"), message, "Offer it.")
            yield Found(mistake, "always.notes.again", language)


def good_end(view: View) -> Iterator[Found]:
    """L44: the end says that all is erased."""
    for step in view.script.steps.values():
        if step.forgets:
            mend = "Say that what was remembered is gone."
            yield from _gaps(view, (step,), "erased", "ends without a word on what is left", mend)


def no_feedback(view: View) -> Iterator[Found]:
    """L45: nobody is asked for an opinion in a crisis, or without a way round."""
    for step in view.script.steps.values():
        if not view.says("feedback", step.say):
            continue
        if step.flow in view.crisis_flows:
            yield at(view, step, "asks for an opinion in a crisis", "Take it away.")
        elif not any(view.skips(choice) for choice in step.choices):
            yield at(view, step, "asks for an opinion without a way round", "Add 'Skip'.")


RULES = (
    ScriptRule(
        "L13",
        "error",
        "Half of the windows sends people home too early (WHO 2021, 2024; MSF).",
        windows_together,
    ),
    ScriptRule(
        "L19",
        "error",
        "Lines are full: four calls in ten are answered somewhere (capacity data).",
        two_routes,
    ),
    ScriptRule(
        "L20",
        "error",
        "Being asked plainly does not cause it, and opens a way (NSPA; WHO).",
        suicide_step,
    ),
    ScriptRule(
        "L21",
        "error",
        "A child needs people who know children (UNICEF Safer Chatbots).",
        child_line,
    ),
    ScriptRule(
        "L23", "error", "Nobody takes a programme for a person (transparency).", says_automatic
    ),
    ScriptRule(
        "L24",
        "error",
        "Somebody may look on, and what is on the screen cannot be unseen (NNEDV; ABAAD).",
        neutral_start,
    ),
    ScriptRule("L27", "error", "The topic comes after the entry (content design).", topic_later),
    ScriptRule("L28", "warning", "In distress less is taken in (contentdesign.london).", in_a_row),
    ScriptRule(
        "L41", "warning", "To be believed helps; repeated it wears out (LIVES).", not_your_fault
    ),
    ScriptRule(
        "L43",
        "warning",
        "A second miss needs another way (UNICEF Safer Chatbots).",
        second_miss,
    ),
    ScriptRule(
        "L44",
        "warning",
        "An end says what stays and what is gone (LIVES; NNEDV Safety Net).",
        good_end,
    ),
    ScriptRule("L45", "warning", "A crisis is no time for opinions (practice).", no_feedback),
)
